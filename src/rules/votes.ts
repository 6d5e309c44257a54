import type { Decision, DecisionVote, Tally } from "../domain/decision.ts";
import { type EndedBy, ended, endingOf } from "../domain/decision-end.ts";
import { standingVotes, tally } from "../domain/decision-tally.ts";
import type { VoteInput, VoteResult } from "../ports/decisions.ts";
import { personOf } from "./accounts.ts";
import { end, storeEnded } from "./decision-ends.ts";
import { mustDecision, newDecisionBy, presentAt, putVote, takeVotes } from "./decisions.ts";
import { note, takeUpdate } from "./intake.ts";
import { decisionKeys, lockDecisions } from "./locks.ts";
import { decisionOfUpdate, openForVote, upToNow } from "./open-decision.ts";
import { changed, oweLine } from "./outbox.ts";
import type { Tx } from "./transaction.ts";
import { startVoted } from "./voted-job.ts";

/** What it is about does not change, so it is known before it is locked. */
async function lockKeysOf(tx: Tx, on: VoteInput["on"]): Promise<readonly string[] | undefined> {
  const about = "opening" in on ? on.opening : await newDecisionBy(tx, on.decisionId);
  return about && decisionKeys(about);
}

/** See `Decisions.vote`. */
export async function vote(tx: Tx, input: VoteInput): Promise<VoteResult> {
  const { updateId, on, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  const keys = await lockKeysOf(tx, on);
  if (!keys) return { status: "absent" };
  await lockDecisions(tx, keys);
  if (before) {
    const decision = await decisionOfUpdate(tx, before);
    return decision ? { status: "known", decision } : { status: "absent" };
  }
  const { decision, isNew } =
    "opening" in on ? await openForVote(tx, on.opening, nowMs) : await named(tx, on.decisionId, nowMs);
  await note(tx, updateId, { did: "decided", decisionId: decision.decisionId }, nowMs);
  return isNew === undefined || decision.state !== "open"
    ? { status: "over", decision }
    : cast(tx, input, decision, isNew);
}

/** `isNew` is absent where its deadline had passed: whoever pressed meant the round that is over. */
async function named(tx: Tx, decisionId: string, nowMs: number) {
  const found = await mustDecision(tx, decisionId);
  const decision = await upToNow(tx, found, nowMs);
  return { decision, isNew: decision === found ? false : undefined };
}

async function cast(tx: Tx, input: VoteInput, before: Decision, isNew: boolean): Promise<VoteResult> {
  const { member, choice, nowMs } = input;
  const { options, votes } = before;
  const personId = await personOf(tx, member.memberId);
  const [own] = standingVotes(
    options,
    votes.filter((each) => each.personId === personId),
  );
  const chosen = chosenAfter(before, own, choice);
  if ("status" in chosen) return { ...chosen, decision: before };
  const decision =
    chosen.choices.length === 0
      ? await takeVotes(tx, before, (each) => each.personId === personId)
      : await putVote(tx, before, { personId, ...member, ...chosen, atMs: nowMs }, input.allowance);
  const counted = tally(decision.rule, options, decision.votes, await presentAt(tx, decision));
  const isBack = chosen.choices.length < (choice.how === "set" ? 1 : (own?.choices.length ?? 0));
  const by = endedBy(input, decision, counted, chosen.choices);
  if (by) return complete(tx, { input, personId, isNew, by }, decision);
  await shown(tx, decision);
  return { status: isBack ? "taken_back" : "counted", decision };
}

/** Its line says how it stands; of a reroll the button under the picture, too. */
async function shown(tx: Tx, { decisionId, kind, subjectJobId }: Decision): Promise<void> {
  await oweLine(tx, decisionId);
  // Last: whoever notes that this message was sent waits for nothing else.
  if (kind === "reroll" && subjectJobId !== undefined) await changed(tx, subjectJobId);
}

/** Of whoever is blocked, where it has not led to anything meanwhile. */
export async function takeOpenVote(tx: Tx, decisionId: string, personId: string): Promise<void> {
  const decision = await mustDecision(tx, decisionId);
  const isTheirs = (each: DecisionVote) => each.personId === personId;
  if (decision.state === "open" && decision.votes.some(isTheirs))
    await shown(tx, await takeVotes(tx, decision, isTheirs));
}

type Chosen = { readonly choices: readonly string[]; readonly reason?: string };

/** What this person has chosen after this press; "over": there is no such choice any more. */
function chosenAfter(
  { options, rule }: Decision,
  own: DecisionVote | undefined,
  choice: VoteInput["choice"],
): Chosen | { readonly status: "over" | "too_many" } {
  const asked = choice.how === "set" ? [...new Set(choice.optionIds)] : [choice.optionId];
  if (asked.some((id) => !options.some((option) => option.id === id))) return { status: "over" };
  const kept = own?.reason === undefined ? {} : { reason: own.reason };
  if (choice.how === "set")
    return asked.length > rule.maxChoices
      ? { status: "too_many" }
      : { choices: asked, ...kept, ...(choice.reason === undefined ? {} : { reason: choice.reason }) };
  const { optionId, reason } = choice;
  const given = reason === undefined ? {} : { reason };
  const before = own?.choices ?? [];
  // Who says why afterwards does not take it back.
  if (before.includes(optionId))
    return reason === undefined
      ? { choices: before.filter((id) => id !== optionId), ...kept }
      : { choices: before, ...given };
  if (rule.maxChoices === 1) return { choices: [optionId], ...given };
  return before.length >= rule.maxChoices
    ? { status: "too_many" }
    : { choices: [...before, optionId], ...kept, ...given };
}

/** `undefined`: it goes on. Where one may press several, the last of all may be about to press another: a page sends each tick. */
function endedBy(
  { decisive, member }: VoteInput,
  { rule }: Decision,
  { state }: Tally,
  choices: readonly string[],
): EndedBy | undefined {
  const [first] = choices;
  if (decisive && first !== undefined) {
    const person = { id: member.memberId, name: member.name };
    return { closed: { by: "chair", person }, choose: first };
  }
  return state !== "open" && rule.maxChoices === 1 ? { closed: { by: "votes" } } : undefined;
}

interface Completing {
  readonly input: VoteInput;
  readonly personId: string;
  /** This press opened it as well: nobody needs a line to press on. */
  readonly isNew: boolean;
  readonly by: EndedBy;
}

/** Decided: what it starts is started; or it goes on without the votes of those who cannot pay, or without this one. */
async function complete(tx: Tx, completing: Completing, decision: Decision): Promise<VoteResult> {
  const { input, by } = completing;
  const { nowMs, whenPassed } = input;
  const ending = endingOf(decision, await presentAt(tx, decision), by, nowMs);
  if (ending.state !== "passed" || !whenPassed) {
    const after = await end(tx, decision, by, nowMs);
    return { status: after.state === "passed" ? "passed" : "counted", decision: after };
  }
  const [winner = ""] = ending.outcome.winners;
  const voters = standingVotes(decision.options, decision.votes).filter(({ choices }) => choices.includes(winner));
  const { decisionId } = decision;
  const named = voters.map(({ memberId, name }) => ({ memberId, name }));
  const started = await startVoted(tx, decisionId, { input, voters: named }, whenPassed(named));
  if (started.status !== "started") return goesOn(tx, completing, decision, started);
  const { job, borneIds } = started;
  const bears = borneIds.length === 0 ? {} : { borneIds };
  const outcome = { ...ending.outcome, startedJobId: job.jobId, ...bears };
  await storeEnded(tx, decision, { state: "passed", outcome }, nowMs);
  const borne = voters.filter(({ memberId }) => borneIds.includes(memberId)).map(({ name }) => name);
  const result = {
    status: "passed",
    decision: { ...ended(decision, "passed", outcome), endedAtMs: nowMs },
    job,
  } as const;
  return borne.length === 0 ? result : { ...result, borneNames: borne };
}

async function goesOn(
  tx: Tx,
  { personId, isNew }: Completing,
  decision: Decision,
  short: Exclude<Awaited<ReturnType<typeof startVoted>>, { readonly status: "started" }>,
): Promise<VoteResult> {
  const isTaken = (each: DecisionVote) =>
    short.status === "unpaid" ? short.memberIds.includes(each.memberId) : each.personId === personId;
  const after = await takeVotes(tx, decision, isTaken);
  if (!isNew) await shown(tx, after);
  if (short.status === "pot_used") return { status: "pot_used", decision: after, why: short.why };
  if (short.status === "pot_short") return { ...short, decision: after };
  const nameOf = (id: string) => decision.votes.find(({ memberId }) => memberId === id)?.name ?? id;
  return { status: "unpaid", decision: after, names: short.memberIds.map(nameOf) };
}
