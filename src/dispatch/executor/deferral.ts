import type { Terms } from "../../domain/terms.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { quotaProblem } from "../../views/quota.ts";
import { nextTryMs } from "../deferred-orders.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { enoughAtMs } from "../offers.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { isPutToVote } from "../spend-gate.ts";
import { newJob, OFFER_TAKEN } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";
import type { SpendVotes } from "./spend-votes.ts";

/** An order that is made as soon as its member's allowance suffices. */
export function createDeferral(deps: EffectDeps, spendVotes: Pick<SpendVotes, "ask">) {
  const { services, replies } = deps;
  const { store, nowMs } = services;

  async function defer(
    { order, once }: Extract<Outcome, { do: "defer" }>,
    { terms, asksFirst }: Pick<Decided, "terms" | "asksFirst">,
    cause: Cause,
  ): Promise<void> {
    const price = await priceOf(services, order, terms.rules.route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    if (asksFirst && isPutToVote(services, price.value, terms))
      return spendVotes.ask(price.value, { terms, once }, cause);
    const expectedAtMs = await expectedAt(price.value.estimateGpuMs, terms);
    const { allowance, addressCeiling } = terms;
    const deferral = {
      allowance,
      ...(addressCeiling === undefined ? {} : { addressCeiling }),
      ...(expectedAtMs === undefined ? {} : { expectedAtMs }),
    };
    const result = await store.defer({
      updateId: cause.updateId,
      job: { ...newJob(price.value, { cause, terms, once, acceptedAtMs: nowMs() }), deferral },
      tryAtMs: nextTryMs(expectedAtMs, nowMs()),
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "refused":
        return replies.refuse(cause, quotaProblem(result.why, allowance, nowMs()));
      case "known":
        return once === undefined ? replies.acknowledge(cause) : replies.refuse(cause, OFFER_TAKEN);
      case "deferred":
        services.log.info("job.deferred", { job: result.job.jobId, estimateGpuMs: result.job.estimateGpuMs });
        deps.relay.kick();
        deps.deferred.kick();
        await replies.acknowledge(cause);
    }
  }

  /** As far as the member's own allowance decides. */
  async function expectedAt(neededGpuMs: number, { member, allowance }: Terms): Promise<number | undefined> {
    const account = await store.account(member.id, allowance, nowMs());
    return enoughAtMs({ code: "quota_used", memberId: member.id, neededGpuMs, account }, { allowance }, nowMs());
  }

  return { defer };
}
