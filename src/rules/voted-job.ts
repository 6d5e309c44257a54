import type { Job } from "../domain/job.ts";
import { taken } from "../domain/ledger.ts";
import { type PayersResult, payersOf } from "../domain/payers.ts";
import { settingsKeyOf } from "../domain/place.ts";
import { POT_ALLOWANCE, potIdOf } from "../domain/pot.ts";
import type { VoteInput } from "../ports/decisions.ts";
import type { SpendRefusal } from "../ports/payment.ts";
import type { Buckets } from "./buckets.ts";
import { allowancesOf } from "./decisions.ts";
import { firstPayer, lockPayers, paymentOf, paymentShort, start } from "./intake.ts";
import { type AllowanceOf, shortOf } from "./ledger.ts";
import type { Tx } from "./transaction.ts";

type Voters = readonly { readonly memberId: string; readonly name: string }[];
type WhenPassed = ReturnType<NonNullable<VoteInput["whenPassed"]>>;

export type Started =
  /** `borneIds`: voters whose part the pot bears. */
  | { readonly status: "started"; readonly job: Job; readonly borneIds: readonly string[] }
  /** These cannot pay their part. */
  | { readonly status: "unpaid"; readonly memberIds: readonly string[] }
  /** The pot was to pay it. */
  | { readonly status: "pot_short"; readonly neededGpuMs: number; readonly leftGpuMs: number }
  | { readonly status: "pot_used"; readonly why: SpendRefusal };

/** What a decision starts, paid by its voters or out of the pot; or nothing, and why. */
export async function startVoted(
  tx: Tx,
  decisionId: string,
  { input, voters }: { readonly input: VoteInput; readonly voters: Voters },
  whenPassed: WhenPassed,
): Promise<Started> {
  const { job } = whenPassed;
  const known = await allowancesOf(tx, decisionId);
  const allowanceOf: AllowanceOf = (memberId) => known.get(memberId) ?? input.allowance;
  const potId = potIdOf(settingsKeyOf(job.target.place));
  const spending = { ...input, allowanceOf };
  const buckets = await lockPayers(tx, job, [...voters.map(({ memberId }) => memberId), potId], spending);
  const payers: PayersResult = firstPayer(job, buckets, input)
    ? { ok: true, shares: [], borneIds: [] }
    : payersBy(whenPassed, buckets, { voters, potId, allowanceOf, nowMs: input.nowMs });
  if (!payers.ok) {
    if (payers.shortIds.length > 0) return { status: "unpaid", memberIds: payers.shortIds };
    const { balanceGpuMs } = buckets.of(potId, POT_ALLOWANCE, input.nowMs);
    return { status: "pot_short", neededGpuMs: job.estimateGpuMs, leftGpuMs: Math.max(0, balanceGpuMs) };
  }
  const paid = paymentOf(job, payers.shares, buckets, spending);
  // Two accounts that have become one person meanwhile could each have paid their part.
  const short = shortOf(paid).map(({ memberId }) => memberId);
  if (short.length > 0) return { status: "unpaid", memberIds: short };
  const why = await paymentShort(tx, paid, input.spendCapGpuMs);
  if (why) return { status: "pot_used", why };
  return { status: "started", job: await start(tx, job, paid), borneIds: payers.borneIds };
}

function payersBy(
  { job, paidBy = "voters", fromPot }: WhenPassed,
  buckets: Buckets,
  by: { readonly voters: Voters; readonly potId: string; readonly allowanceOf: AllowanceOf; readonly nowMs: number },
): PayersResult {
  const { voters, potId, allowanceOf, nowMs } = by;
  const pot = { payerId: potId, gpuMs: buckets.of(potId, POT_ALLOWANCE, nowMs).balanceGpuMs };
  return payersOf({
    totalGpuMs: job.estimateGpuMs,
    voters,
    paidBy,
    canPay(memberId, gpuMs) {
      const allowance = allowanceOf(memberId);
      return taken(buckets.of(memberId, allowance, nowMs), gpuMs, allowance, nowMs) !== undefined;
    },
    ...(fromPot || paidBy === "pot" ? { pot } : {}),
  });
}
