import { isDeepStrictEqual } from "node:util";
import { jobIdOf } from "../../domain/ids.ts";
import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/command.ts";
import { quotaProblem } from "../../views/quota.ts";
import { nextTryMs } from "../deferred-orders.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { enoughAtMs } from "../offers.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { newJob } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";

/** More than a member can have open. */
const READ_JOBS = 1000;

/** An order that is made as soon as its member's allowance suffices. */
export function createDeferral(deps: EffectDeps) {
  const { services, replies } = deps;
  const { store, nowMs } = services;

  async function defer(
    { order }: Extract<Outcome, { do: "defer" }>,
    { terms }: Pick<Decided, "terms">,
    cause: Cause,
  ): Promise<void> {
    const mine = await store.openJobs({ memberId: cause.member.id }, READ_JOBS);
    // Two presses of one offer are no two orders: its seed is drawn already.
    const twin = mine.find((job) => job.state === "deferred" && isDeepStrictEqual(job.order.request, order.request));
    if (twin && twin.jobId !== jobIdOf(cause.updateId))
      return replies.refuse(cause, { code: "expired", text: text("problem.deferred-already") });
    const price = await priceOf(services, order, terms.rules.route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    const expectedAtMs = await expectedAt(price.value.estimateGpuMs, terms);
    const { allowance, addressCeiling } = terms;
    const deferral = {
      allowance,
      ...(addressCeiling === undefined ? {} : { addressCeiling }),
      ...(expectedAtMs === undefined ? {} : { expectedAtMs }),
    };
    const result = await store.defer({
      updateId: cause.updateId,
      job: { ...newJob(price.value, { cause, terms, acceptedAtMs: nowMs() }), deferral },
      tryAtMs: nextTryMs(expectedAtMs, nowMs()),
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "refused":
        return replies.refuse(cause, quotaProblem(result.why, allowance, nowMs()));
      case "known":
        return replies.acknowledge(cause);
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
