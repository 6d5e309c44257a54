import { jobIdOf } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { split } from "../../domain/ledger.ts";
import type { Order } from "../../domain/recipe.ts";
import { lines, type Text, text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/command.ts";
import { quotaProblem } from "../../views/quota.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { startingImage } from "../starting-image.ts";
import { newJob, noteAccepted, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";

/** An order of one member, at their own cost. */
export function createOrders(deps: EffectDeps) {
  const { services, replies } = deps;
  const { store, files, nowMs } = services;

  async function draw(
    { order: ordered, initBytes }: Extract<Outcome, { do: "draw" }>,
    { terms, notes }: Pick<Decided, "terms" | "notes">,
    cause: Cause,
  ): Promise<void> {
    const prepared = initBytes && ordered.request.init ? await startingImage(initBytes) : undefined;
    if (prepared && !prepared.ok) return replies.refuse(cause, prepared.problem);
    const initKey = prepared && (await files.saveInput(jobIdOf(cause.updateId), prepared.value));
    const price = await priceOf(services, noted(ordered, notes, initKey), terms.rules.route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    const result = await store.accept({
      updateId: cause.updateId,
      job: newJob(price.value, { cause, terms, acceptedAtMs: nowMs() }),
      shares: split(price.value.estimateGpuMs, [cause.member.id]),
      ...spending(terms),
      maxOpenPerMember: services.installation.maxOpenJobs,
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "refused":
        return replies.refuse(cause, quotaProblem(result.why, terms.allowance, nowMs()));
      case "known":
        return replies.acknowledge(cause);
      case "same":
        return sameAgain(result.job, cause);
      case "accepted":
        noteAccepted(deps, result.job);
        await replies.acknowledge(cause);
    }
  }

  /** Its member was told that the first one failed: they see that it did not, and that it is made and charged once. */
  async function sameAgain(job: Job, cause: Cause): Promise<void> {
    const card = await deps.card(job);
    services.log.info("job.said_again", { job: job.jobId });
    await replies.say(cause, { ...card, text: lines(text("note.same-again"), card.text) }, "public");
  }

  return { draw };
}

/** With what is said along with it, and with the stored picture that it starts from. */
function noted(order: Order, notes: readonly Text[], initKey: string | undefined): Order {
  const { init } = order.request;
  return {
    ...order,
    advice: [...order.advice, ...notes],
    request: { ...order.request, ...(init && initKey !== undefined ? { init: { ...init, key: initKey } } : {}) },
  };
}
