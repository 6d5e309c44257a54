import { split } from "../../domain/ledger.ts";
import type { Order } from "../../domain/recipe.ts";
import { withoutModel } from "../../jobs/router/model-names.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { freeRoute } from "../offers.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { newJob, noteAccepted, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";

/**
 * The free version of an order, in a message of its own while the model's is made. Only where there is a model: else the order
 * itself is the sketch. Nobody is told where it cannot be had; the order is.
 */
export function createSketching(deps: EffectDeps) {
  const { store, nowMs, installation } = deps.services;
  return async (order: Order, { terms }: Pick<Decided, "terms">, cause: Cause): Promise<void> => {
    const { route } = terms.rules;
    const free = freeRoute(deps.services, route);
    const [whole, sketch] = [
      await priceOf(deps.services, order, route),
      free && (await priceOf(deps.services, withoutModel(order), free)),
    ];
    if (!sketch?.ok || !whole.ok || whole.value.lane === sketch.value.lane) return;
    // The answer to the command is the picture itself, and said twice it would be the same order.
    const { said: _once, target: answered, ...by } = cause;
    const { replyToken: _token, replyTokenExpiresAtMs: _until, ...target } = answered;
    const updateId = `${cause.updateId} sketch`;
    const result = await store.accept({
      updateId,
      job: newJob(sketch.value, { cause: { ...by, target, updateId }, terms, acceptedAtMs: nowMs() }),
      shares: split(sketch.value.estimateGpuMs, [cause.member.id]),
      ...spending(terms),
      maxOpenPerMember: installation.maxOpenJobs,
      nowMs: nowMs(),
    });
    if (result.status === "accepted") noteAccepted(deps, result.job);
  };
}
