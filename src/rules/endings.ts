import type { JobOutcome } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import { type HoldReason, holdReason } from "../domain/withheld.ts";
import type { CancelledWork, FinishInput, Store } from "../ports/store.ts";
import type { Buckets } from "./buckets.ts";
import { endJob, untag, wantsOriginals } from "./jobs.ts";
import { bucketsOfHolders, endHolds, type Hold, holdsOf, receiptsOf } from "./ledger.ts";
import { type LockedJob, lockJob } from "./locks.ts";
import { holdMade } from "./moderation.ts";
import { changed, meetingPicturesChanged, oweOriginal } from "./outbox.ts";
import { addPicture } from "./pictures.ts";
import { measured } from "./speed.ts";
import type { Tx } from "./transaction.ts";

// How jobs end, each once: state, books, pictures and what their message shows. A job that is locked here is its caller's.

/** What the job says it cost is exactly what its holders paid. */
const wholeMs = (gpuMs: number): number => Math.max(0, Math.round(gpuMs));

interface Books {
  readonly holds: readonly Hold[];
  readonly buckets: Buckets;
  /** The place of the picture whose original follows it. */
  readonly original?: number;
}
async function booksOf(tx: Tx, jobId: string, pictures: FinishInput["pictures"] = []): Promise<Books> {
  const [alone, ...others] = pictures;
  // Of a batch each original follows its picture when that is picked. Asked for here, so that nothing is read once it is being ended.
  const [holds, isWanted] = await Promise.all([
    holdsOf(tx, jobId),
    alone !== undefined && others.length === 0 && wantsOriginals(tx, jobId),
  ]);
  const buckets = await bucketsOfHolders(tx, holds);
  return { holds, buckets, ...(alone && isWanted ? { original: alone.index } : {}) };
}

interface Ended {
  readonly state: "done" | "cancelled";
  readonly outcome: JobOutcome;
  readonly problem?: Problem;
  readonly pictures: FinishInput["pictures"];
  /** Why nobody is shown them yet. */
  readonly held: HoldReason | undefined;
  readonly nowMs: number;
}
/** It is over, this is what it cost, and these are its pictures. */
async function paid(tx: Tx, jobId: string, books: Books, ended: Ended): Promise<void> {
  const { state, problem, pictures, held, nowMs } = ended;
  const receipts = receiptsOf(ended.outcome.usedGpuMs, books.holds);
  const outcome = receipts.length === 0 ? ended.outcome : { ...ended.outcome, receipts };
  await endJob(tx, jobId, state, nowMs, JSON.stringify(outcome), problem ? JSON.stringify(problem) : null);
  if (state === "cancelled") await untag(tx, jobId);
  await endHolds(tx, jobId, books, { state: "settled", usedGpuMs: outcome.usedGpuMs, nowMs });
  for (const picture of pictures) await addPicture(tx, picture);
  if (held) await holdMade(tx, jobId, held, nowMs);
  await changed(tx, jobId);
  if (pictures.length > 0) await meetingPicturesChanged(tx, jobId);
  if (books.original !== undefined && !held) await oweOriginal(tx, jobId, books.original);
}

/** A job that ends without a picture gives everything back. */
async function refunded(
  tx: Tx,
  jobId: string,
  books: Books,
  {
    state,
    problem,
    nowMs,
  }: { readonly state: "failed" | "cancelled"; readonly problem: Problem; readonly nowMs: number },
): Promise<void> {
  await endJob(tx, jobId, state, nowMs, null, JSON.stringify(problem));
  if (state === "cancelled") await untag(tx, jobId);
  await endHolds(tx, jobId, books, { state: "refunded", usedGpuMs: 0, nowMs });
  await changed(tx, jobId);
}

const runs = (job: LockedJob | undefined, attempt: number): boolean =>
  job?.state === "running" && job.attempt === attempt;
const isOpen = (job: LockedJob | undefined): boolean =>
  job?.state === "deferred" || job?.state === "queued" || job?.state === "running";

/** See `Store.finish`. */
export async function finish(tx: Tx, input: FinishInput): Promise<boolean> {
  const { jobId, attempt, pictures, nowMs } = input;
  const job = await lockJob(tx, jobId);
  if (tx.again && job?.state === "done" && job.attempt === attempt) return true;
  if (!runs(job, attempt)) return false;
  const outcome = { ...input.outcome, usedGpuMs: wholeMs(input.outcome.usedGpuMs) };
  await paid(tx, jobId, await booksOf(tx, jobId, pictures), {
    state: "done",
    outcome,
    pictures,
    held: heldOf(input),
    nowMs,
  });
  if (input.measured) await measured(tx, input.measured);
  return true;
}

const heldOf = ({ holdRules, pictures }: Pick<FinishInput, "holdRules" | "pictures">): HoldReason | undefined =>
  holdRules &&
  holdReason(
    holdRules,
    pictures.map(({ verdict }) => verdict),
  );

/** See `Store.fail`. */
export async function fail(tx: Tx, ...[jobId, attempt, problem, nowMs]: Parameters<Store["fail"]>): Promise<boolean> {
  const job = await lockJob(tx, jobId);
  if (tx.again && job?.state === "failed" && job.attempt === attempt) return true;
  if (!runs(job, attempt)) return false;
  await refunded(tx, jobId, await booksOf(tx, jobId), { state: "failed", problem, nowMs });
  return true;
}

/** See `Store.cancel`. */
export async function cancel(tx: Tx, ...[jobId, problem, nowMs, work]: Parameters<Store["cancel"]>): Promise<boolean> {
  const job = await lockJob(tx, jobId);
  if (tx.again && (job?.state === "cancelled" || (job?.state === "done" && job.attempt === work?.attempt))) return true;
  if (!isOpen(job)) return false;
  const books = await booksOf(tx, jobId, work?.pictures);
  const worth = work !== undefined && (work.outcome.usedGpuMs > 0 || work.pictures.length > 0);
  // The work of another attempt is nobody's.
  if (worth && runs(job, work.attempt)) await paid(tx, jobId, books, stopped(books, problem, nowMs, work));
  else await refunded(tx, jobId, books, { state: "cancelled", problem, nowMs });
  return true;
}

/** In the middle: with what is finished it is done. */
function stopped({ holds }: Books, problem: Problem, nowMs: number, work: CancelledWork): Ended {
  const { byName, pictures } = work;
  const usedGpuMs = wholeMs(work.outcome.usedGpuMs);
  const heldGpuMs = holds.reduce((sum, hold) => sum + hold.heldGpuMs, 0);
  const cancelled = { byName, returnedGpuMs: Math.max(0, heldGpuMs - usedGpuMs) };
  const outcome = { ...work.outcome, usedGpuMs, cancelled };
  if (pictures.length > 0) return { state: "done", outcome, pictures, held: heldOf(work), nowMs };
  return { state: "cancelled", outcome, problem, pictures, held: undefined, nowMs };
}

/** It never started, and will not. */
export async function giveUpOn(tx: Tx, jobId: string, problem: Problem, nowMs: number): Promise<void> {
  await refunded(tx, jobId, await booksOf(tx, jobId), { state: "failed", problem, nowMs });
}

/** Ends jobs that are locked and open, without their pictures. */
export async function cancelAll(tx: Tx, jobIds: readonly string[], problem: Problem, nowMs: number): Promise<void> {
  const holds = new Map<string, readonly Hold[]>();
  for (const jobId of jobIds) holds.set(jobId, await holdsOf(tx, jobId));
  const buckets = await bucketsOfHolders(tx, [...holds.values()].flat());
  for (const [jobId, held] of holds)
    await refunded(tx, jobId, { holds: held, buckets }, { state: "cancelled", problem, nowMs });
}
