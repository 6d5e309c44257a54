import { generateProblem } from "../../domain/permissions.ts";
import { ok, type Problem, type Result, refuse } from "../../domain/problem.ts";
import { type ImageRequest, type Order, sizeOfRecipe } from "../../domain/recipe.ts";
import { nearestSizeWithin, type Size, sizeOf } from "../../domain/size.ts";
import type { Style } from "../../domain/style.ts";
import { text, verbatim } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { cleanPrompt } from "../draw/advice.ts";
import { sizeOfGiven } from "../draw/attached-image.ts";
import { adviceFor, askedOf, checkedPrompt, editKeyNotStoredYet, finalPromptOf, seedFor } from "../draw/order.ts";
import { homeOfSeed, type Parent, requestBehind } from "./order.ts";

// A picture that becomes another one by words: "make the sky red, keep the letters".

/** What models that change pictures are good for, all of them. */
const EDIT_MOST_PIXELS = 1_572_864;
/** A thumbnail is changed as the picture it could be: smaller ones fall apart. */
const GIVEN_LEAST_PIXELS = 589_824;

export interface ByWords {
  /** What becomes of the first picture; they may speak of the others. */
  readonly words: string;
  readonly size?: string | undefined;
  readonly seed?: number | "random" | undefined;
  readonly cfg?: number | undefined;
  readonly steps?: number | undefined;
  readonly negative?: string | undefined;
  /** Of the style's LoRA: without it the style is only that of the picture. */
  readonly scale?: number | undefined;
}

/** One of this chat's pictures, or one that was given. */
export type Source =
  | { readonly from: "ours"; readonly parent: Parent }
  | { readonly from: "given"; readonly bytes: Uint8Array };

/** @param sources the one that is changed first; 1 to as many as `Reads.picturesForWords` says */
export async function byWordsOutcome(
  context: Context,
  style: Style,
  sources: readonly [Source, ...Source[]],
  said: ByWords,
): Promise<Outcome> {
  const problem = generateProblem(context) ?? tooMany(context.reads.picturesForWords(), sources.length);
  if (problem) return { do: "refuse", problem };
  const order = await orderByWords(context, style, sources, said);
  if (!order.ok) return { do: "refuse", problem: order.problem };
  const editBytes = sources.map((source) => (source.from === "given" ? source.bytes : undefined));
  return {
    do: "draw",
    order: order.value,
    ...(editBytes.some((bytes) => bytes !== undefined) ? { editBytes } : {}),
  };
}

/** @param most 0: no model here changes pictures by words */
export function tooMany(most: number, given: number): Problem | undefined {
  if (most === 0) return { code: "cannot_honour", text: text("problem.edit.none") };
  return given > most ? { code: "bad_args", text: text("problem.edit.pictures", { given, most }) } : undefined;
}

async function orderByWords(
  context: Context,
  style: Style,
  sources: readonly [Source, ...Source[]],
  said: ByWords,
): Promise<Result<Order>> {
  const prompt = checkedPrompt(said.words);
  if (!prompt.ok) return prompt;
  const size = said.size === undefined ? await sizeOfSource(sources[0]) : sizeOf(said.size);
  if (!size.ok) return size;
  const [first] = sources;
  const before = first.from === "ours" ? requestBehind(first.parent.picture) : undefined;
  const negative = cleanPrompt(said.negative ?? "");
  const { seedFrom, ...seeded } = seedFor(context, said.seed);
  // A style's LoRA is mostly made for another model than the one that changes pictures, and the picture has the style already.
  const loraScale = said.scale ?? 0;
  const request: ImageRequest = {
    ...prompt.value,
    finalPrompt: finalPromptOf(prompt.value.prompt, style, loraScale),
    ...(negative === "" ? {} : { negativePrompt: negative }),
    styleId: style.id,
    loraScale,
    guidance: said.cfg ?? style.defaults.cfg,
    trueCfg: 1,
    steps: said.steps ?? style.defaults.steps,
    ...size.value,
    ...seeded,
    edit: {
      keys: sources.map((source, at) =>
        source.from === "ours" ? source.parent.picture.imageId : editKeyNotStoredYet(at),
      ),
    },
    // A model gets the picture without them, and they are set over what comes of it.
    ...(before?.lettering ? { lettering: before.lettering } : {}),
  };
  return ok({
    request,
    count: 1,
    asked: askedOf(request, style),
    ...(first.from === "ours" ? { lineage: lineageOf(first.parent, prompt.value.prompt) } : {}),
    advice: adviceFor(context, style, request, { typed: said.words, isSizeChosen: said.size !== undefined }),
    seedFrom,
  });
}

const lineageOf = ({ picture }: Parent, words: string): NonNullable<Order["lineage"]> => ({
  parentImageId: picture.imageId,
  parentNumber: picture.number,
  kind: "edit",
  change: text("change.by-words", { words: verbatim(words) }),
  sameSeedOn: homeOfSeed(picture),
});

/** Nothing of a picture is lost to its shape: the size that can be asked for that is nearest to its own. */
async function sizeOfSource(source: Source): Promise<Result<Size>> {
  if (source.from === "ours")
    return ok(nearestSizeWithin(sizeOfRecipe(source.parent.picture.recipe), { mostPixels: EDIT_MOST_PIXELS }));
  const size = await sizeOfGiven(source.bytes);
  if (!size.ok) return refuse(size.problem);
  return ok(nearestSizeWithin(size.value, { leastPixels: GIVEN_LEAST_PIXELS, mostPixels: EDIT_MOST_PIXELS }));
}
