import type { Person } from "./block.ts";
import {
  AGENDA_MAX_ITEMS,
  type AgendaItem,
  currentItem,
  ITEM_MAX_NOTES,
  MEETING_MAX_PRESENT,
  type Meeting,
  type MeetingItem,
  type MeetingTimer,
  plannedItem,
} from "./meeting.ts";
import { ok, type Problem, type Result, refuse } from "./problem.ts";
import { text } from "./text.ts";

// What can be done in a meeting. Pure. Each change names the item or the state it was made at, so that the same one twice, or two
// people's at once, are one: what has been done already, or belongs to an item that is over, changes nothing.

/** `at`: the item from 0 that was seen as the current one; −1: it waited. */
export type MeetingChange =
  /** From the waiting screen to the first item, or to the one after `at`. */
  | { readonly does: "next"; readonly at: number }
  | { readonly does: "back-to"; readonly at: number; readonly to: number }
  /** To any item, also one that is over. */
  | { readonly does: "note"; readonly at: number; readonly by: Person; readonly note: string }
  | { readonly does: "chair"; readonly to: Person }
  | { readonly does: "hold" | "unhold"; readonly at: number; readonly imageId: string }
  | { readonly does: "pick"; readonly at: number; readonly imageId: string }
  /** `seenMs`: the end, or what was left, of the timer as it was seen; absent: there was none. */
  | { readonly does: "more-time"; readonly at: number; readonly addMs: number; readonly seenMs?: number }
  | { readonly does: "pause" | "go-on"; readonly at: number }
  | { readonly does: "add-item"; readonly item: AgendaItem }
  | { readonly does: "end" };

/** A note is short enough where its text comes from: see MEETING_NOTE_MAX_CHARS. @returns the same meeting where nothing changes */
export function applyMeeting(meeting: Meeting, change: MeetingChange, nowMs: number): Result<Meeting> {
  if (meeting.state === "ended") return change.does === "end" ? ok(meeting) : refuse(OVER);
  const after = changed(meeting, change, nowMs);
  if (isProblem(after)) return refuse(after);
  return ok(after === meeting ? meeting : { ...after, revision: meeting.revision + 1 });
}

const isProblem = (after: Meeting | Problem): after is Problem => "code" in after && "text" in after;

function changed(meeting: Meeting, change: MeetingChange, nowMs: number): Meeting | Problem {
  switch (change.does) {
    case "next":
      if (change.at !== meeting.at) return meeting;
      return meeting.at + 1 < meeting.items.length ? gone(meeting, meeting.at + 1, nowMs) : LAST;
    case "back-to":
      if (change.at !== meeting.at || change.to === meeting.at) return meeting;
      return meeting.items[change.to] ? gone(meeting, change.to, nowMs) : NO_ITEM;
    case "note":
      return noted(meeting, change, nowMs);
    case "chair":
      return change.to.id === meeting.chair.id ? meeting : handedOver(meeting, change.to);
    case "hold":
    case "unhold":
      return atItem(meeting, change.at, (item) => held(item, change.imageId, change.does === "hold"));
    case "pick":
      return atItem(meeting, change.at, (item) =>
        item.chosen?.imageId === change.imageId
          ? item
          : { ...item, chosen: { imageId: change.imageId, by: "chair" as const } },
      );
    case "more-time":
    case "pause":
    case "go-on":
      return timed(meeting, change, nowMs);
    case "add-item":
      return added(meeting, change.item);
    case "end":
      return endedMeeting(meeting, nowMs);
  }
}

const problem = (
  code: Problem["code"],
  id: "problem.meeting.over" | "problem.meeting.last" | "problem.meeting.no-item" | "problem.meeting.waits",
) => ({ code, text: text(id) }) satisfies Problem;
const OVER = problem("expired", "problem.meeting.over");
const LAST = problem("bad_args", "problem.meeting.last");
const NO_ITEM = problem("not_found", "problem.meeting.no-item");
/** Nothing is noted or picked before its first item. */
const WAITS = problem("bad_args", "problem.meeting.waits");

const withItem = (meeting: Meeting, at: number, item: MeetingItem): Meeting =>
  meeting.items[at] === item
    ? meeting
    : { ...meeting, items: meeting.items.map((each, index) => (index === at ? item : each)) };

function atItem(meeting: Meeting, at: number, of: (item: MeetingItem) => MeetingItem): Meeting | Problem {
  const item = meeting.items[at];
  if (!item) return at < 0 ? WAITS : NO_ITEM;
  return withItem(meeting, at, of(item));
}

/** Its span ends. */
function left(meeting: Meeting, nowMs: number): Meeting {
  const item = meeting.items[meeting.at];
  if (!item) return meeting;
  const spans = item.spans.map((span) =>
    span.toMs === undefined ? { fromMs: span.fromMs, toMs: Math.max(span.fromMs, nowMs) } : span,
  );
  return withItem(meeting, meeting.at, { ...item, spans });
}

function gone(meeting: Meeting, to: number, nowMs: number): Meeting {
  const { timer: _timer, ...rest } = left(meeting, nowMs);
  const item = rest.items[to];
  if (!item) return meeting;
  const { minutes } = item;
  const timer: { readonly timer?: MeetingTimer } =
    minutes === undefined ? {} : { timer: { state: "runs", endsAtMs: nowMs + minutes * MINUTE_MS } };
  const there = withItem(rest, to, { ...item, spans: [...item.spans, { fromMs: nowMs }] });
  return { ...there, ...timer, state: "running", at: to };
}
const MINUTE_MS = 60_000;

function endedMeeting(meeting: Meeting, nowMs: number): Meeting {
  const { timer: _timer, ...rest } = left(meeting, nowMs);
  return { ...rest, state: "ended", endedAtMs: Math.max(meeting.startedAtMs, nowMs) };
}

function noted(
  meeting: Meeting,
  { at, by, note }: Extract<MeetingChange, { readonly does: "note" }>,
  nowMs: number,
): Meeting | Problem {
  const item = meeting.items[at];
  if (!item) return at < 0 ? WAITS : NO_ITEM;
  if (item.notes.some((each) => each.by.id === by.id && each.note === note)) return meeting;
  if (item.notes.length >= ITEM_MAX_NOTES)
    return { code: "bad_args", text: text("problem.meeting.notes-full", { max: ITEM_MAX_NOTES }) };
  return withItem(meeting, at, { ...item, notes: [...item.notes, { by, note, atMs: nowMs }] });
}

/** Who gets the chair is there, also where they have not done anything yet. */
function handedOver(meeting: Meeting, to: Person): Meeting {
  const isThere = meeting.present.some(({ id }) => id === to.id);
  return { ...meeting, chair: to, present: isThere ? meeting.present : [...meeting.present, to] };
}

function held(item: MeetingItem, imageId: string, isHeld: boolean): MeetingItem {
  if (item.heldImageIds.includes(imageId) === isHeld) return item;
  const heldImageIds = isHeld ? [...item.heldImageIds, imageId] : item.heldImageIds.filter((id) => id !== imageId);
  return { ...item, heldImageIds };
}

type Timing = Extract<MeetingChange, { readonly does: "more-time" | "pause" | "go-on" }>;
function timed(meeting: Meeting, change: Timing, nowMs: number): Meeting | Problem {
  if (!currentItem(meeting)) return WAITS;
  if (change.at !== meeting.at) return meeting;
  const { timer } = meeting;
  switch (change.does) {
    case "pause":
      if (timer?.state !== "runs") return meeting;
      return { ...meeting, timer: { state: "paused", leftMs: Math.max(0, timer.endsAtMs - nowMs) } };
    case "go-on":
      if (timer?.state !== "paused") return meeting;
      return { ...meeting, timer: { state: "runs", endsAtMs: nowMs + timer.leftMs } };
    case "more-time":
      if (change.seenMs !== (timer && timerMs(timer))) return meeting;
      return { ...meeting, timer: withMore(timer, change.addMs, nowMs) };
  }
}
/** Names a timer as it stands: see `MeetingChange`. */
export const timerMs = (timer: MeetingTimer): number => (timer.state === "runs" ? timer.endsAtMs : timer.leftMs);

/** Whose time is up gets it from now on. */
function withMore(timer: MeetingTimer | undefined, addMs: number, nowMs: number): MeetingTimer {
  if (timer?.state === "paused") return { state: "paused", leftMs: timer.leftMs + addMs };
  return { state: "runs", endsAtMs: Math.max(nowMs, timer?.endsAtMs ?? nowMs) + addMs };
}

/** One that is still to come and is called so is this one. */
function added(meeting: Meeting, item: AgendaItem): Meeting | Problem {
  const { items, at } = meeting;
  if (items.some(({ title }, index) => index > at && title === item.title)) return meeting;
  if (items.length >= AGENDA_MAX_ITEMS)
    return { code: "bad_args", text: text("problem.agenda.too-many", { max: AGENDA_MAX_ITEMS }) };
  return { ...meeting, items: [...items, plannedItem(item)] };
}

/** Somebody is there. The order in which they came stays. @returns the same meeting where they were, or where it is full */
export const withPresent = (meeting: Meeting, person: Person): Meeting =>
  meeting.state === "ended" ||
  meeting.present.length >= MEETING_MAX_PRESENT ||
  meeting.present.some(({ id }) => id === person.id)
    ? meeting
    : { ...meeting, present: [...meeting.present, person], revision: meeting.revision + 1 };

/** A vote was opened while an item was the current one. */
export function withDecision(meeting: Meeting, decisionId: string): Meeting {
  const item = currentItem(meeting);
  if (!item || meeting.items.some(({ decisionIds }) => decisionIds.includes(decisionId))) return meeting;
  const after = withItem(meeting, meeting.at, { ...item, decisionIds: [...item.decisionIds, decisionId] });
  return { ...after, revision: meeting.revision + 1 };
}

/** A vote has ended: what it chose is the choice of its item, whichever is current by now, and also after the end. */
export function withOutcome(meeting: Meeting, decisionId: string, wonImageId: string | undefined): Meeting {
  const at = meeting.items.findIndex(({ decisionIds }) => decisionIds.includes(decisionId));
  const item = meeting.items[at];
  if (!item) return meeting;
  const chosen = wonImageId === undefined ? {} : { chosen: { imageId: wonImageId, by: "vote" as const, decisionId } };
  return { ...withItem(meeting, at, { ...item, ...chosen }), revision: meeting.revision + 1 };
}

/** A vote that had ended goes on. */
export function withoutOutcome(meeting: Meeting, decisionId: string): Meeting {
  const items = meeting.items.map(({ chosen, ...item }) =>
    chosen === undefined || chosen.decisionId === decisionId ? item : { ...item, chosen },
  );
  return { ...meeting, items, revision: meeting.revision + 1 };
}
