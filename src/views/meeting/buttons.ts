import { currentItem, type Meeting, type MeetingTimer } from "../../domain/meeting.ts";
import { timerMs } from "../../domain/meeting-change.ts";
import type { PressArg } from "../../domain/press.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Button } from "../../ports/view.ts";
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
export const atTag = (at: number): string => (at + 1).toString(RADIX);
export const atIn = (tag: string): number => Number.parseInt(tag, RADIX) - 1;
export const numberTag = (number: number): string => number.toString(RADIX);
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

/** With what stands before it a button has room for 24. */
const ITEM_SHOWN_CHARS = 14;

/** Under the card of a meeting that is open. @param candidates how many pictures can be voted on; 0 while a vote on them is open */
export function meetingButtons(
  token: SignButton,
  meeting: Meeting,
  candidates: number,
): readonly (readonly Button[])[] {
  const next = meeting.items[meeting.at + 1];
  if (!currentItem(meeting))
    return [[{ label: text("button.meeting.begin"), token: meetingToken(token, meeting, "next"), tone: "primary" }]];
  const onward: Button = next
    ? {
        label: text("button.meeting.next", { item: cutText(next.title, ITEM_SHOWN_CHARS) }),
        token: meetingToken(token, meeting, "next"),
      }
    : { label: text("button.meeting.end"), token: meetingToken(token, meeting, "end") };
  return [
    [
      {
        label: text("button.meeting.visual"),
        token: meetingToken(token, meeting, "visual"),
        ...(candidates < 2 ? { tone: "primary" as const } : {}),
      },
      ...(candidates < 2
        ? []
        : [
            {
              label: text("button.meeting.vote"),
              token: meetingToken(token, meeting, "w"),
              tone: "primary" as const,
            },
          ]),
    ],
    [onward],
  ];
}

/** Under the card of one that is over: what can be taken away. */
export const documentButtons = (token: SignButton, { meetingId }: Pick<Meeting, "meetingId">): readonly Button[] =>
  (["deck", "zip", "sheet"] as const).map((kind) => ({
    label: text(`button.document.${kind}`),
    token: token("doc", "chat", { k: kind, m: meetingId }),
  }));
