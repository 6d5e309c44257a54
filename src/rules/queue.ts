import type { Job } from "../domain/job.ts";
import type { SlotWanted } from "../ports/fleet.ts";
import { WAITS } from "./job-states.ts";
import { type Claim, jobClaimed, moveToLane, queueAgain, startJob, straysFrom, turnTo } from "./jobs.ts";
import { lockJobs, lockNextJob, lockSlotsAt } from "./locks.ts";
import { freeLapsedSlots, lineUp, slotsTaken } from "./slots.ts";
import { one, type Tx } from "./transaction.ts";

/** @param claim its id is of this call: run again after a commit that was not heard of, it finds what it has claimed */
export async function claim(tx: Tx, claim: Claim): Promise<Job | undefined> {
  const earlier = tx.again ? await jobClaimed(tx, claim.claimId) : undefined;
  if (earlier) return earlier;
  const next = await lockNextJob(tx, claim.lane, claim.nowMs);
  if (!next) return undefined;
  await turnTo(tx, claim.lane, next.tag);
  return startJob(tx, next.jobId, claim);
}

const anyNext = one<object, [lane: string, nowMs: number]>(
  `SELECT 1 AS waits FROM job WHERE lane = $1 AND (${WAITS} OR (state = 'running' AND lease_until_ms <= $2)) LIMIT 1`,
);
/** See `Store.claimInSlot`. Looks before it locks: most who ask find nothing. */
export async function claimInSlot(tx: Tx, asked: Claim, slot: SlotWanted): Promise<Job | "full" | undefined> {
  const earlier = tx.again ? await jobClaimed(tx, asked.claimId) : undefined;
  if (earlier) return earlier;
  const { lane, nowMs } = asked;
  if (!(await anyNext(tx, lane, nowMs))) return undefined;
  if ((await slotsTaken(tx, slot.device, nowMs)) >= slot.slots) return "full";
  await lockSlotsAt(tx, slot.device);
  await freeLapsedSlots(tx, slot.device, nowMs);
  // Those who wait in line are before it.
  if ((await slotsTaken(tx, slot.device, nowMs)) >= slot.slots) return "full";
  const job = await claim(tx, asked);
  if (job) await lineUp(tx, slot.slotId, slot.device, slot.workerId);
  return job;
}

const waitsSince = one<object, [jobId: string, attempt: number]>(
  "SELECT 1 AS waits FROM job WHERE job_id = $1 AND attempt = $2 AND state = 'queued'",
);
/** See `Store.giveBack`. */
export async function giveBack(tx: Tx, jobId: string, attempt: number): Promise<boolean> {
  if ((await queueAgain(tx, jobId, attempt)) === 1) return true;
  return tx.again && (await waitsSince(tx, jobId, attempt)) !== undefined;
}

/** See `Store.moveLanes`. Each takes the fair tag that a new job of that member would get in the new lane. */
export async function moveLanes(tx: Tx, known: readonly string[], lane: string): Promise<number> {
  const strays = await straysFrom(tx, [...known, lane]);
  const there = await lockJobs(
    tx,
    strays.map(({ jobId }) => jobId),
  );
  // One by one, in their old order.
  const moving = strays.filter(({ jobId }) => isOpen(there.get(jobId)?.state));
  for (const { jobId, memberId } of moving) await moveToLane(tx, memberId, lane, jobId);
  return moving.length;
}

const isOpen = (state: Job["state"] | undefined): boolean => state === "queued" || state === "running";
