import { jobIdOf } from "../../domain/ids.ts";
import type { Job, NewJob } from "../../domain/job.ts";
import { split } from "../../domain/ledger.ts";
import type { Order } from "../../domain/recipe.ts";
import type { Outcome, Terms } from "../../ports/command.ts";
import type { Ballot, VoteResult } from "../../ports/store.ts";
import { potProblem, quotaProblem } from "../../views/quota.ts";
import type { Decided } from "../dispatcher/decision.ts";
import { type Price, priceOf } from "../price.ts";
import type { Cause } from "../replies.ts";
import { startingImage } from "../starting-image.ts";
import type { EffectDeps } from "./effects.ts";

/** What costs something: an order of one member, and a vote that becomes an order. */
export function createOrders({ services, replies, worker, relay }: EffectDeps) {
  const { store, files, nowMs, log } = services;

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
      job: newJob(price.value, cause, terms, []),
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
      case "accepted":
        noteAccepted(result.job);
        await replies.acknowledge(cause);
    }
  }

  async function vote(
    { subject, whenPassed }: Extract<Outcome, { do: "vote" }>,
    terms: Terms,
    cause: Cause,
  ): Promise<void> {
    const price = await priceOf(services, whenPassed, terms.rules.route);
    if (!price.ok) return replies.refuse(cause, price.problem);
    const result = await store.vote({
      updateId: cause.updateId,
      subjectJobId: subject.jobId,
      member: { memberId: cause.member.id, name: cause.member.name },
      votesNeeded: terms.rules.votes,
      closesAtMs: nowMs() + terms.rules.voteMinutes * 60_000,
      ...spending(terms),
      nowMs: nowMs(),
      whenPassed: (voters) => ({
        job: newJob(
          price.value,
          cause,
          terms,
          voters.map(({ name }) => name),
        ),
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
        return replies.acknowledgeOrSay(cause, `Your vote for a reroll counts: ${votesText(result.ballot)}.`);
      case "taken_back":
        return replies.acknowledgeOrSay(cause, `You took your vote for a reroll back: ${votesText(result.ballot)}.`);
      case "known":
        return replies.acknowledge(cause);
      case "passed":
        noteAccepted(result.job);
        return replies.acknowledge(cause);
      case "pot_used":
        return replies.say(
          cause,
          { text: `The vote has enough ballots. ${potProblem(result.why, nowMs()).text}`, tone: "bad" },
          "public",
        );
      case "over":
        return replies.refuse(cause, {
          code: "expired",
          text: "That vote has passed already. Press Reroll under the new picture.",
        });
      case "unpaid":
        return replies.say(cause, { text: unpaidText(result.names), tone: "bad" }, "public");
    }
  }

  const newJob = (price: Price, cause: Cause, terms: Terms, voterNames: readonly string[]): NewJob => ({
    ...price,
    jobId: jobIdOf(cause.updateId),
    memberId: cause.member.id,
    memberName: cause.member.name,
    target: cause.target,
    acceptedAtMs: nowMs(),
    voterNames,
    ...(terms.rules.original === "always" ? { withOriginals: true } : {}),
  });

  function noteAccepted(job: Job): void {
    log.info("job.accepted", {
      job: job.jobId,
      lane: job.lane,
      estimateGpuMs: job.estimateGpuMs,
      count: job.order.count,
    });
    log.debug("job.prompt", { job: job.jobId, prompt: job.order.request.finalPrompt });
    relay.kick();
    worker.kick();
  }

  return { draw, vote };
}

/** With what is said along with it, and with the stored picture that it starts from. */
function noted(order: Order, notes: readonly string[], initKey: string | undefined): Order {
  const { init } = order.request;
  return {
    ...order,
    advice: [...order.advice, ...notes],
    request: { ...order.request, ...(init && initKey !== undefined ? { init: { ...init, key: initKey } } : {}) },
  };
}

/** What this member, and all here together, may spend. */
const spending = ({ allowance, potCapGpuMs }: Terms) => ({
  allowance,
  ...(potCapGpuMs === undefined ? {} : { potCapGpuMs }),
});

const votesText = ({ voters, votesNeeded }: Ballot): string => `${voters.length} of ${votesNeeded}`;

const unpaidText = (names: readonly string[]): string =>
  `The vote had enough ballots, but ${new Intl.ListFormat("en").format(names)} cannot pay a part now (see /quota), so that ballot does not count. Somebody else can press Reroll.`;
