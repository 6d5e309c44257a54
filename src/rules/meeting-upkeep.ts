import type { Meeting } from "../domain/meeting.ts";
import type { ReopenInput, ReopenResult } from "../ports/meeting-upkeep.ts";
import { decisionBy, mustDecision, newestOf, reopen } from "./decisions.ts";
import { note, takeUpdate } from "./intake.ts";
import { decisionKeys, lockDecisions, meetingKey } from "./locks.ts";
import { meetingBy, meetingByCode, openMeetings, outcomeTakenBack, put, putCode } from "./meetings.ts";
import { changed, changedEverywhere, meetingChanged } from "./outbox.ts";
import { one, type Tx } from "./transaction.ts";

// What screens of meetings need.

/**
 * A meeting counts its own changes, the votes that are cast among them not: these have tags. Through picture_age, job_open and
 * decision_open.
 */
const marks = one<{ readonly mark: string }, [meetingId: string]>(
  `SELECT m.revision || ' ' || m.state
     || ' ' || coalesce((SELECT string_agg(d.decision_id || d.votes_tag, ',' ORDER BY d.seq) FROM decision d
        WHERE d.state = 'open' AND d.chat_key = m.chat_key), '')
     || ' ' || (SELECT count(*) || ' ' || coalesce(max(p.number), 0) FROM picture p
        WHERE p.settings_key = m.settings_key AND p.made_at_ms >= m.started_at_ms AND p.deleted_at_ms IS NULL)
     || ' ' || (SELECT count(*) || ' ' || coalesce(sum(j.attempt), 0) FROM job j
        WHERE j.ended_at_ms IS NULL AND j.chat_key = m.chat_key) AS mark
   FROM meeting m WHERE m.meeting_id = $1`,
);
/** See `MeetingUpkeep.meetingMark`. */
export const meetingMark = async (tx: Tx, meetingId: string): Promise<string | undefined> =>
  (await marks(tx, meetingId))?.mark;

const DRAWS_MAX = 100;

/** See `MeetingUpkeep.renewCodes`. */
export async function renewCodes(tx: Tx, newCode: () => string): Promise<number> {
  const open = await openMeetings(tx);
  await lockDecisions(
    tx,
    open.map(({ meetingId }) => meetingKey(meetingId)),
  );
  let renewed = 0;
  for (const { meetingId } of open) {
    const meeting = await meetingBy(tx, meetingId);
    if (!meeting || meeting.state === "ended") continue;
    await renew(tx, meeting, newCode);
    renewed += 1;
  }
  return renewed;
}

async function renew(tx: Tx, meeting: Meeting, newCode: () => string): Promise<void> {
  for (let draws = 0; draws < DRAWS_MAX; draws += 1) {
    const code = newCode();
    if (await meetingByCode(tx, code)) continue;
    await put(tx, { ...meeting, code, revision: meeting.revision + 1 });
    await putCode(tx, meeting.meetingId, code);
    await meetingChanged(tx, meeting.meetingId);
    return;
  }
  throw new Error("no code of a meeting is free");
}

/** Whoever opens it again wants to be voted on for a little longer. */
const AGAIN_AT_LEAST_MS = 60_000;

/** See `MeetingUpkeep.reopenDecision`. */
export async function reopenDecision(tx: Tx, input: ReopenInput): Promise<ReopenResult> {
  const { updateId, decisionId, closedAfterMs, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  const found = await decisionBy(tx, decisionId);
  if (!found) return { status: "absent" };
  await lockDecisions(tx, decisionKeys(found));
  const decision = await mustDecision(tx, decisionId);
  if (before) return { status: tx.again && decision.state === "open" ? "reopened" : "known", decision };
  const { outcome, endedAtMs = 0, rule, kind, subjectJobId, meetingId } = decision;
  // What a secret one was told is forgotten, and what a run has begun for goes on.
  const isBack = outcome?.closed.by === "chair" && rule.visibility !== "secret" && !rule.spends;
  const isNewest =
    subjectJobId === undefined || (await newestOf(tx, kind, subjectJobId))?.decisionId === decision.decisionId;
  if (!isBack || !isNewest || outcome.chairChose || endedAtMs <= closedAfterMs) return { status: "late", decision };
  await note(tx, updateId, { did: "decided", decisionId }, nowMs);
  await reopen(tx, decisionId, Math.max(decision.closesAtMs, nowMs + AGAIN_AT_LEAST_MS));
  await changedEverywhere(tx, decisionId);
  if (meetingId !== undefined) await outcomeTakenBack(tx, meetingId, decisionId);
  if (subjectJobId !== undefined) await changed(tx, subjectJobId);
  return { status: "reopened", decision: await mustDecision(tx, decisionId) };
}
