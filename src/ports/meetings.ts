import type { Person } from "../domain/block.ts";
import type { Meeting, NewMeeting } from "../domain/meeting.ts";
import type { AskedPicture } from "../domain/meeting-candidates.ts";
import type { MeetingChange } from "../domain/meeting-change.ts";
import type { Problem } from "../domain/problem.ts";

/** Meetings of chats, one open at a time in each. A part of `Store`: each method is one transaction, and repeating it with the same ids changes nothing. */
export interface Meetings {
  /** Inbox row + meeting + budget out of where it comes from + its card in the outbox, or none of them. */
  startMeeting(input: StartMeetingInput): Promise<StartMeetingResult>;
  /** What an update does to a meeting: read, applied (`applyMeeting`) and written under one lock, with what is owed to its chat. */
  changeMeeting(input: ChangeMeetingInput): Promise<ChangeMeetingResult>;
  /** Somebody is there, by whichever of their accounts: in the meeting and in its open votes. false: they were, or it is over. */
  attend(meetingId: string, person: Person): Promise<boolean>;
  meeting(meetingId: string): Promise<Meeting | undefined>;
  /** The open one. */
  meetingIn(chatKey: string): Promise<Meeting | undefined>;
  /** The open one, or that which was started last. */
  latestMeeting(chatKey: string): Promise<Meeting | undefined>;
  /** Also of one that has ended. */
  meetingByWall(wallKey: string): Promise<Meeting | undefined>;
  /** Of an open one. */
  meetingByCode(code: string): Promise<Meeting | undefined>;
  /** All pictures of a meeting's chat that were asked for while it ran, as far as they are there, oldest first. */
  picturesAsked(meetingId: string): Promise<readonly AskedPicture[]>;
  /** Those that ended before their chat keeps anything, with what they owed, notes and who was there. Resolves with how many. */
  forgetMeetings(chats: readonly { readonly settingsKey: string; readonly madeBeforeMs: number }[]): Promise<number>;
  /** What is left of its budget, and what is held of it for jobs under way; zeroes where it has none. */
  meetingBudget(meetingId: string): Promise<{ readonly leftGpuMs: number; readonly heldGpuMs: number }>;
  /** Ends those that have lasted for MEETING_MAX_MS, and gives back what ended ones have left over. Resolves with those it ended. */
  closeMeetings(nowMs: number): Promise<readonly Meeting[]>;
}

export interface StartMeetingInput {
  readonly updateId: string;
  readonly meeting: NewMeeting;
  /** What one person may give within 24 hours, as of `GiveInput`: where the budget is of the starter's own. */
  readonly dayCapGpuMs: number;
  readonly nowMs: number;
}
export type StartMeetingResult =
  | { readonly status: "started"; readonly meeting: Meeting }
  /** This update came before. */
  | { readonly status: "known"; readonly meeting: Meeting }
  /** One is open in this chat. */
  | { readonly status: "open"; readonly meeting: Meeting }
  /** Of another open one: draw anew. */
  | { readonly status: "code_taken" }
  /** The budget is more than there is, or than one may give in a day. */
  | { readonly status: "short" | "day_full"; readonly leftGpuMs: number };

export interface ChangeMeetingInput {
  readonly updateId: string;
  readonly meetingId: string;
  readonly change: MeetingChange;
  readonly nowMs: number;
}
export type ChangeMeetingResult =
  | { readonly status: "changed"; readonly meeting: Meeting }
  /** It is as it was: done before, by this update or by somebody else's. */
  | { readonly status: "same"; readonly meeting: Meeting }
  | { readonly status: "refused"; readonly problem: Problem; readonly meeting: Meeting }
  | { readonly status: "absent" };
