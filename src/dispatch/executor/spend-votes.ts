import { AYE } from "../../domain/decision.ts";
import { split } from "../../domain/ledger.ts";
import { youngVoteProblem } from "../../domain/permissions.ts";
import { quorumOf } from "../../domain/quorum.ts";
import type { Order } from "../../domain/recipe.ts";
import type { Terms } from "../../domain/terms.ts";
import { text } from "../../domain/text.ts";
import { withoutModel } from "../../jobs/router/model-names.ts";
import { quotaProblem } from "../../views/quota.ts";
import { freeRoute } from "../offers.ts";
import { type Price, priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { newJob, noteAccepted, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";
import { newDecision } from "./new-decision.ts";
import { startedBy, type Votes, votingAs } from "./votes.ts";

export type SpendVotes = ReturnType<typeof createSpendVotes>;

/** What costs something and is put to the vote before: with a free draft first, where the chat wants that. */
export function createSpendVotes(deps: EffectDeps, votes: Pick<Votes, "answer">) {
  const { services, replies } = deps;
  const { store, nowMs, installation } = services;

  /** Who asks votes for it by asking. The order goes with the vote, its seed drawn: what is made is what was asked for. */
  async function ask(
    price: Price,
    { terms, once }: { readonly terms: Terms; readonly once: string | undefined },
    cause: Cause,
  ): Promise<void> {
    const { rules } = terms;
    const young = youngVoteProblem(terms, installation.voteMinAgeMs);
    if (young) return replies.refuse(cause, young);
    const drafted = rules.spend === "free_first" ? await draft(price.order, { terms, once }, cause) : undefined;
    if (drafted && "refused" in drafted) return replies.refuse(cause, drafted.refused);
    const draftJobId = drafted?.job.jobId;
    // The draft was this update's, and its job has that id.
    const own = draftJobId === undefined ? cause : { ...cause, updateId: `${cause.updateId} vote` };
    const opening = newDecision(
      {
        ...quorumOf(rules, { kind: "spend" }),
        order: price.order,
        ...(draftJobId === undefined ? {} : { draftJobId, subjectJobId: draftJobId }),
      },
      own,
      nowMs(),
    );
    const result = await store.vote({
      updateId: own.updateId,
      on: { opening },
      choice: { how: "toggle", optionId: AYE },
      ...votingAs(terms, cause, nowMs()),
      whenPassed: startedBy(price, { terms, cause: own, owner: opening.openedBy, nowMs: nowMs() }),
    });
    // Not before: its card must not overtake the acknowledgement.
    if (drafted?.isNew) noteAccepted(deps, drafted.job);
    if (result.status === "counted" && draftJobId === undefined) {
      deps.relay.kick();
      return replies.acknowledgeOrSay(cause, text("vote.spend.opened", { needed: rules.votes }));
    }
    // The draft is the answer.
    return votes.answer(result, draftJobId === undefined ? cause : { ...cause, from: "press" });
  }

  /** The same words and seed, where it costs nothing; `undefined`: nothing here can make it for free. */
  async function draft(
    order: Order,
    { terms, once }: { readonly terms: Terms; readonly once: string | undefined },
    cause: Cause,
  ) {
    const route = freeRoute(services, terms.rules.route);
    const price = route && (await priceOf(services, withoutModel(order), route));
    if (!price?.ok || price.value.estimateGpuMs > 0) return undefined;
    const result = await store.accept({
      updateId: cause.updateId,
      job: newJob(price.value, { cause, terms, once, acceptedAtMs: nowMs() }),
      shares: split(0, [cause.member.id]),
      ...spending(terms),
      maxOpenPerMember: installation.maxOpenJobs,
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "refused":
        return { refused: quotaProblem(result.why, terms.allowance, nowMs()) };
      case "accepted":
        return { job: result.job, isNew: true };
      case "known":
      case "same":
        return { job: result.job, isNew: false };
    }
  }

  return { ask };
}
