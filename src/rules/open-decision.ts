import type { Decision, NewDecision } from "../domain/decision.ts";
import { remindAtMs } from "../domain/decision-end.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { OpenDecisionInput, OpenDecisionResult } from "../ports/decisions.ts";
import { end } from "./decision-ends.ts";
import { addDecision, beginAnew, countOpen, decisionBy, newestOf } from "./decisions.ts";
import { note, takeUpdate } from "./intake.ts";
import { decisionKeys, decisionsOfChatKey, lockDecisions } from "./locks.ts";
import { inMeeting } from "./meetings.ts";
import { changed, oweLine } from "./outbox.ts";
import type { InboxOutcome } from "./rows.ts";
import type { Tx } from "./transaction.ts";

/** Not counting rerolls, which are opened by a press: more of them nobody keeps in view. */
const OPEN_MAX = 20;

/** See `Decisions.openDecision`. */
export async function openDecision(tx: Tx, input: OpenDecisionInput): Promise<OpenDecisionResult> {
  const { updateId, decision: fresh, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  const chatKey = chatKeyOf(fresh.place);
  await lockDecisions(tx, [...decisionKeys(fresh), decisionsOfChatKey(chatKey)]);
  // Or its inbox row has been swept: its id follows from the update.
  const known = before ? await decisionOfUpdate(tx, before) : await decisionBy(tx, fresh.decisionId);
  if (known) return { status: tx.again ? "opened" : "known", decision: known };
  const same = fresh.subjectJobId === undefined ? undefined : await newestOf(tx, fresh.kind, fresh.subjectJobId);
  const current = same && (await upToNow(tx, same, nowMs));
  if (current?.state === "open") return { status: "same", decision: current };
  const open = await countOpen(tx, chatKey);
  if (open >= OPEN_MAX) return { status: "too_many", open };
  await note(tx, updateId, { did: "decided", decisionId: fresh.decisionId }, nowMs);
  const decision = await addDecision(tx, await inMeeting(tx, fresh), remindAtMs(fresh));
  await oweLine(tx, fresh.decisionId);
  if (fresh.subjectJobId !== undefined) await changed(tx, fresh.subjectJobId);
  return { status: "opened", decision };
}

/** What an update that came before was about. */
export async function decisionOfUpdate(tx: Tx, before: InboxOutcome): Promise<Decision | undefined> {
  switch (before.did) {
    case "decided":
      return decisionBy(tx, before.decisionId);
    case "voted":
      return newestOf(tx, "reroll", before.subjectJobId);
    case "accepted":
    case "refused":
    case "gave":
    case "met":
    case "asked":
      return undefined;
  }
}

/** A deadline that nobody has swept ends it here. */
export const upToNow = async (tx: Tx, decision: Decision, nowMs: number): Promise<Decision> =>
  decision.state === "open" && decision.closesAtMs <= nowMs
    ? end(tx, decision, { closed: { by: "deadline" } }, nowMs)
    : decision;

/**
 * The one to vote on now: that which is open, or a new one where none is or the last has closed; a reroll passes once for ever.
 * One in which nobody's vote is left begins anew, in the line it has.
 */
export async function openForVote(
  tx: Tx,
  fresh: NewDecision,
  nowMs: number,
): Promise<{ readonly decision: Decision; readonly isNew: boolean }> {
  const newest = fresh.subjectJobId === undefined ? undefined : await newestOf(tx, fresh.kind, fresh.subjectJobId);
  const found = newest && (await upToNow(tx, newest, nowMs));
  const { decisionId } = found ?? fresh;
  if (found?.state === "open") {
    if (found.votes.length > 0) return { decision: found, isNew: false };
    return { decision: await beginAnew(tx, { ...fresh, decisionId }, remindAtMs(fresh)), isNew: false };
  }
  if (found?.state === "passed" && found.kind === "reroll") return { decision: found, isNew: false };
  return { decision: await addDecision(tx, fresh, remindAtMs(fresh)), isNew: true };
}
