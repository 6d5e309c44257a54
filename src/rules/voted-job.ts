import type { Job } from "../domain/job.ts";
import type { VoteInput } from "../ports/decisions.ts";
import type { SpendRefusal } from "../ports/payment.ts";
import { allowancesOf } from "./decisions.ts";
import { payment, paymentShort, start } from "./intake.ts";
import { shortOf } from "./ledger.ts";
import type { Tx } from "./transaction.ts";

export type Started =
  | { readonly status: "started"; readonly job: Job }
  /** These cannot pay their part. */
  | { readonly status: "unpaid"; readonly memberIds: readonly string[] }
  | { readonly status: "pot_used"; readonly why: SpendRefusal };

/** What a decision starts, paid by its voters; or nothing, and why. */
export async function startVoted(
  tx: Tx,
  decisionId: string,
  input: VoteInput,
  whenPassed: ReturnType<NonNullable<VoteInput["whenPassed"]>>,
): Promise<Started> {
  const known = await allowancesOf(tx, decisionId);
  const paid = await payment(tx, whenPassed.job, whenPassed.shares, {
    ...input,
    allowanceOf: (memberId) => known.get(memberId) ?? input.allowance,
  });
  const short = shortOf(paid).map(({ memberId }) => memberId);
  if (short.length > 0) return { status: "unpaid", memberIds: short };
  const why = await paymentShort(tx, paid, input.spendCapGpuMs);
  if (why) return { status: "pot_used", why };
  return { status: "started", job: await start(tx, whenPassed.job, paid) };
}
