import { MEETING_MAX_MS, type Meeting, startedMeeting } from "../domain/meeting.ts";
import { applyMeeting, type MeetingChange } from "../domain/meeting-change.ts";
import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import type {
  ChangeMeetingInput,
  ChangeMeetingResult,
  StartMeetingInput,
  StartMeetingResult,
} from "../ports/meetings.ts";
import type { MeetingContent } from "../ports/store.ts";
import { note, takeUpdate } from "./intake.ts";
import { decisionsOfChatKey, lockDecisions, meetingKey } from "./locks.ts";
import { budgetBack, fund, withBudget } from "./meeting-budget.ts";
import { meetingBody } from "./meeting-rows.ts";
import { meetingBy, meetingByCode, meetingIn, nowPresentIn, openMeetings, put } from "./meetings.ts";
import { itemChanged, meetingChanged, meetingPlacedAnew, oweMeeting } from "./outbox.ts";
import { run, type Tx } from "./transaction.ts";

// How meetings begin, go on and end.

type NewRow = [
  meetingId: string,
  chatKey: string,
  settingsKey: string,
  state: string,
  wallKey: string,
  code: string,
  startedAtMs: number,
  revision: number,
  budget: number,
  body: string,
];
const insert = run<NewRow>(
  `INSERT INTO meeting(meeting_id, chat_key, settings_key, state, wall_key, code, started_at_ms, revision, budget, body)
   VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

/** See `Meetings.startMeeting`. */
export async function startMeeting(tx: Tx, input: StartMeetingInput): Promise<StartMeetingResult> {
  const { updateId, meeting: fresh, nowMs } = input;
  const { meetingId, place, wallKey, code } = fresh;
  const before = await takeUpdate(tx, updateId, nowMs);
  const chatKey = chatKeyOf(place);
  // Two that begin at once take neither one chat nor one code.
  await lockDecisions(tx, [decisionsOfChatKey(chatKey), meetingKey(meetingId), `code ${code}`]);
  // Its id follows from the update, whose inbox row may have been swept.
  const known = await meetingBy(tx, meetingId);
  if (known) return { status: tx.again && before !== undefined ? "started" : "known", meeting: known };
  const open = await meetingIn(tx, chatKey);
  if (open) return { status: "open", meeting: open };
  if (await meetingByCode(tx, code)) return { status: "code_taken" };
  const short = await fund(tx, input);
  if (short) return short;
  const meeting = startedMeeting(fresh);
  const { state, startedAtMs, revision, budgetFrom } = meeting;
  const budget = budgetFrom === undefined ? 0 : 1;
  const keys = [chatKey, settingsKeyOf(place), state, wallKey, code] as const;
  await insert(tx, meetingId, ...keys, startedAtMs, revision, budget, meetingBody.text(meeting));
  await note(tx, updateId, { did: "met", meetingId, changed: true }, nowMs);
  await oweMeeting(tx, meetingId);
  return { status: "started", meeting };
}

/** See `Meetings.changeMeeting`. */
export async function changeMeeting(tx: Tx, input: ChangeMeetingInput): Promise<ChangeMeetingResult> {
  const { updateId, meetingId, change, nowMs } = input;
  const before = await takeUpdate(tx, updateId, nowMs);
  await lockDecisions(tx, [meetingKey(meetingId)]);
  const meeting = await meetingBy(tx, meetingId);
  if (!meeting) return { status: "absent" };
  if (before) {
    const did = tx.again && before.did === "met" && before.changed;
    return { status: did ? "changed" : "same", meeting };
  }
  const applied = applyMeeting(meeting, change, nowMs);
  if (!applied.ok) return { status: "refused", problem: applied.problem, meeting };
  const after = applied.value;
  await note(tx, updateId, { did: "met", meetingId, changed: after !== meeting }, nowMs);
  if (after === meeting) return { status: "same", meeting };
  await put(tx, after);
  if (after.present !== meeting.present) await nowPresentIn(tx, after);
  await shown(tx, meeting, after, change);
  if (after.state === "ended") await budgetBack(tx, [after], nowMs);
  return { status: "changed", meeting: after };
}

/** Another item, or the end, comes at the end of the chat; all else is said where it belongs. */
async function shown(tx: Tx, before: Meeting, { meetingId, at, state }: Meeting, change: MeetingChange): Promise<void> {
  if (at !== before.at || state === "ended") return meetingPlacedAnew(tx, meetingId, leftBy(before));
  await meetingChanged(tx, meetingId);
  if ("at" in change && change.at !== at) await itemChanged(tx, meetingId, change.at);
}
const leftBy = ({ at }: Meeting): MeetingContent => (at < 0 ? { kind: "opening" } : { kind: "item", index: at });

/** See `Meetings.closeMeetings`. */
export async function closeMeetings(tx: Tx, nowMs: number): Promise<readonly Meeting[]> {
  const due = (await openMeetings(tx)).filter(({ startedAtMs }) => startedAtMs <= nowMs - MEETING_MAX_MS);
  const funded = await withBudget(tx);
  await lockDecisions(
    tx,
    [...due, ...funded].map(({ meetingId }) => meetingKey(meetingId)),
  );
  const ended: Meeting[] = [];
  for (const { meetingId } of due) {
    const meeting = await meetingBy(tx, meetingId);
    const applied = meeting && applyMeeting(meeting, { does: "end" }, nowMs);
    if (!meeting || !applied?.ok || applied.value === meeting) continue;
    await put(tx, applied.value);
    await meetingPlacedAnew(tx, meetingId, leftBy(meeting));
    ended.push(applied.value);
  }
  const alsoEnded = funded.filter(({ meetingId }) => !ended.some((each) => each.meetingId === meetingId));
  await budgetBack(tx, [...ended, ...alsoEnded.filter(({ state }) => state === "ended")], nowMs);
  return ended;
}
