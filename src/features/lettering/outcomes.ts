import type { LetteredWords, LetteringPlace } from "../../domain/lettering.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import type { ImageRequest, Order } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import type { Catalogue, Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { withBrand } from "../brand/apply.ts";
import { editOrder, letteringOrder, NOTHING_CHANGED, requestBehind } from "../derive/order.ts";
import { sizeOfGiven } from "../draw/attached-image.ts";
import { askedOf, checkedPrompt, finalPromptOf, KEY_NOT_STORED_YET } from "../draw/order.ts";
import { pressedPicture, styleOfRequest } from "../pictures/rules.ts";
import { changedLayer, promptOfWords, promptSaying } from "./layer.ts";

// Words over a picture that is there: no model makes anything, so it costs nothing.

/** What was asked to stand on it. */
export interface Caption {
  readonly text: string;
  readonly place?: LetteringPlace | undefined;
  readonly brand?: "yes" | "no" | undefined;
}

/** Over one of this chat's pictures, whoever made it. One that was set in type is set in type anew. */
export function captionOutcome(
  context: Context,
  subject: PressedJob,
  catalogue: Pick<Catalogue, "styles">,
  caption: Caption,
): Outcome {
  const forbidden = generateProblem(context) ?? whichOne(subject);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const pressed = pressedPicture(subject);
  if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
  const { picture } = pressed.value;
  const words = readWords(context, caption.text);
  if (!words.ok) return { do: "refuse", problem: words.problem };
  const before = requestBehind(picture);
  const prompt = checkedPrompt(promptSaying(before, caption.text));
  if (!prompt.ok) return { do: "refuse", problem: prompt.problem };
  const style = styleOfRequest(catalogue, before.styleId);
  const changed = changedLayer(before.lettering, words.value, caption.place);
  // Words that stand there already keep what they have.
  const layer = before.lettering ? changed : withBrand(changed, context.brand, { on: "words" }, caption.brand);
  if (picture.recipe.typeset) {
    if (!style.ok) return { do: "refuse", problem: style.problem };
    const typed = prompt.value.promptLines ?? prompt.value.prompt;
    const order = editOrder(context, style.value, { picture, count: 1 }, { prompt: typed });
    if (!order.ok) return { do: "refuse", problem: order.problem };
    return { do: "draw", order: letteringChanged(order.value), free: true };
  }
  if (JSON.stringify(layer) === JSON.stringify(picture.recipe.request.lettering))
    return { do: "refuse", problem: NOTHING_CHANGED };
  const { promptLines: _lines, template: _filled, ...rest } = before;
  // Moved words are still what was typed, or filled in.
  const isMoved = JSON.stringify(layer.words) === JSON.stringify(before.lettering?.words);
  const request: ImageRequest = { ...(isMoved ? before : { ...rest, ...prompt.value }), lettering: layer };
  return { do: "draw", order: letteringOrder(style.ok ? style.value : undefined, picture, request) };
}

const letteringChanged = (order: Order): Order =>
  order.lineage
    ? { ...order, lineage: { ...order.lineage, kind: "lettering", change: text("change.lettering") } }
    : order;

/** Over a picture that a member gave. */
export async function captionGiven(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  given: Uint8Array,
  caption: Caption,
): Promise<Outcome> {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const words = readWords(context, caption.text);
  if (!words.ok) return { do: "refuse", problem: words.problem };
  const style = styleOfRequest(catalogue, context.rules.style);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  const prompt = checkedPrompt(promptOfWords(caption.text));
  if (!prompt.ok) return { do: "refuse", problem: prompt.problem };
  const size = await sizeOfGiven(given);
  if (!size.ok) return { do: "refuse", problem: size.problem };
  const { defaults } = style.value;
  const request: ImageRequest = {
    ...prompt.value,
    finalPrompt: finalPromptOf(prompt.value.prompt, style.value, defaults.scale),
    styleId: style.value.id,
    loraScale: defaults.scale,
    guidance: defaults.cfg,
    trueCfg: 1,
    steps: defaults.steps,
    seed: context.newSeed(),
    ...size.value,
    // Kept as it is: nothing of it is made anew.
    init: { key: KEY_NOT_STORED_YET, strength: 0 },
    lettering: withBrand(
      changedLayer(undefined, words.value, caption.place),
      context.brand,
      { on: "words" },
      caption.brand,
    ),
  };
  const asked = askedOf(request, style.value);
  return {
    do: "draw",
    order: { request, count: 1, asked, lettersOver: KEY_NOT_STORED_YET, advice: [], seedFrom: "drawn" },
    initBytes: given,
  };
}

function readWords({ words }: Pick<Context, "words">, typed: string): Result<readonly LetteredWords[]> {
  const read = words.of(typed);
  return read.length > 0 ? ok(read) : refuse({ code: "cannot_honour", text: text("problem.letter.no-letters") });
}

/** Words are set over one picture; a batch has up to four. */
export function whichOne({ pictures, which }: PressedJob): Problem | undefined {
  const [first, ...others] = pictures;
  const last = others.at(-1);
  if (which !== "all" || !first || !last) return undefined;
  return { code: "bad_args", text: text("problem.picture.which", { first: first.number, last: last.number }) };
}
