import type { Job, NewJob } from "../domain/job.ts";
import type { Share } from "../domain/ledger.ts";
import { settingsKeyOf } from "../domain/place.ts";
import { isPot, POT_ALLOWANCE } from "../domain/pot.ts";
import type { VoteInput } from "../ports/decisions.ts";
import type { AcceptInput, AcceptRefusal } from "../ports/payment.ts";
import type { AcceptResult } from "../ports/store.ts";
import { allowanceOfPayer, type Buckets, bucketsOf, bucketsSeen } from "./buckets.ts";
import { enqueue, jobBy, openJobsOf, sameSaid } from "./jobs.ts";
import { type AllowanceOf, accountOf, hold, merged, type Payment, shortOf, windowKeys, windowShort } from "./ledger.ts";
import { lockSpendWindows, lockUpdate } from "./locks.ts";
import { owePlaceholder } from "./outbox.ts";
import { type InboxOutcome, parseInbox } from "./rows.ts";
import { effect, one, run, type Tx } from "./transaction.ts";

const select = one<{ readonly outcome: string }, [updateId: string]>("SELECT outcome FROM inbox WHERE update_id = $1");
const put = effect<[updateId: string, outcome: string, nowMs: number]>(
  `INSERT INTO inbox(update_id, outcome, at_ms) VALUES($1, $2, $3)
   ON CONFLICT(update_id) DO UPDATE SET outcome = excluded.outcome`,
);
export const sweepInbox = run<[beforeMs: number]>("DELETE FROM inbox WHERE at_ms < $1");

/** What it led to before, if it came before. */
export async function takeUpdate(tx: Tx, updateId: string, nowMs: number): Promise<InboxOutcome | undefined> {
  // Made just now, by us: there is nothing in it.
  if ((await lockUpdate(tx, updateId, nowMs)) === 1) return undefined;
  const row = await select(tx, updateId);
  // Empty: made to be locked, by somebody who noted nothing.
  return row && row.outcome !== "" ? parseInbox(row.outcome) : undefined;
}
export const note = (tx: Tx, updateId: string, outcome: InboxOutcome, nowMs: number) =>
  put(tx, updateId, JSON.stringify(outcome), nowMs);

type Spending = Pick<AcceptInput | VoteInput, "spendCapGpuMs" | "addressCeiling" | "paidFirstBy" | "nowMs"> & {
  readonly allowanceOf: AllowanceOf;
};

/** Locks what any of these could pay a job from. */
export async function lockPayers(
  tx: Tx,
  job: NewJob,
  payerIds: readonly string[],
  { spendCapGpuMs, addressCeiling, paidFirstBy }: Spending,
): Promise<Buckets> {
  await lockSpendWindows(tx, windowKeys(settingsKeyOf(job.target.place), spendCapGpuMs, addressCeiling?.addressKey));
  // The member's own bucket also keeps two of their commands from counting the same open jobs.
  return bucketsOf(tx, [job.memberId, ...payerIds, ...(paidFirstBy === undefined ? [] : [paidFirstBy])]);
}

/** What pays all of a job instead of those who would; `undefined`: there is none, or it does not cover it. */
export function firstPayer(
  { estimateGpuMs }: Pick<NewJob, "estimateGpuMs">,
  buckets: Buckets,
  { paidFirstBy, nowMs }: Pick<Spending, "paidFirstBy" | "nowMs">,
): readonly Share[] | undefined {
  if (paidFirstBy === undefined || estimateGpuMs === 0) return undefined;
  const { balanceGpuMs } = buckets.of(paidFirstBy, POT_ALLOWANCE, nowMs);
  return balanceGpuMs >= estimateGpuMs ? [{ memberId: paidFirstBy, gpuMs: estimateGpuMs }] : undefined;
}

/** @param buckets at least of those who pay */
export const paymentOf = (
  job: NewJob,
  shares: readonly Share[],
  buckets: Buckets,
  { addressCeiling, allowanceOf, paidFirstBy, nowMs }: Spending,
): Payment => ({
  buckets,
  shares:
    firstPayer(job, buckets, { ...(paidFirstBy === undefined ? {} : { paidFirstBy }), nowMs }) ??
    merged(shares, buckets.personOf),
  allowanceOf: (memberId) => allowanceOfPayer(memberId, allowanceOf(memberId)),
  spendKey: settingsKeyOf(job.target.place),
  ...(addressCeiling ? { ceiling: addressCeiling } : {}),
  nowMs,
});

/** Locks what these pay from. */
export async function payment(tx: Tx, job: NewJob, shares: readonly Share[], input: Spending): Promise<Payment> {
  const payerIds = shares.map(({ memberId }) => memberId);
  return paymentOf(job, shares, await lockPayers(tx, job, payerIds, input), input);
}

export const paymentShort = (
  tx: Tx,
  { shares, spendKey, ceiling, nowMs }: Payment,
  spendCapGpuMs: number | undefined,
) =>
  windowShort(
    tx,
    shares.reduce((sum, { gpuMs }) => sum + gpuMs, 0),
    { spendKey, ...(spendCapGpuMs === undefined ? {} : { spendCapGpuMs }), ...(ceiling ? { ceiling } : {}) },
    nowMs,
  );

/** @throws Error when somebody has not enough */
export async function start(tx: Tx, newJob: NewJob, paid: Payment): Promise<Job> {
  const job = await enqueue(tx, newJob);
  await hold(tx, job.jobId, paid);
  await owePlaceholder(tx, job.jobId);
  return job;
}

/** See `Store.accept`. */
export async function accept(tx: Tx, input: AcceptInput): Promise<AcceptResult> {
  const { updateId, job, allowance, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  if (before) return known(tx, input, before);
  const accepted = (jobId: string) => note(tx, updateId, { did: "accepted", jobId }, nowMs);
  // Before it is looked for: two presses of one offer, each an update of its own, are one job.
  const paid = await payment(tx, job, input.shares, { ...input, allowanceOf: () => allowance });
  // Or its inbox row has been swept; the job id derives from the update, so it is the same job.
  const [old, why] = await Promise.all([jobBy(tx, job.jobId), refusal(tx, input, paid)]);
  const same = old ? undefined : await sameSaid(tx, job);
  if (old ?? same) await accepted((old ?? same ?? job).jobId);
  if (old) return { status: "known", job: old };
  if (same) return { status: "same", job: same };
  if (why) {
    await note(tx, updateId, { did: "refused", why }, nowMs);
    return { status: "refused", why };
  }
  await accepted(job.jobId);
  return { status: "accepted", job: await start(tx, job, paid) };
}

/** See `Store.wouldRefuse`. */
export async function wouldRefuse(tx: Tx, input: AcceptInput): Promise<AcceptRefusal | undefined> {
  const { job, shares, allowance } = input;
  const first = input.paidFirstBy === undefined ? [] : [input.paidFirstBy];
  const buckets = await bucketsSeen(tx, [job.memberId, ...shares.map(({ memberId }) => memberId), ...first]);
  return refusal(tx, input, paymentOf(job, shares, buckets, { ...input, allowanceOf: () => allowance }));
}

/** It came before, or our own earlier run was committed. */
async function known(tx: Tx, { updateId, job }: AcceptInput, before: InboxOutcome): Promise<AcceptResult> {
  switch (before.did) {
    case "refused":
      return { status: "refused", why: before.why };
    case "decided":
    case "voted":
    case "gave":
    case "met":
    case "asked":
      throw new Error(`update ${updateId} was no order before`);
    case "accepted": {
      const found = await jobBy(tx, before.jobId);
      if (!found) throw new Error(`accepted job ${before.jobId} is missing`);
      if (!tx.again) return { status: "known", job: found };
      return { status: before.jobId === job.jobId ? "accepted" : "same", job: found };
    }
  }
}

/** Who is refused first: too many open jobs, then a member who cannot pay, then the chat, then the address. */
export async function refusal(
  tx: Tx,
  input: Omit<AcceptInput, "updateId">,
  paid: Payment,
): Promise<AcceptRefusal | undefined> {
  const { job, allowance, maxOpenPerMember, nowMs } = input;
  const [first] = shortOf(paid);
  const [open, window] = await Promise.all([
    openJobsOf(tx, job.memberId),
    first ? undefined : paymentShort(tx, paid, input.spendCapGpuMs),
  ]);
  if (open >= maxOpenPerMember) return { code: "queue_full", open };
  if (!first) return window;
  const { memberId, gpuMs } = first;
  if (isPot(memberId)) {
    const { balanceGpuMs } = paid.buckets.of(memberId, allowance, nowMs);
    return { code: "pot_short", neededGpuMs: gpuMs, leftGpuMs: Math.max(0, balanceGpuMs) };
  }
  return { code: "quota_used", memberId, neededGpuMs: gpuMs, account: await accountOf(tx, memberId, allowance, nowMs) };
}
