import { DEFERRED_MAX, type Job, type NewJob } from "../domain/job.ts";
import type { DeferInput, DeferResult, StartInput, StartResult } from "../ports/deferred-jobs.ts";
import type { Store } from "../ports/store.ts";
import { giveUpOn } from "./endings.ts";
import { note, payment, refusal, takeUpdate } from "./intake.ts";
import { deferFurther, deferredJobsOf, enqueue, jobBy, queueDeferred } from "./jobs.ts";
import { hold } from "./ledger.ts";
import { lockBuckets, lockJob } from "./locks.ts";
import { changed, owePlaceholder, placeAnew } from "./outbox.ts";
import type { Tx } from "./transaction.ts";

// Orders that wait until their member's allowance suffices: jobs that hold nothing and stand in no queue.

/** See `Store.defer`. */
export async function defer(tx: Tx, { updateId, job, tryAtMs, nowMs }: DeferInput): Promise<DeferResult> {
  const before = await takeUpdate(tx, updateId, nowMs);
  // Two presses of one member must not count the same orders, and two of one offer are one.
  await lockBuckets(tx, [job.memberId]);
  const known = await jobBy(tx, job.jobId);
  if (known) {
    // Also where its inbox row has been swept.
    await note(tx, updateId, { did: "accepted", jobId: job.jobId }, nowMs);
    return { status: tx.again ? "deferred" : "known", job: known };
  }
  if (before?.did === "refused") return { status: "refused", why: before.why };
  const open = await deferredJobsOf(tx, job.memberId);
  if (open >= DEFERRED_MAX) {
    const why = { code: "deferred_full", open } as const;
    await note(tx, updateId, { did: "refused", why }, nowMs);
    return { status: "refused", why };
  }
  await note(tx, updateId, { did: "accepted", jobId: job.jobId }, nowMs);
  const deferred = await enqueue(tx, job, tryAtMs);
  await owePlaceholder(tx, job.jobId);
  return { status: "deferred", job: deferred };
}

/** See `Store.startDeferred`. */
export async function startDeferred(tx: Tx, input: StartInput): Promise<StartResult> {
  const { job: priced } = input;
  const locked = await lockJob(tx, priced.jobId);
  const isStarted = locked?.state === "queued" || locked?.state === "running";
  if (locked?.state !== "deferred") return { status: tx.again && isStarted ? "started" : "over" };
  const { deferral: _over, ...job } = newJobOf(priced);
  const paid = await payment(tx, job, input.shares, { ...input, allowanceOf: () => input.allowance });
  const why = await refusal(tx, input, paid);
  if (why) return { status: "short", why };
  await queueDeferred(tx, job);
  await hold(tx, job.jobId, paid);
  await placeAnew(tx, job.jobId);
  return { status: "started" };
}

/** See `Store.deferUntil`. */
export async function deferUntil(tx: Tx, ...[job, tryAtMs]: Parameters<Store["deferUntil"]>): Promise<void> {
  const locked = await lockJob(tx, job.jobId);
  if (locked?.state !== "deferred") return;
  const before = await jobBy(tx, job.jobId);
  await deferFurther(tx, newJobOf(job), tryAtMs);
  if (before?.deferral?.expectedAtMs !== job.deferral?.expectedAtMs) await changed(tx, job.jobId);
}

/** See `Store.giveUpDeferred`. */
export async function giveUpDeferred(
  tx: Tx,
  ...[jobId, problem, nowMs]: Parameters<Store["giveUpDeferred"]>
): Promise<boolean> {
  const locked = await lockJob(tx, jobId);
  if (tx.again && locked?.state === "failed") return true;
  if (locked?.state !== "deferred") return false;
  await giveUpOn(tx, jobId, problem, nowMs);
  await placeAnew(tx, jobId);
  return true;
}

/** What is stored of it: all but how far it has come. */
function newJobOf(job: NewJob & Partial<Job>): NewJob {
  const { state: _state, attempt: _attempt, startedAtMs: _started, endedAtMs: _ended, ...rest } = job;
  const { attached: _attached, message: _message, outcome: _outcome, problem: _problem, ...fresh } = rest;
  return fresh;
}
