import { z } from "zod";
import { BATCH_MAX } from "../../domain/batch.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { PROMPT_MAX_CHARS, SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX, seedSchema } from "../../domain/recipe.ts";
import { presetOf, SIZE_PRESETS } from "../../domain/size.ts";
import type { Style } from "../../domain/style.ts";
import { attachmentOption, option } from "../../ports/args.ts";
import type { Context, Outcome } from "../../ports/command.ts";
import { givenImage } from "./attached-image.ts";
import { type DrawOptions, drawOrder } from "./order.ts";

const sidePx = z.int().min(SIDE_MIN_PX).max(SIDE_MAX_PX).multipleOf(SIDE_STEP_PX);

/** Every option about a picture, described once; commands and the Edit form take what they need. */
export const drawFields = {
  prompt: option(
    z.string().trim().min(1).max(PROMPT_MAX_CHARS).describe("what to draw; words to letter in double quotes"),
    { rest: true, names: "prompt" },
  ),
  size: option(z.string().trim().min(1).max(20).describe("the shape: a name, or width x height such as 832x1216"), {
    suggestions: SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
  }),
  seed: option(
    z
      .union([seedSchema, z.literal("random")])
      .describe("the same seed makes the same picture again; random passes a locked seed by"),
    { names: "seed" },
  ),
  cfg: z.number().min(1).max(10).describe("how strictly the prompt is followed; 2 to 4 is the good zone"),
  steps: z.int().min(1).max(50).describe("how long it is worked on; more costs more"),
  scale: z.number().min(0).max(1.5).describe("how strong the style is; 0 switches it off"),
  count: z.int().min(1).max(BATCH_MAX).default(1).describe("how many pictures, with seeds counting up"),
  width: sidePx.describe("width in pixels, in steps of 64"),
  height: sidePx.describe("height in pixels, in steps of 64"),
  negative: z.string().trim().max(PROMPT_MAX_CHARS).describe("what to keep out, where the backend can"),
  truecfg: z.number().min(1).max(10).describe("a second kind of cfg, twice the time; 1 is off"),
  image: attachmentOption("a picture to start from"),
  change: z.number().min(0).max(1).describe("how much of that picture may change: 0 keeps it, 1 ignores it"),
};

/**
 * The options of a drawing command, in the order platforms show them. With a style they tell what it takes for those left
 * out; without one that depends on the style chosen. A chat's own size, where it has one, goes before the style's.
 */
export function drawArgs(style?: Style) {
  const own = (of: (defaults: Style["defaults"]) => number | string) =>
    style === undefined ? {} : { fallback: String(of(style.defaults)) };
  return {
    prompt: drawFields.prompt,
    size: option(
      drawFields.size.optional(),
      own((defaults) => `${sizeText(defaults)}, or the chat's own`),
    ),
    seed: drawFields.seed.optional(),
    cfg: option(
      drawFields.cfg.optional(),
      own(({ cfg }) => cfg),
    ),
    steps: option(
      drawFields.steps.optional(),
      own(({ steps }) => steps),
    ),
    scale: option(
      drawFields.scale.optional(),
      own(({ scale }) => scale),
    ),
    count: drawFields.count,
    width: drawFields.width.optional(),
    height: drawFields.height.optional(),
    negative: drawFields.negative.optional(),
    truecfg: drawFields.truecfg.optional(),
    image: drawFields.image.optional(),
    change: drawFields.change.optional(),
  };
}

const sizeText = ({ width, height }: Style["defaults"]): string =>
  presetOf({ widthPx: width, heightPx: height })?.name ?? `${width}x${height}`;

/** Decides about a command that asks for a picture in a style. */
export async function drawOutcome(context: Context, style: Style, options: DrawOptions): Promise<Outcome> {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const given = await givenImage(context);
  return given.ok ? drawFrom(context, style, options, given.value) : { do: "refuse", problem: given.problem };
}

/** As `drawOutcome`, from these bytes. */
export function drawFrom(context: Context, style: Style, options: DrawOptions, given: Uint8Array | undefined): Outcome {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const order = drawOrder(context, style, { ...options, hasImage: given !== undefined });
  if (!order.ok) return { do: "refuse", problem: order.problem };
  return { do: "draw", order: order.value, ...(given === undefined ? {} : { initBytes: given }) };
}
