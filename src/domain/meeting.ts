import type { Person } from "./block.ts";
import type { Allowance } from "./ledger.ts";
import type { Place } from "./place.ts";

// A meeting of one chat: an agenda that is gone through item by item, with who is there, what is made and what comes of it.

export const AGENDA_MAX_ITEMS = 30;
export const ITEM_TITLE_MAX_CHARS = 120;
export const MEETING_TITLE_MAX_CHARS = 100;
/** A note is at most this long, and an item has at most so many. */
export const MEETING_NOTE_MAX_CHARS = 500;
export const ITEM_MAX_NOTES = 50;
export const MEETING_MAX_PRESENT = 500;
/** A meeting that nobody ended is over after so long. */
export const MEETING_MAX_MS = 24 * 3_600_000;

interface MeetingNote {
  readonly by: Person;
  readonly note: string;
  readonly atMs: number;
}

/** A point of the agenda. Its number for people is its place in `Meeting.items`, from 1. */
export interface MeetingItem {
  readonly title: string;
  /** So long it may take; absent: no timer. */
  readonly minutes?: number;
  /** When it was the current one: pictures that were asked for then, in the meeting's chat, are its candidates. `toMs` absent: now. */
  readonly spans: readonly { readonly fromMs: number; readonly toMs?: number }[];
  /** Of these somebody made no picture of this item: the chair took them off the wall. */
  readonly heldImageIds: readonly string[];
  /** Votes that were opened while it was the current one, oldest first. */
  readonly decisionIds: readonly string[];
  /** What was picked: by a vote that passed, or by the chair. */
  readonly chosen?: { readonly imageId: string; readonly by: "vote" | "chair"; readonly decisionId?: string };
  readonly notes: readonly MeetingNote[];
}

/** Counts down on the wall only. `endsAtMs`: it runs; `leftMs`: it stands still. */
export type MeetingTimer =
  | { readonly state: "runs"; readonly endsAtMs: number }
  | { readonly state: "paused"; readonly leftMs: number };

export interface Meeting {
  /** 16 of a-z and 0-9, derived from the update that started it, so that a button can name it. */
  readonly meetingId: string;
  readonly place: Place;
  readonly title: string;
  /** Common to all that is made in it, where nothing else is said. */
  readonly style?: string;
  readonly size?: string;
  /** What its own pot was given, of whose allowance it was; the rest goes back at its end. Absent: everybody pays as always. */
  readonly budgetGpuMs?: number;
  /** Where `budgetGpuMs` came from, and where what is left of it goes. */
  readonly budgetFrom?: BudgetSource;
  readonly chair: Person;
  readonly startedBy: Person;
  readonly startedAtMs: number;
  /** Until `begun` the wall waits and shows the agenda. */
  readonly state: "waiting" | "running" | "ended";
  readonly items: readonly MeetingItem[];
  /** The current item, from 0; −1 while it waits. */
  readonly at: number;
  readonly timer?: MeetingTimer;
  /** Those who pressed, typed or joined by code since it began, in this order; the chair is the first. One person is there once, whichever account. */
  readonly present: readonly Person[];
  /** What phones type to come in: see `newJoinCode`. Ends with the meeting. */
  readonly code: string;
  /** In the address of the wall: unguessable, 16 of a-z and 0-9. Whoever has it may look. */
  readonly wallKey: string;
  readonly endedAtMs?: number;
  /** Counts changes: screens ask whether theirs is the newest. */
  readonly revision: number;
}

/** "member": of the starter's own, with the allowance they had then. "pot": of the chat's. */
export type BudgetSource =
  | { readonly by: "member"; readonly memberId: string; readonly allowance: Allowance }
  | { readonly by: "pot" };

/** As it begins: nobody has done anything yet. */
export type NewMeeting = Omit<
  Meeting,
  "state" | "items" | "at" | "timer" | "present" | "endedAtMs" | "revision" | "chair"
> & {
  readonly agenda: readonly AgendaItem[];
};
/** An item as it is planned. */
export type AgendaItem = Pick<MeetingItem, "title" | "minutes">;

export const plannedItem = ({ title, minutes }: AgendaItem): MeetingItem => ({
  title,
  ...(minutes === undefined ? {} : { minutes }),
  spans: [],
  heldImageIds: [],
  decisionIds: [],
  notes: [],
});

/** Whoever starts it has the chair and is there. */
export const startedMeeting = ({ agenda, ...fresh }: NewMeeting): Meeting => ({
  ...fresh,
  chair: fresh.startedBy,
  state: "waiting",
  items: agenda.map(plannedItem),
  at: -1,
  present: [fresh.startedBy],
  revision: 1,
});

/** The current item; absent: it waits, or has ended. */
export const currentItem = ({ state, items, at }: Pick<Meeting, "state" | "items" | "at">): MeetingItem | undefined =>
  state === "running" ? items[at] : undefined;
