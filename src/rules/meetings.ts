import type { Person } from "../domain/block.ts";
import type { NewDecision } from "../domain/decision.ts";
import { currentItem, type Meeting } from "../domain/meeting.ts";
import { withDecision, withOutcome, withoutOutcome, withPresent } from "../domain/meeting-change.ts";
import { personOf } from "./accounts.ts";
import { nowPresent } from "./decisions.ts";
import { lockDecisions, meetingKey } from "./locks.ts";
import { type MeetingRow, meetingBody, meetingOf } from "./meeting-rows.ts";
import { itemChanged, meetingChanged } from "./outbox.ts";
import { all, one, run, type Tx } from "./transaction.ts";

// What is stored of meetings: how they are found, who is there, what was decided in them. Whoever changes one has locked it.

const SELECT = `SELECT chat_key AS "chatKey", settings_key AS "settingsKey", body FROM meeting`;
const found = (row: MeetingRow | undefined): Meeting | undefined => row && meetingOf(row);
const by = (where: string) => {
  const row = one<MeetingRow, [value: string]>(`${SELECT} WHERE ${where}`);
  return async (tx: Tx, value: string): Promise<Meeting | undefined> => found(await row(tx, value));
};
export const meetingBy = by("meeting_id = $1");
export const meetingIn = by("chat_key = $1 AND state <> 'ended'");
export const latestMeeting = by("chat_key = $1 ORDER BY started_at_ms DESC, seq DESC LIMIT 1");
export const meetingByWall = by("wall_key = $1");
export const meetingByCode = by("code = $1 AND state <> 'ended'");
const openRows = all<MeetingRow, []>(`${SELECT} WHERE state <> 'ended' ORDER BY seq`);
export const openMeetings = async (tx: Tx): Promise<readonly Meeting[]> => (await openRows(tx)).map(meetingOf);
/** The pot of the chat that a budget came from is under this key, also after a move. */
export const settingsKeyBy = one<Pick<MeetingRow, "settingsKey">, [meetingId: string]>(
  `SELECT settings_key AS "settingsKey" FROM meeting WHERE meeting_id = $1`,
);

type Written = [
  meetingId: string,
  state: string,
  startedAtMs: number,
  endedAtMs: number | null,
  revision: number,
  body: string,
];
const write = run<Written>(
  "UPDATE meeting SET state = $2, started_at_ms = $3, ended_at_ms = $4, revision = $5, body = $6 WHERE meeting_id = $1",
);
export async function put(tx: Tx, meeting: Meeting): Promise<void> {
  const { meetingId, state, startedAtMs, endedAtMs, revision } = meeting;
  await write(tx, meetingId, state, startedAtMs, endedAtMs ?? null, revision, meetingBody.text(meeting));
}

/** By which it is found: `put` leaves it as it was. */
export const putCode = run<[meetingId: string, code: string]>("UPDATE meeting SET code = $2 WHERE meeting_id = $1");

/** See `Meetings.attend`. One person is there once, whichever account they come by. */
export async function attend(tx: Tx, meetingId: string, person: Person): Promise<boolean> {
  await lockDecisions(tx, [meetingKey(meetingId)]);
  const meeting = await meetingBy(tx, meetingId);
  if (!meeting || meeting.state === "ended") return false;
  if (await isThere(tx, meeting, person)) return tx.again;
  const after = withPresent(meeting, person);
  if (after === meeting) return false;
  await put(tx, after);
  await nowPresentIn(tx, after);
  return true;
}
async function isThere(tx: Tx, { present }: Meeting, { id }: Person): Promise<boolean> {
  if (present.some((each) => each.id === id)) return true;
  const who = await personOf(tx, id);
  if (who === id) return false;
  for (const each of present) if ((await personOf(tx, each.id)) === who) return true;
  return false;
}
/** Its open votes count those who are there now. */
export async function nowPresentIn(tx: Tx, { items, present }: Meeting): Promise<void> {
  const presentIds = present.map(({ id }) => id);
  for (const decisionId of items.flatMap(({ decisionIds }) => decisionIds))
    await nowPresent(tx, decisionId, presentIds);
}

/** A decision is noted at the current item of its meeting, and those who are there are present in it. Without one, it is one of the chat. */
export async function inMeeting(tx: Tx, fresh: NewDecision): Promise<NewDecision> {
  const { meetingId, ...alone } = fresh;
  if (meetingId === undefined) return fresh;
  const meeting = await meetingBy(tx, meetingId);
  if (!meeting || !currentItem(meeting)) return alone;
  await put(tx, withDecision(meeting, fresh.decisionId));
  await meetingChanged(tx, meetingId);
  return { ...fresh, presentIds: meeting.present.map(({ id }) => id) };
}

/** A decision of this meeting has ended. */
export async function outcomeNoted(
  tx: Tx,
  meetingId: string,
  decisionId: string,
  wonImageId: string | undefined,
): Promise<void> {
  const meeting = await meetingBy(tx, meetingId);
  if (!meeting) return;
  await put(tx, withOutcome(meeting, decisionId, wonImageId));
  await meetingChanged(tx, meetingId);
  const index = meeting.items.findIndex(({ decisionIds }) => decisionIds.includes(decisionId));
  if (index >= 0) await itemChanged(tx, meetingId, index);
}

/** It goes on: what it chose is not chosen. */
export async function outcomeTakenBack(tx: Tx, meetingId: string, decisionId: string): Promise<void> {
  const meeting = await meetingBy(tx, meetingId);
  if (!meeting) return;
  await put(tx, withoutOutcome(meeting, decisionId));
  await meetingChanged(tx, meetingId);
  const index = meeting.items.findIndex(({ decisionIds }) => decisionIds.includes(decisionId));
  if (index >= 0) await itemChanged(tx, meetingId, index);
}

const ofChats = all<MeetingRow, [from: string, to: string]>(
  `${SELECT} WHERE chat_key IN ($1, $2) AND state <> 'ended' ORDER BY seq`,
);
/** Those that are open in either chat. */
export const meetingsToMove = async (tx: Tx, from: string, to: string): Promise<readonly Meeting[]> =>
  (await ofChats(tx, from, to)).map(meetingOf);
const moveRows = run<[from: string, to: string]>("UPDATE meeting SET chat_key = $2 WHERE chat_key = $1");
const moveKeys = run<[from: string, to: string]>("UPDATE meeting SET settings_key = $2 WHERE settings_key = $1");
/** A chat goes on under another key. Where a meeting is open there already, that one stays, and the one that comes is over. */
export async function moveMeetings(tx: Tx, from: string, to: string): Promise<void> {
  const [coming, there] = [await meetingIn(tx, from), await meetingIn(tx, to)];
  if (coming && there) {
    const lastMs = Math.max(
      coming.startedAtMs,
      ...coming.items.flatMap(({ spans }) => spans.map(({ fromMs }) => fromMs)),
    );
    await put(tx, { ...coming, state: "ended", endedAtMs: lastMs, revision: coming.revision + 1 });
  }
  await moveRows(tx, from, to);
  await moveKeys(tx, from, to);
}

/** Clocks are set by seconds all the time. */
const AHEAD_MS = 60_000;
/** What was begun by a clock that had jumped ahead began now: pictures that are asked for from now on belong to its current item. */
export async function meetingsSetBack(tx: Tx, nowMs: number): Promise<number> {
  let rows = 0;
  for (const meeting of await openMeetings(tx)) {
    const after = setBack(meeting, nowMs);
    if (after === meeting) continue;
    await put(tx, { ...after, revision: meeting.revision + 1 });
    rows += 1;
  }
  return rows;
}
function setBack(meeting: Meeting, nowMs: number): Meeting {
  const { timer, items, startedAtMs } = meeting;
  const newest = Math.max(
    startedAtMs,
    ...items.flatMap(({ spans }) => spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs ?? 0])),
  );
  const aheadMs = newest - nowMs;
  if (aheadMs <= AHEAD_MS) return meeting;
  const back = (atMs: number): number => Math.min(atMs, nowMs);
  return {
    ...meeting,
    startedAtMs: back(startedAtMs),
    items: items.map((item) => ({
      ...item,
      spans: item.spans.map(({ fromMs, toMs }) => ({
        fromMs: back(fromMs),
        ...(toMs === undefined ? {} : { toMs: back(toMs) }),
      })),
    })),
    ...(timer?.state === "runs" ? { timer: { state: "runs", endsAtMs: timer.endsAtMs - aheadMs } } : {}),
  };
}

type Old = [settingsKey: string, endedBeforeMs: number];
const OLD = "settings_key = $1 AND state = 'ended' AND ended_at_ms < $2 AND budget = 0";
const forgetOwed = run<Old>(`DELETE FROM outbox WHERE owner_id IN (SELECT meeting_id FROM meeting WHERE ${OLD})`);
const forgetRows = run<Old>(`DELETE FROM meeting WHERE ${OLD}`);
/** See `Meetings.forgetMeetings`. */
export async function forgetMeetings(
  tx: Tx,
  chats: readonly { readonly settingsKey: string; readonly madeBeforeMs: number }[],
): Promise<number> {
  let forgotten = 0;
  for (const { settingsKey, madeBeforeMs } of chats) {
    await forgetOwed(tx, settingsKey, madeBeforeMs);
    forgotten += await forgetRows(tx, settingsKey, madeBeforeMs);
  }
  return forgotten;
}
