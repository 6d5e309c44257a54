import { jobIdOf } from "../domain/ids.ts";
import type { Job, NewJob } from "../domain/job.ts";
import { split } from "../domain/ledger.ts";
import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import type { Problem } from "../domain/problem.ts";
import type { Order } from "../domain/recipe.ts";
import type { CardSource } from "../jobs/outbox/card-source.ts";
import type { Relay } from "../jobs/outbox/relay.ts";
import type { Worker } from "../jobs/worker.ts";
import { asError } from "../lib/error.ts";
import type { Outcome, Terms } from "../ports/command.ts";
import type { Ballot, VoteResult } from "../ports/store.ts";
import { lockedButtons } from "../views/buttons.ts";
import { takenOffCard } from "../views/job-card.ts";
import { potProblem, quotaProblem } from "../views/quota.ts";
import { type Price, priceOf } from "./price.ts";
import { type Cause, createSpeech } from "./replies.ts";
import type { Services } from "./services.ts";
import { startingPicture } from "./starting-image.ts";
import { termsOf } from "./terms.ts";

export interface Actions {
  /** Does what was decided; everything promised is durable when it resolves. `notes` are told along with it. */
  act(outcome: Outcome, cause: Cause, notes: readonly string[]): Promise<void>;
}

/** Carries out decisions. The only place that changes the store on behalf of members. */
export function createActions(
  services: Services,
  loops: { readonly worker: Worker; readonly poster: Relay; readonly cards: CardSource },
): Actions {
  const { store, memory, nowMs, log } = services;

  const { say, refuseTo, heard, heardOrTold, ask } = createSpeech(services);

  async function draw(
    ordered: Order,
    initBytes: Uint8Array | undefined,
    cause: Cause,
    notes: readonly string[],
  ): Promise<void> {
    const jobId = jobIdOf(cause.updateId);
    const prepared = initBytes && ordered.request.init ? await startingPicture(initBytes) : undefined;
    if (prepared && !prepared.ok) return refuseTo(cause, prepared.problem);
    const init =
      ordered.request.init && prepared
        ? { ...ordered.request.init, key: await services.files.saveInput(jobId, prepared.value) }
        : ordered.request.init;
    const order: Order = {
      ...ordered,
      advice: [...ordered.advice, ...notes],
      request: { ...ordered.request, ...(init ? { init } : {}) },
    };
    const price = await priceOf(services, order, cause.target.place);
    if (!price.ok) return refuseTo(cause, price.problem);
    const terms = await termsOf(services, cause.member, cause.target.place);
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
        return refuseTo(cause, quotaProblem(result.why, terms.allowance, nowMs()));
      case "known":
        return heard(cause);
      case "accepted":
        noteAccepted(result.job);
        await heard(cause);
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

  /** What this member, and all here together, may spend. */
  const spending = ({ allowance, potCapGpuMs }: Terms) => ({
    allowance,
    ...(potCapGpuMs === undefined ? {} : { potCapGpuMs }),
  });

  function noteAccepted(job: Job): void {
    log.info("job.accepted", {
      job: job.jobId,
      lane: job.lane,
      estimateGpuMs: job.estimateGpuMs,
      count: job.order.count,
    });
    log.debug("job.prompt", { job: job.jobId, prompt: job.order.request.finalPrompt });
    loops.poster.kick();
    loops.worker.kick();
  }

  async function vote(subject: Job, whenPassed: Order, cause: Cause): Promise<void> {
    const price = await priceOf(services, whenPassed, cause.target.place);
    if (!price.ok) return refuseTo(cause, price.problem);
    const terms = await termsOf(services, cause.member, cause.target.place);
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
    await sayVote(result, cause);
  }

  async function sayVote(result: VoteResult, cause: Cause): Promise<void> {
    loops.poster.kick();
    switch (result.status) {
      case "counted":
        return heardOrTold(cause, `Your vote for a reroll counts: ${votesText(result.ballot)}.`);
      case "taken_back":
        return heardOrTold(cause, `You took your vote for a reroll back: ${votesText(result.ballot)}.`);
      case "known":
        return heard(cause);
      case "passed":
        noteAccepted(result.job);
        return heard(cause);
      case "pot_used":
        return say(
          cause,
          { text: `The vote has enough ballots. ${potProblem(result.why, nowMs()).text}`, tone: "bad" },
          "public",
        );
      case "over":
        return refuseTo(cause, {
          code: "expired",
          text: "That vote has passed already. Press Reroll under the new picture.",
        });
      case "unpaid": {
        const who = new Intl.ListFormat("en").format(result.names);
        return say(
          cause,
          {
            text: `The vote had enough ballots, but ${who} cannot pay a part now (see /quota), so that ballot does not count. Somebody else can press Reroll.`,
            tone: "bad",
          },
          "public",
        );
      }
    }
  }

  async function lock(seed: number, scope: "me" | "everyone", cause: Cause): Promise<void> {
    await memory.lockSeed(chatKeyOf(cause.target.place), {
      seed,
      scope,
      byMemberId: cause.member.id,
      byName: cause.member.name,
      atMs: nowMs(),
    });
    const text =
      scope === "me"
        ? `Seed ${seed} is locked for you in this chat: your next pictures here use it until you unlock it. Change the words, keep the composition.`
        : `${cause.member.name} locked seed ${seed} for everyone in this chat. A seed you type or lock yourself goes before it.`;
    await say(
      cause,
      { text, tone: "good", buttons: lockedButtons(services.token, scope) },
      scope === "me" ? "private" : "public",
    );
  }

  async function unlock(scope: "me" | "everyone", cause: Cause): Promise<void> {
    const was = await memory.unlockSeed(chatKeyOf(cause.target.place), cause.member.id, scope);
    const whom = scope === "me" ? "you" : "everyone";
    const text = was
      ? `The seed is unlocked for ${whom} in this chat: each picture draws a new one.`
      : `No seed was locked for ${whom} in this chat.`;
    await say(cause, { text, tone: "quiet" }, scope === "everyone" && was ? "public" : "private");
  }

  async function approve(allowed: boolean, cause: Cause): Promise<void> {
    const { place } = cause.target;
    const key = settingsKeyOf(place);
    const where = place.communityId === undefined ? "this chat" : "this community";
    const { id: byMemberId, name: byName } = cause.member;
    if (allowed) await memory.approve(key, { byMemberId, byName, atMs: nowMs() });
    else await memory.disapprove(key);
    log.info("chat.approval", { platform: place.platform, allowed });
    const text = allowed
      ? `${byName} let Placard into ${where}. /help tells what you can ask for.`
      : `${byName} took back that Placard may work in ${where}. /approve lets it in again.`;
    await say(cause, { text, tone: allowed ? "good" : "quiet" }, "public");
  }

  async function cancel({ jobId, elsewhere }: Extract<Outcome, { do: "cancel" }>, cause: Cause): Promise<void> {
    const problem: Problem = {
      code: "cancelled",
      text: `Cancelled by ${cause.member.name}. The allowance was returned.`,
    };
    if (!(await store.cancel(jobId, problem, nowMs())))
      return refuseTo(cause, { code: "expired", text: "Too late to cancel: it has already ended." });
    loops.worker.abort(jobId);
    log.info("job.cancelled", { job: jobId });
    loops.poster.kick();
    const text = "It is cancelled, and the allowance was returned.";
    await (elsewhere ? say(cause, { text, tone: "quiet" }, "private") : heardOrTold(cause, text));
  }

  async function changeShown(changed: boolean, otherwise: string, cause: Cause): Promise<void> {
    if (!changed) return refuseTo(cause, { code: "expired", text: otherwise });
    loops.poster.kick();
    await heard(cause);
  }

  /** Replies that showed it are not owed by the outbox: each is tried once, and those that are gone are no loss. */
  async function takeOff(jobId: string): Promise<void> {
    const pictures = await store.picturesOf(jobId);
    for (const { message, index } of await store.showing(jobId)) {
      const picture = pictures.find((each) => each.index === index);
      const adapter = services.adapters.get(message.place.platform);
      if (picture?.deleted)
        await adapter
          ?.edit(message, takenOffCard(picture, services.token))
          .catch((error: unknown) => log.debug("reply.left", { job: jobId, error: asError(error) }));
    }
  }

  return {
    async act(outcome, cause, notes) {
      switch (outcome.do) {
        case "reply":
          return say(
            cause,
            notes.length > 0 ? { ...outcome.view, text: [outcome.view.text, ...notes].join("\n") } : outcome.view,
            outcome.visibility,
          );
        case "refuse":
          return refuseTo(cause, outcome.problem);
        case "form":
          return ask(outcome, cause);
        case "draw":
          return draw(outcome.order, outcome.initBytes, cause, notes);
        case "vote":
          return vote(outcome.subject, outcome.whenPassed, cause);
        case "lock":
          return lock(outcome.seed, outcome.scope, cause);
        case "unlock":
          return unlock(outcome.scope, cause);
        case "cancel":
          return cancel(outcome, cause);
        case "delete":
          await changeShown(
            await store.markDeleted(outcome.jobId, cause.member.name, nowMs()),
            "It is deleted already.",
            cause,
          );
          return takeOff(outcome.jobId);
        case "restore":
          if (!(await store.restore(outcome.jobId)))
            return refuseTo(cause, { code: "expired", text: "It cannot be brought back any more." });
          loops.poster.kick();
          return heardOrTold(cause, "It is brought back, in its own message.");
        case "pick":
          return changeShown(
            await store.pick(
              outcome.jobId,
              outcome.index,
              { memberId: cause.member.id, name: cause.member.name },
              nowMs(),
            ),
            `Picture ${outcome.index + 1} was posted already; look further down.`,
            cause,
          );
        case "approve":
          return approve(outcome.allowed, cause);
        case "configure":
          await memory.configure(settingsKeyOf(cause.target.place), outcome.settings);
          return say(cause, { text: outcome.said, tone: "good" }, "public");
      }
    },
  };
}

const votesText = ({ voters, votesNeeded }: Ballot): string => `${voters.length} of ${votesNeeded}`;
