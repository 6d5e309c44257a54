import { z } from "zod";
import type { Meeting } from "../../domain/meeting.ts";
import { timerMs } from "../../domain/meeting-change.ts";
import { text } from "../../domain/text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { atIn, MEETING_PRESSES, numberIn, timerTag } from "../../views/meeting/buttons.ts";
import { chairOutcome, noteOutcome } from "./ask.ts";
import { namedMeeting, steered } from "./steer.ts";
import { itemVisual } from "./visual.ts";
import { itemVote } from "./voting.ts";

/** What its token says: see views/meeting/buttons.ts. */
export const meetingArg = z.strictObject({
  m: z.string().regex(/^[\da-z]{16}$/u),
  d: z.enum(MEETING_PRESSES),
  a: z.string().regex(/^[\da-z]{1,2}$/u),
  n: z
    .string()
    .regex(/^[\da-z]{1,7}$/u)
    .optional(),
  t: z
    .string()
    .regex(/^[\da-z]{1,5}$/u)
    .optional(),
});
type Arg = z.output<typeof meetingArg>;

/** What "more time" adds. */
export const MORE_MS = 120_000;

/** A button of a meeting. It does what it did at the item it was made at, or nothing. */
export function pressOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  arg: Arg,
  values: Readonly<Record<string, unknown>> | undefined,
): Promise<Outcome> | Outcome {
  const found = namedMeeting(context, arg.m);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  const meeting = found.value;
  const at = atIn(arg.a);
  const words = typeof values?.["words"] === "string" ? values["words"] : undefined;
  switch (arg.d) {
    case "next":
      return steered(context, meeting, { does: "next", at });
    case "back":
      return steered(context, meeting, { does: "back-to", at, to: Math.max(0, at - 1) });
    case "end":
      return steered(context, meeting, { does: "end" });
    case "visual":
      return at === meeting.at ? itemVisual(context, catalogue, meeting) : passed();
    case "w":
      return at === meeting.at ? itemVote(context, meeting) : passed();
    case "pick":
    case "hold":
    case "unhold":
      return ofPicture(context, meeting, { does: arg.d, at, number: numberIn(arg.n ?? "") });
    case "more":
      return steered(context, meeting, { does: "more-time", at, addMs: MORE_MS, ...seenIn(meeting, arg) });
    case "pause":
      return steered(context, meeting, { does: "pause", at });
    case "go":
      return steered(context, meeting, { does: "go-on", at });
    case "note":
      return noteOutcome(context, meeting, at, words);
    case "chair":
      return chairOutcome(context, meeting, words);
  }
}

const passed = (): Outcome => ({
  do: "refuse",
  problem: { code: "expired", text: text("problem.meeting.passed") },
});

/** Of another timer than the one that the button was made at nothing is known. */
const OTHER_MS = -1;
const seenIn = ({ timer }: Meeting, { t = "" }: Arg): { readonly seenMs?: number } => {
  if (t !== timerTag(timer)) return { seenMs: OTHER_MS };
  return timer ? { seenMs: timerMs(timer) } : {};
};

export async function ofPicture(
  context: Context,
  meeting: Meeting,
  { does, at, number }: { readonly does: "pick" | "hold" | "unhold"; readonly at: number; readonly number: number },
): Promise<Outcome> {
  const picture = await context.reads.pictureByNumber(number);
  if (!picture || picture.deleted || picture.chatKey !== context.chatKey)
    return { do: "refuse", problem: { code: "not_found", text: text("problem.picture.unknown", { number }) } };
  const said = does === "pick" ? text("meeting.item.chair-chose", { picture: `#${number}` }) : undefined;
  return steered(context, meeting, { does, at, imageId: picture.imageId }, said);
}
