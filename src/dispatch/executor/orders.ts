import { pendingOffersId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { split } from "../../domain/ledger.ts";
import { potProblem } from "../../domain/permissions.ts";
import { potIdOf } from "../../domain/pot.ts";
import type { Order } from "../../domain/recipe.ts";
import type { Terms } from "../../domain/terms.ts";
import { lines, text } from "../../domain/text.ts";
import { withoutModel } from "../../jobs/router/model-names.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { AcceptRefusal } from "../../ports/payment.ts";
import { offersView } from "../../views/offers.ts";
import { quotaProblem } from "../../views/quota.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { keptOffers } from "../kept-offers.ts";
import { freeRoute } from "../offers.ts";
import { keptStart, noted } from "../order-parts.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { isPutToVote } from "../spend-gate.ts";
import { newJob, noteAccepted, OFFER_TAKEN, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";
import type { SpendVotes } from "./spend-votes.ts";

/** An order of one member, at their own cost. */
export function createOrders(deps: EffectDeps, spendVotes: Pick<SpendVotes, "ask">) {
  const { services, replies } = deps;
  const { store, nowMs } = services;

  async function draw(
    { order: ordered, initBytes, editBytes, free, from, once }: Extract<Outcome, { do: "draw" }>,
    { terms, notes, asksFirst }: Pick<Decided, "terms" | "notes" | "asksFirst">,
    cause: Cause,
  ): Promise<void> {
    const closed = from && potProblem(terms);
    if (closed) return replies.refuse(cause, closed);
    const started = await keptStart(
      services,
      { order: ordered, initBytes, editBytes },
      { chatKey: terms.chatKey, nameOf: () => cause.updateId },
    );
    if (!started.ok) return replies.refuse(cause, started.problem);
    const order = noted(free ? withoutModel(ordered) : ordered, notes, started.value);
    const route = free ? freeRoute(services, terms.rules.route) : terms.rules.route;
    if (!route) return replies.refuse(cause, { code: "no_backend", text: text("problem.nothing-free") });
    const price = await priceOf(services, order, route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    if (asksFirst && isPutToVote(services, price.value, terms))
      return spendVotes.ask(price.value, { terms, once }, cause);
    const result = await store.accept({
      updateId: cause.updateId,
      job: newJob(price.value, { cause, terms, once, acceptedAtMs: nowMs() }),
      shares: split(price.value.estimateGpuMs, [from ? potIdOf(terms.settingsKey) : cause.member.id]),
      ...spending(terms),
      maxOpenPerMember: services.installation.maxOpenJobs,
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "refused":
        return tooDear(order, result.why, terms, cause);
      case "known":
        return once === undefined ? replies.acknowledge(cause) : replies.refuse(cause, OFFER_TAKEN);
      case "same":
        return sameAgain(result.job, cause);
      case "accepted":
        noteAccepted(deps, result.job);
        await replies.acknowledge(cause);
    }
  }

  /** Not a wall: what the member can have instead. */
  async function tooDear(order: Order, short: AcceptRefusal, terms: Terms, cause: Cause): Promise<void> {
    const problem = quotaProblem(short, terms.allowance, nowMs());
    if (short.code === "pot_short" || "open" in short) return replies.refuse(cause, problem);
    const inputId = pendingOffersId(terms.chatKey, cause.member.id);
    const rows = await keptOffers(services, order, { terms, short, inputId, of: cause.updateId });
    if (rows.length === 0) return replies.refuse(cause, problem);
    await replies.say(cause, offersView(short, rows), "private");
  }

  /** Its member was told that the first one failed: they see that it did not, and that it is made and charged once. */
  async function sameAgain(job: Job, cause: Cause): Promise<void> {
    const card = await deps.card(job);
    services.log.info("job.said_again", { job: job.jobId });
    await replies.say(cause, { ...card, text: lines(text("note.same-again"), card.text) }, "public");
  }

  return { draw };
}
