import { costOf, isDeferred, isRefused, seedOf } from "../wire.ts";
import type { Books } from "./books.ts";
import type { Chat, Seen } from "./chat.ts";

/** All zero but the last: that is what is promised. */
export interface Sums {
  /** Confirmed to the platform, and not in the store. */
  readonly updatesLost: number;
  /** More than one job of one update. */
  readonly jobsDoubled: number;
  /** Without an end that its members can see. */
  readonly jobsLost: number;
  /** Failed although the backend drew it, or the other way round. */
  readonly wrongEnds: number;
  /** Σ over members of |capacity − what their pictures cost − balance|, in GPU ms, nothing being held. */
  readonly ledgerErrorGpuMs: number;
  readonly stillHeldGpuMs: number;
  readonly openJobs: number;
  readonly owed: number;
  /** Messages that showed an end, beyond one for each job. */
  readonly duplicateFinals: number;
  /** Messages that showed an end and then something older. */
  readonly finalsOverwritten: number;
  readonly picturesMissing: number;
  readonly picturesWrong: number;
  /** Files that no row tells of. */
  readonly orphansLeft: number;
  /** Messages beyond one for each job where the platform knows a post again. */
  readonly secondMessages: number;
  /** The same where it does not. */
  readonly secondPlaceholders: number;
}

const NOTHING: Seen = { messages: 0, finals: 0, ends: 0, overwritten: 0, failed: false, gaveUp: false };

/** From what the platforms saw and what the database and the folder hold; nothing the bots counted themselves. */
export function sumsOf(books: Books, updates: number, chatOf: (update: number) => Chat): Sums {
  const views = new Map<Chat, ReadonlyMap<number, Seen>>();
  const seenIn = (chat: Chat) => {
    const known = views.get(chat) ?? chat.seen();
    views.set(chat, known);
    return known;
  };
  const spent = new Map<string, number>();
  const members = new Set<string>();
  const total = {
    updatesLost: 0,
    jobsDoubled: 0,
    jobsLost: 0,
    wrongEnds: 0,
    duplicateFinals: 0,
    finalsOverwritten: 0,
    secondMessages: 0,
    secondPlaceholders: 0,
  };
  for (let update = 0; update < updates; update += 1) {
    const chat = chatOf(update);
    const seen = seenIn(chat).get(update) ?? NOTHING;
    const jobs = books.jobsOf.get(update) ?? 0;
    const seed = seedOf(update);
    const memberId = chat.memberIdOf(update);
    members.add(memberId);
    if (chat.isConfirmed(update) && jobs === 0) total.updatesLost += 1;
    if ((jobs > 0 || chat.isConfirmed(update)) && seen.ends === 0) total.jobsLost += 1;
    total.jobsDoubled += Math.max(0, jobs - 1);
    if (seen.ends > 0 && seen.failed !== isRefused(seed) && !seen.gaveUp) total.wrongEnds += 1;
    if (seen.ends > 0 && !seen.failed) spent.set(memberId, (spent.get(memberId) ?? 0) + costOf(seed));
    total.duplicateFinals += Math.max(0, seen.finals - 1);
    total.finalsOverwritten += seen.overwritten;
    // Where it waited for allowance it goes on in a new message at the end of the chat.
    const needed = isDeferred(seed) ? 2 : 1;
    total[chat.platform === "discord" ? "secondMessages" : "secondPlaceholders"] += Math.max(0, seen.messages - needed);
  }
  return {
    ...total,
    ledgerErrorGpuMs: books.errorGpuMs([...members], spent),
    stillHeldGpuMs: books.heldGpuMs,
    openJobs: books.openJobs,
    owed: books.owed,
    picturesMissing: books.picturesMissing,
    picturesWrong: books.picturesWrong,
    orphansLeft: books.orphans.length,
  };
}
