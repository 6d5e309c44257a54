import type { Press } from "./press.ts";

/** A press as the first versions signed it: one number, which meant something else for each verb. */
interface FirstPress {
  readonly verb: string;
  readonly jobId: string;
  /** 0 to 46655. */
  readonly index: number;
}

const NO_JOB = "----------------";
const WHOLE_BATCH = 4;
const NEWEST = 16;

/** What that number means today. Never edited: these buttons are in chats already. */
export function meaningOfFirst({ verb, jobId, index }: FirstPress): Press {
  if (jobId === NO_JOB) return { verb, subject: "chat", arg: chatArg(verb, index) };
  switch (verb) {
    // The picture a page of /history ended with, whose pictures, and whether back to the newest.
    case "more":
      return {
        verb,
        subject: { jobId, pictures: Math.floor((index % NEWEST) / 2) },
        arg: { whose: index % 2 === 1 ? "mine" : "all", to: index >= NEWEST ? "newest" : "next" },
      };
    case "cancel":
      return { verb, subject: { jobId, pictures: "all" }, arg: index === 1 ? { from: "list" } : {} };
    default:
      return { verb, subject: { jobId, pictures: index === WHOLE_BATCH ? "all" : index }, arg: {} };
  }
}

function chatArg(verb: string, index: number): Press["arg"] {
  switch (verb) {
    case "unlock":
      return { scope: index === 1 ? "everyone" : "me" };
    case "settings":
    case "styles":
      return { page: String(index) };
    default:
      return {};
  }
}
