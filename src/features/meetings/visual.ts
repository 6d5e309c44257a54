import { currentItem, type Meeting } from "../../domain/meeting.ts";
import { text } from "../../domain/text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { drawOutcome } from "../draw/options.ts";
import { promptOfWords, promptSaying } from "../lettering/layer.ts";
import { styleOfRequest } from "../pictures/rules.ts";
import { meetingSize } from "./steer.ts";

const SIZE = "slide";

/**
 * The title of the current item in letters over a picture, as `/visual` makes one: in the style and the size of the meeting.
 *
 * @param shows what the picture is to show besides; absent: whatever the title suggests
 */
export async function itemVisual(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  meeting: Meeting,
  shows?: string,
): Promise<Outcome> {
  const item = currentItem(meeting);
  if (!item) return { do: "refuse", problem: { code: "bad_args", text: text("problem.meeting.waits") } };
  const style = styleOfRequest(catalogue, context.rules.style);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  const words = item.title;
  const prompt = shows === undefined || shows === "" ? promptOfWords(words) : promptSaying({ prompt: shows }, words);
  const options = { prompt, size: meetingSize(context) ?? SIZE, letter: "yes" } as const;
  const outcome = await drawOutcome(context, style.value, options);
  return outcome.do === "draw" ? { ...outcome, sketched: true } : outcome;
}
