import type { Wake, WakeWord } from "../ports/wake.ts";

/** What can be looked at because somebody else changed it. Nothing here waits, and nothing throws. */
export interface Hearers {
  /** Jobs may wait. */
  readonly jobs: () => void;
  /** A document waits to be made. */
  readonly documents: () => void;
  /** Messages are owed, to this platform alone where one is named, and whatever is shown beside the chats has changed. */
  readonly outbox: (platform?: string) => void;
  /** It may have been running here, and was ended by somebody else. */
  readonly ended: (jobId: string) => void;
  /** A job that another process makes shows more than before. */
  readonly progress: () => void;
  /** How a backend does, a slot at one, or who makes pictures has changed. */
  readonly backends: () => void;
  /** A reign was given back. */
  readonly leader: () => void;
  /** Anything may have changed: the line was cut, or a while has passed. */
  readonly anything: () => void;
}

/** From the words that other processes tell to what is done about them here. @returns what ends it */
export const hearing = (wake: Wake, hearers: Hearers): (() => void) => wake.hear((word) => told(word, hearers));

function told(word: WakeWord | undefined, hearers: Hearers): void {
  switch (word?.about) {
    case undefined:
      hearers.anything();
      break;
    case "jobs":
      hearers.jobs();
      break;
    case "documents":
      hearers.documents();
      break;
    case "outbox":
      hearers.outbox(word.platform);
      break;
    case "ended":
      hearers.ended(word.jobId);
      break;
    case "leader":
      hearers.leader();
      break;
    case "progress":
      hearers.progress();
      break;
    case "backends":
      hearers.backends();
      break;
    case "chat":
      break;
  }
}
