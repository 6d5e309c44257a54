import type { Person } from "../../domain/block.ts";
import type { Decision } from "../../domain/decision.ts";
import { votesNeeded } from "../../domain/decision-tally.ts";
import { youngVoteProblem } from "../../domain/permissions.ts";
import type { Terms } from "../../domain/terms.ts";
import { listed, sentences, type Text, text } from "../../domain/text.ts";
import type { VoteInput, VoteResult } from "../../ports/decisions.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec } from "../../ports/view.ts";
import { ayesOf } from "../../views/decision/facts.ts";
import { borneText, potShortText, spendProblem } from "../../views/quota.ts";
import { type Price, priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { newJob, noteAccepted, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";
import { ABSENT, newDecision, overProblem } from "./new-decision.ts";

export type Votes = ReturnType<typeof createVotes>;

/** A vote of one member, and what the completing one starts. */
export function createVotes(deps: EffectDeps) {
  const { services, replies, relay } = deps;
  const { store, nowMs, installation } = services;

  async function decide(
    { on, choice, whenPassed, decisive, asks }: Extract<Outcome, { do: "decide" }>,
    terms: Terms,
    cause: Cause,
  ): Promise<void> {
    const young = youngVoteProblem(terms, installation.voteMinAgeMs);
    if (young) return replies.refuse(cause, young);
    const price = whenPassed && (await priceOf(services, whenPassed, terms.rules.route));
    if (price && !price.ok) return replies.refuse(cause, price.problem);
    const owner = "decision" in on && on.decision.kind === "spend" ? on.decision.openedBy : undefined;
    const result = await store.vote({
      updateId: cause.updateId,
      on:
        "opening" in on ? { opening: newDecision(on.opening, cause, nowMs()) } : { decisionId: on.decision.decisionId },
      choice,
      ...votingAs(terms, cause, nowMs()),
      ...(decisive ? { decisive } : {}),
      ...(price ? { whenPassed: startedBy(price.value, { terms, cause, owner, nowMs: nowMs() }) } : {}),
    });
    await answer(result, cause, asks);
  }

  async function answer(result: VoteResult, cause: Cause, asks?: FormSpec): Promise<void> {
    relay.kick();
    switch (result.status) {
      case "counted":
        if (asks) return replies.ask(cause, { do: "form", form: asks });
        return told(cause, countedText(result.decision));
      case "taken_back":
        return told(cause, takenBackText(result.decision));
      case "known":
        return replies.acknowledge(cause);
      case "passed":
        if (!result.job) return told(cause, countedText(result.decision));
        // What is made answers by itself.
        noteAccepted(deps, result.job);
        if (result.borneNames)
          return replies.say(cause, { text: borneText(result.borneNames), tone: "quiet" }, "public");
        return replies.acknowledge(cause);
      case "pot_short":
        return replies.say(
          cause,
          { text: sentences(text("vote.enough"), potShortText(result)), tone: "bad" },
          "public",
        );
      case "pot_used":
        return replies.say(
          cause,
          { text: sentences(text("vote.enough"), spendProblem(result.why, nowMs()).text), tone: "bad" },
          "public",
        );
      case "over":
        return replies.refuse(cause, overProblem(result.decision));
      case "too_many":
        return replies.refuse(cause, {
          code: "bad_args",
          text: text("problem.decision.choices", { max: result.decision.rule.maxChoices }),
        });
      case "unpaid":
        return replies.say(cause, { text: unpaidText(result.names), tone: "bad" }, "public");
      case "absent":
        return replies.refuse(cause, ABSENT);
    }
  }

  /** All anonymous admins of a group are one voter, and are told so. */
  const told = (cause: Cause, said: Text): Promise<void> =>
    cause.member.anonymous
      ? replies.say(cause, { text: sentences(said, text("vote.as-the-chat")), tone: "quiet" }, "private")
      : replies.acknowledgeOrSay(cause, said);

  return { decide, answer };
}

/** Who votes, and what they may spend. */
export const votingAs = (terms: Terms, { member }: Cause, nowMs: number) => ({
  member: { memberId: member.id, name: member.name },
  ...spending(terms),
  nowMs,
});

/** What enough votes start. Without an owner it is that of whoever of those who pay asked first. */
export const startedBy =
  (
    price: Price,
    by: {
      readonly terms: Terms;
      readonly cause: Cause;
      readonly owner: Person | undefined;
      readonly nowMs: number;
    },
  ): NonNullable<VoteInput["whenPassed"]> =>
  (voters) => {
    const { terms, cause, nowMs } = by;
    const [first] = voters;
    const owner = by.owner ?? (first && { id: first.memberId, name: first.name });
    return {
      job: newJob(price, { cause, terms, acceptedAtMs: nowMs, voters, ...(owner ? { owner } : {}) }),
      ...paidBy(terms),
    };
  };

/** What admins alone may draw on bears nobody's part, unless they chose that it pays for all. */
const paidBy = ({ rules }: Terms): Pick<ReturnType<NonNullable<VoteInput["whenPassed"]>>, "paidBy" | "fromPot"> =>
  rules.pays === "pot" ? { paidBy: "pot" } : rules.potDraw === "admins" ? {} : { fromPot: true };

const standingOf = (decision: Decision) =>
  decision.rule.method === "quorum" ? { votes: ayesOf(decision).length, needed: votesNeeded(decision) } : undefined;

function countedText(decision: Decision): Text {
  const quorum = standingOf(decision);
  if (!quorum) return text("vote.counts");
  return text(decision.kind === "reroll" ? "vote.counted" : "vote.counted.spend", quorum);
}

function takenBackText(decision: Decision): Text {
  const quorum = standingOf(decision);
  if (!quorum) return text("vote.taken-back.all");
  return text(decision.kind === "reroll" ? "vote.taken-back" : "vote.taken-back.spend", quorum);
}

const unpaidText = (names: readonly string[]): Text =>
  text("vote.unpaid", { names: listed(names), voters: names.length });
