import type { Person } from "../domain/block.ts";
import type { Decision } from "../domain/decision.ts";

/** What walls and phones of meetings need of the store. A part of `Store`: see there. */
export interface MeetingUpkeep {
  /**
   * Another text once anything may have changed that a screen of this meeting shows: one statement, for whoever asks each second.
   * `undefined`: there is no such meeting.
   */
  meetingMark(meetingId: string): Promise<string | undefined>;
  /**
   * All open meetings get other codes: too many were guessed at. Resolves with how many that were.
   *
   * @param newCode is called inside the transaction, perhaps again
   */
  renewCodes(newCode: () => string): Promise<number>;
  /** A vote that was closed by hand goes on as if it had not been. */
  reopenDecision(input: ReopenInput): Promise<ReopenResult>;
}

export interface ReopenInput {
  readonly updateId: string;
  readonly decisionId: string;
  readonly by: Person;
  /** Only if it was closed after this moment, Unix ms. */
  readonly closedAfterMs: number;
  readonly nowMs: number;
}
export type ReopenResult =
  | { readonly status: "reopened" | "known"; readonly decision: Decision }
  /** It was closed too long ago, or by something that nobody takes back. */
  | { readonly status: "late"; readonly decision: Decision }
  | { readonly status: "absent" };
