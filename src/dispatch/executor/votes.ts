import { AYE, type Decision, type NewDecision } from "../../domain/decision.ts";
import { votesNeeded } from "../../domain/decision-tally.ts";
import { decisionIdOf } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { split } from "../../domain/ledger.ts";
import { youngVoteProblem } from "../../domain/permissions.ts";
import type { Terms } from "../../domain/terms.ts";
import { listed, sentences, type Text, text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/command.ts";
import type { VoteResult } from "../../ports/decisions.ts";
import { spendProblem } from "../../views/quota.ts";
import { priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { newJob, noteAccepted, spending } from "./acceptance.ts";
import type { EffectDeps } from "./effects.ts";

/** A vote for an order that all who voted for it pay together. */
export function createVotes(deps: EffectDeps) {
  const { services, replies, relay } = deps;
  const { store, nowMs } = services;

  async function vote(
    { subject, whenPassed }: Extract<Outcome, { do: "vote" }>,
    terms: Terms,
    cause: Cause,
  ): Promise<void> {
    const young = youngVoteProblem(terms, services.installation.voteMinAgeMs);
    if (young) return replies.refuse(cause, young);
    const price = await priceOf(services, whenPassed, terms.rules.route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    const result = await store.vote({
      updateId: cause.updateId,
      on: { opening: reroll(subject, terms, cause, nowMs()) },
      member: { memberId: cause.member.id, name: cause.member.name },
      choice: { how: "toggle", optionId: AYE },
      ...spending(terms),
      nowMs: nowMs(),
      whenPassed: (voters) => ({
        job: newJob(price.value, { cause, terms, acceptedAtMs: nowMs(), voters }),
        shares: split(
          price.value.estimateGpuMs,
          voters.map(({ memberId }) => memberId),
        ),
      }),
    });
    await answerVote(result, cause);
  }

  async function answerVote(result: VoteResult, cause: Cause): Promise<void> {
    relay.kick();
    switch (result.status) {
      case "counted":
        return replies.acknowledgeOrSay(cause, text("vote.counted", votesOf(result.decision)));
      case "taken_back":
        return replies.acknowledgeOrSay(cause, text("vote.taken-back", votesOf(result.decision)));
      case "known":
        return replies.acknowledge(cause);
      case "passed":
        if (result.job) noteAccepted(deps, result.job);
        return replies.acknowledge(cause);
      case "pot_used":
        return replies.say(
          cause,
          { text: sentences(text("vote.enough"), spendProblem(result.why, nowMs()).text), tone: "bad" },
          "public",
        );
      case "too_many":
      case "absent":
      case "over":
        return replies.refuse(cause, {
          code: "expired",
          text: text("problem.vote-over"),
        });
      case "unpaid":
        return replies.say(cause, { text: unpaidText(result.names), tone: "bad" }, "public");
    }
  }

  return { vote };
}

/** Opened by its first vote. */
const reroll = ({ jobId }: Job, { rules }: Terms, cause: Cause, nowMs: number): NewDecision => ({
  decisionId: decisionIdOf(cause.updateId),
  kind: "reroll",
  place: cause.target.place,
  subjectJobId: jobId,
  options: [{ id: AYE }],
  rule: {
    method: "quorum",
    needed: rules.votes,
    maxChoices: 1,
    visibility: "live",
    who: "everyone",
    spends: true,
  },
  openedBy: { id: cause.member.id, name: cause.member.name },
  openedAtMs: nowMs,
  closesAtMs: nowMs + rules.voteMinutes * 60_000,
  round: 1,
});

const votesOf = (decision: Decision) => ({ votes: decision.votes.length, needed: votesNeeded(decision) });

const unpaidText = (names: readonly string[]): Text =>
  text("vote.unpaid", { names: listed(names), voters: names.length });
