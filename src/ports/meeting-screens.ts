import type { Person } from "../domain/block.ts";
import type { Member, Place } from "../domain/place.ts";
import type { Result } from "../domain/problem.ts";
import type { ShownDecision, ShownForm, ShownImage, ShownView } from "./view.ts";

// Walls and phones of a meeting: screens beside its chat, which may be on another platform. The web chat serves them.

/** What a wall or a phone shows, in the language of who reads it. Plain JSON. */
export interface ShownMeeting {
  readonly meetingId: string;
  /** Grows with each change of anything in here. */
  readonly revision: number;
  readonly language: string;
  readonly title: string;
  /** "waiting": not begun. "item": pictures of the current item. "vote": one is open. "result": one has just ended; stays until Next. "ended". */
  readonly state: "waiting" | "item" | "vote" | "result" | "ended";
  readonly startedAtMs: number;
  readonly chair: Person;
  readonly agenda: readonly ShownItem[];
  /** From 0; −1 while it waits. */
  readonly at: number;
  readonly timer?:
    | { readonly state: "runs"; readonly endsAtMs: number }
    | { readonly state: "paused"; readonly leftMs: number };
  /** Candidates of the current item, oldest first; those the chair holds, covered and unfinished ones left out. */
  readonly pictures: readonly ShownMeetingPicture[];
  /** That is open, or has ended last while this item was the current one: a decided run-off stands in the place of its tie. */
  readonly decision?: ShownDecision;
  /** How many. Who they are and who has voted, the chair's phone alone is told: for all others there are numbers and no names. */
  readonly present: readonly { readonly id: string; readonly name: string; readonly voted: boolean }[];
  /** For a phone: absent once it has ended. */
  readonly code?: string;
}

export interface ShownItem {
  readonly title: string;
  readonly state: "done" | "now" | "next";
  /** "5 of 7 approve", "agreed, 1 block", "the chair decided". */
  readonly outcome?: string;
  /** What was chosen. */
  readonly image?: ShownImage;
}

export interface ShownMeetingPicture {
  readonly imageId: string;
  readonly number: number;
  readonly image: ShownImage;
  readonly byName: string;
  /** Only to the chair: tokens that choose it, or take it off the wall and put it back. */
  readonly pickToken?: string;
  readonly holdToken?: string;
  readonly held?: true;
}

/** What a phone has beside the wall. */
export interface ShownSeat extends ShownMeeting {
  readonly me: Person;
  readonly isChair: boolean;
  /** What I chose in `decision`. */
  readonly choices: readonly string[];
  /** Pictures of mine that are waiting or being made. */
  readonly making: readonly { readonly words: string; readonly progress?: number }[];
  /** The chair's next step: the one large button. */
  readonly next?: { readonly label: string; readonly token: string };
  /** The chair's others, in order: decide later, two minutes more, pause, note, hand over, end. */
  readonly others: readonly { readonly does: SeatAction; readonly label: string; readonly token: string }[];
}
export type SeatAction =
  | "later"
  | "more-time"
  | "pause"
  | "go-on"
  | "note"
  | "visual"
  | "hand-over"
  | "end"
  | "undo-close"
  | "pick";

/** What a press or a command from a phone came to: said there alone. */
export type SeatAnswer =
  | { readonly is: "done" }
  | { readonly is: "said"; readonly view: ShownView }
  | { readonly is: "form"; readonly form: ShownForm };

/** Who sits at a phone, proven by `seat`. */
export interface SeatAsking {
  readonly seat: string;
  /** Where it comes from, opaque: counts as `Member.addressKey` does. */
  readonly addressKey?: string;
  readonly languages: readonly string[];
}

export interface MeetingScreens {
  /** By the key in its address. `undefined`: there is no such meeting, or it ended more than a day ago. @param languages of the browser */
  wall(wallKey: string, languages: readonly string[]): Promise<ShownMeeting | undefined>;
  /**
   * Lets somebody without an account in, by the meeting's code and the name they gave. `seat` is a signed text that stays on their
   * phone, good for this meeting only.
   *
   * @param by from where it comes, to bound tries; `undefined`: nothing tells
   */
  join(
    typed: string,
    name: string,
    by: string | undefined,
  ): Promise<Result<{ readonly seat: string; readonly meetingId: string }>>;
  /** Only whether the code is good, as `join` counts it: before a name is asked for. */
  knows(typed: string, by: string | undefined): Promise<Result<{ readonly title: string }>>;
  /** A seat for a member of the meeting's own chat, whom its platform knows. `undefined`: it is another chat's, or over. */
  seatFor(meetingId: string, at: Place, member: Member): Promise<string | undefined>;
  /** Whoever a seat belongs to; `undefined`: forged, or of a meeting that is gone. */
  seat(asking: SeatAsking): Promise<ShownSeat | undefined>;
  /** A button. @param updateId unique for ever: twice is once */
  press(
    asking: SeatAsking,
    pressed: { readonly updateId: string; readonly token: string; readonly values?: Readonly<Record<string, unknown>> },
  ): Promise<Result<SeatAnswer>>;
  /** Words for a picture of the current item, as `/visual` and `/imagine` take them: its answer comes to the chat, and to the wall. */
  draw(
    asking: SeatAsking,
    wanted: { readonly updateId: string; readonly words: string; readonly lettered: string },
  ): Promise<Result<SeatAnswer>>;
  /** Bytes of a picture that the wall or the seat shows; nothing else. `undefined`: not theirs to see. @param shownPx so wide it is shown, at most */
  media(
    key: string,
    by: { readonly wallKey: string } | { readonly seat: string },
    shownPx: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly mime: string } | undefined>;
  /** Called soon after anything a screen shows may have changed, at most ten times a second. @returns ends it */
  watch(by: { readonly wallKey: string } | { readonly seat: string }, changed: () => void): () => void;
}
