import type { Meeting, MeetingTimer } from "../../domain/meeting.ts";
import { timerMs } from "../../domain/meeting-change.ts";
import type { PressArg } from "../../domain/press.ts";
import type { SignButton } from "../buttons.ts";

// What is pressed in a meeting, answered by commands/buttons/meet.ts.

/** "w": which of the pictures, to the vote. "note" and "chair" ask for more. */
export const MEETING_PRESSES = [
  "next",
  "back",
  "visual",
  "w",
  "pick",
  "hold",
  "unhold",
  "more",
  "pause",
  "go",
  "note",
  "chair",
  "end",
] as const;
export type MeetingPress = (typeof MEETING_PRESSES)[number];

const RADIX = 36;
/** So much of a timer tells it from what it was a moment ago; the whole would not fit. */
const TIMER_BELOW = RADIX ** 5;
/** Names a timer as it stood when the button was made; absent: there was none. */
export const timerTag = (timer: MeetingTimer | undefined): string =>
  timer === undefined ? "" : (Math.abs(timerMs(timer)) % TIMER_BELOW).toString(RADIX);

/** The item that was the current one, as a token has it: "0" is the waiting screen. */
const atTag = (at: number): string => (at + 1).toString(RADIX);
export const atIn = (tag: string): number => Number.parseInt(tag, RADIX) - 1;
const numberTag = (number: number): string => number.toString(RADIX);
export const numberIn = (tag: string): number => Number.parseInt(tag, RADIX);

/** @param number of a picture, as in its chat */
export function meetingToken(
  token: SignButton,
  { meetingId, at, timer }: Pick<Meeting, "meetingId" | "at" | "timer">,
  press: MeetingPress,
  number?: number,
): string {
  const arg: PressArg = {
    m: meetingId,
    d: press,
    a: atTag(at),
    ...(number === undefined ? {} : { n: numberTag(number) }),
    ...(press === "more" && timer ? { t: timerTag(timer) } : {}),
  };
  return token("meet", "chat", arg);
}
