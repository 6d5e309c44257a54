import type { Decision, NewDecision } from "../domain/decision.ts";
import {
  ALL_VOTED_GRACE_MS,
  type EndedBy,
  ended,
  endingOf,
  REMIND_BEFORE_MS,
  winnersChosen,
} from "../domain/decision-end.ts";
import { notVoted, standingVotes, tally } from "../domain/decision-tally.ts";
import type { CloseInput, CloseResult } from "../ports/decisions.ts";
import {
  beginAnew,
  decisionBy,
  dueReminders,
  mayEnd,
  mustDecision,
  presentAt,
  reminded,
  storeEnd,
} from "./decisions.ts";
import { note, takeUpdate } from "./intake.ts";
import { decisionKeys, lockDecisions } from "./locks.ts";
import { outcomeNoted } from "./meetings.ts";
import { changed, changedEverywhere, lineChanged, oweReminder } from "./outbox.ts";
import type { Tx } from "./transaction.ts";

// How decisions end, each once. What is locked is its caller's.

/** Ends an open one now, or sends its tied candidates into the run-off. */
export async function end(tx: Tx, decision: Decision, by: EndedBy, nowMs: number): Promise<Decision> {
  const ending = endingOf(decision, await presentAt(tx, decision), by, nowMs);
  if (ending.state === "run_off") {
    const { options, closesAtMs } = ending;
    const runOff: NewDecision = { ...newDecisionOf(decision), options, closesAtMs, round: 2 };
    const after = await beginAnew(tx, runOff, undefined);
    await lineChanged(tx, decision.decisionId);
    return after;
  }
  await storeEnded(tx, decision, ending, nowMs);
  return { ...ended(decision, ending.state, ending.outcome), endedAtMs: nowMs };
}

/** Its messages say how it ended, and those of the job that it was about; what it chose is noted in its meeting. */
export async function storeEnded(
  tx: Tx,
  decision: Decision,
  ending: Parameters<typeof storeEnd>[2],
  nowMs: number,
): Promise<void> {
  const { decisionId, subjectJobId, meetingId } = decision;
  const wonImageId = await storeEnd(tx, decision, ending, nowMs);
  await changedEverywhere(tx, decisionId);
  if (meetingId !== undefined) await outcomeNoted(tx, meetingId, decisionId, wonImageId);
  // Last: whoever notes that this message was sent waits for nothing else.
  if (subjectJobId !== undefined) await changed(tx, subjectJobId);
}

function newDecisionOf({ state: _state, votes: _votes, outcome: _outcome, ...fresh }: Decision): NewDecision {
  return fresh;
}

/** See `Decisions.closeDecision`. */
export async function closeDecision(tx: Tx, input: CloseInput): Promise<CloseResult> {
  const { updateId, decisionId, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  const found = await decisionBy(tx, decisionId);
  if (!found) return { status: "absent" };
  await lockDecisions(tx, decisionKeys(found));
  const decision = await mustDecision(tx, decisionId);
  if (before) return { status: tx.again ? (decision.state === "open" ? "run_off" : "closed") : "known", decision };
  await note(tx, updateId, { did: "decided", decisionId }, nowMs);
  return closeLocked(tx, decision, input);
}

async function closeLocked(tx: Tx, decision: Decision, input: CloseInput): Promise<CloseResult> {
  const { by, choose, note: line, nowMs } = input;
  const { outcome, options, rule } = decision;
  // What spends passes by a vote alone, which starts it.
  const isThere = !rule.spends && options.some(({ id }) => id === choose);
  if (choose !== undefined && !isThere) return { status: "over", decision };
  const notes = line === undefined ? {} : { note: line };
  if (decision.state !== "open") {
    // After a run-off that ended in a tie again whoever runs it decides.
    if (!outcome?.tie || outcome.winners.length < 2 || choose === undefined) return { status: "over", decision };
    const closed = { by: "chair" as const, person: by };
    const after = { ...outcome, ...notes, winners: winnersChosen(decision, choose), closed, chairChose: true as const };
    await storeEnded(tx, decision, { state: "passed", outcome: after }, nowMs);
    return { status: "closed", decision: { ...ended(decision, "passed", after), endedAtMs: nowMs } };
  }
  const chosen = choose === undefined ? {} : { choose };
  const after = await end(tx, decision, { closed: { by: "chair", person: by }, ...chosen, ...notes }, nowMs);
  return { status: after.state === "open" ? "run_off" : "closed", decision: after };
}

/** All who are present have voted, and the last of them not just now: they may press another one. */
async function allHaveVoted(tx: Tx, decision: Decision, nowMs: number): Promise<boolean> {
  const { rule, options, votes } = decision;
  if (!decision.presentIds || votes.some(({ atMs }) => atMs > nowMs - ALL_VOTED_GRACE_MS)) return false;
  return tally(rule, options, votes, await presentAt(tx, decision)).state !== "open";
}
async function endsBy(tx: Tx, decision: Decision, nowMs: number): Promise<EndedBy["closed"] | undefined> {
  if (decision.state !== "open") return undefined;
  if (decision.closesAtMs <= nowMs) return { by: "deadline" };
  // What a full quorum starts is started by a vote.
  const isOver = decision.rule.method !== "quorum" && (await allHaveVoted(tx, decision, nowMs));
  return isOver ? { by: "votes" } : undefined;
}

/** See `Decisions.closeDecisions`. */
export async function closeDecisions(tx: Tx, nowMs: number): Promise<readonly Decision[]> {
  const due: Decision[] = [];
  for (const each of await mayEnd(tx, nowMs)) if (await endsBy(tx, each, nowMs)) due.push(each);
  await lockDecisions(tx, due.flatMap(decisionKeys));
  const after: Decision[] = [];
  for (const { decisionId } of due) {
    const decision = await mustDecision(tx, decisionId);
    const closed = await endsBy(tx, decision, nowMs);
    if (closed) after.push(await end(tx, decision, { closed }, nowMs));
  }
  return after;
}

/** See `Decisions.remind`. */
export async function remind(tx: Tx, nowMs: number): Promise<number> {
  const due = await dueReminders(tx, nowMs);
  await lockDecisions(tx, due.flatMap(decisionKeys));
  let owed = 0;
  for (const { decisionId } of due) {
    const decision = await mustDecision(tx, decisionId);
    await reminded(tx, decisionId);
    if (!(await wantsReminder(tx, decision, nowMs))) continue;
    owed += await oweReminder(tx, decisionId);
  }
  return owed;
}

async function wantsReminder(tx: Tx, decision: Decision, nowMs: number): Promise<boolean> {
  const { rule, options, votes, state, closesAtMs } = decision;
  if (state !== "open" || closesAtMs - nowMs < REMIND_BEFORE_MS) return false;
  const standing = standingVotes(options, votes);
  const present = await presentAt(tx, decision);
  if (present) return notVoted(standing, present).length > 0;
  return rule.needed === "majority_present" || standing.length < rule.needed;
}
