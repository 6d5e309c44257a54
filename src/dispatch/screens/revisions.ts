import { chatKeyOf, type Place } from "../../domain/place.ts";
import type { ShownJobs } from "../../jobs/shown-jobs.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { settlesUntilMs } from "../../views/meeting/screen-facts.ts";
import type { Services } from "../services.ts";
import { isCoveredAt, type ReadFacts, readFacts } from "./facts.ts";

const REMEMBERED = 200;

/** What screens show, read once for each change however many there are. */
export interface Revisions {
  /** Grows with each change of anything they show; `undefined`: there is no such meeting. One statement. */
  of(meetingId: string): Promise<number | undefined>;
  facts(meetingId: string): Promise<ReadFacts | undefined>;
}

/** What changes without the store's notice. */
interface Unstored {
  /** How far what is made there is. */
  readonly progress: string;
  readonly isCovered: boolean;
}

interface Known {
  readonly mark: string;
  readonly revision: number;
  /** As it was when this was read; absent: it never was. */
  read?: Unstored & { readonly place: Place; readonly atMs: number; readonly settlesUntilMs: number };
  facts?: Promise<ReadFacts | undefined>;
}

type Reading = Pick<Services, "store" | "memory" | "installation" | "nowMs">;

export function createRevisions(services: Reading, shown: Pick<ShownJobs, "runningFor" | "progressOf">): Revisions {
  const { store, nowMs } = services;
  const known = new BoundedMap<Known>(REMEMBERED);

  async function unstoredAt(place: Place): Promise<Unstored> {
    const here = shown.runningFor(chatKeyOf(place));
    const progress = here.map((jobId) => `${jobId} ${shown.progressOf(jobId)?.fraction.toFixed(2)}`);
    return { progress: progress.join(" "), isCovered: await isCoveredAt(services, place) };
  }

  async function isOld({ mark, read }: Known, stored: string): Promise<boolean> {
    if (mark !== stored) return true;
    if (!read) return false;
    // Time alone changes what is shown.
    if (read.atMs < read.settlesUntilMs && nowMs() >= read.settlesUntilMs) return true;
    const now = await unstoredAt(read.place);
    return now.progress !== read.progress || now.isCovered !== read.isCovered;
  }

  async function current(meetingId: string): Promise<Known | undefined> {
    const stored = await store.meetingMark(meetingId);
    if (stored === undefined) return undefined;
    const before = known.get(meetingId);
    if (before && !(await isOld(before, stored))) return before;
    // Over restarts, too, it goes on from the time; and a clock that is set back does not set it back.
    const fresh: Known = { mark: stored, revision: Math.max((before?.revision ?? 0) + 1, nowMs()) };
    if (before?.read) fresh.read = { ...before.read, ...(await unstoredAt(before.read.place)), atMs: nowMs() };
    known.set(meetingId, fresh);
    return fresh;
  }

  async function read(meetingId: string, of: Known): Promise<ReadFacts | undefined> {
    const meeting = await store.meeting(meetingId);
    if (!meeting) return undefined;
    const unstored = await unstoredAt(meeting.place);
    const facts = await readFacts(services, meeting, of.revision);
    const settles = facts.vote ? settlesUntilMs(facts.vote.decision) : 0;
    of.read = { ...unstored, place: meeting.place, atMs: facts.nowMs, settlesUntilMs: settles };
    return facts;
  }

  return {
    of: async (meetingId) => (await current(meetingId))?.revision,
    async facts(meetingId) {
      const newest = await current(meetingId);
      if (!newest) return undefined;
      newest.facts ??= read(meetingId, newest).catch((error: unknown) => {
        delete newest.facts;
        throw error;
      });
      return newest.facts;
    },
  };
}
