import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { Button } from "../../ports/view.ts";
import type { SignButton } from "../buttons.ts";
import { meetingToken } from "./buttons.ts";

// The rows of buttons under the messages of a meeting.

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
    does: kind,
  }));
