import { z } from "zod";
import { BATCH_MAX } from "../../domain/batch.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { PROMPT_MAX_CHARS, SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX, seedSchema } from "../../domain/recipe.ts";
import { presetOf, SIZE_PRESETS } from "../../domain/size.ts";
import { type Style, styleName } from "../../domain/style.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { attachmentOption, option } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { givenImage } from "./attached-image.ts";
import { modelArgs } from "./models.ts";
import { type DrawOptions, drawOrder } from "./order.ts";

const sidePx = z.int().min(SIDE_MIN_PX).max(SIDE_MAX_PX).multipleOf(SIDE_STEP_PX);

/** Every option about a picture, described once; commands and the Edit form take what they need. */
export const drawFields = {
  prompt: option(z.string().trim().min(1).max(PROMPT_MAX_CHARS), {
    about: text("option.prompt"),
    label: text("label.prompt"),
    rest: true,
    names: "prompt",
  }),
  size: option(z.string().trim().min(1).max(20), {
    about: text("option.size"),
    label: text("label.size"),
    suggestions: SIZE_PRESETS.map(({ name, label }) => ({ value: name, label })),
  }),
  seed: option(z.union([seedSchema, z.literal("random")]), {
    about: text("option.seed"),
    label: text("label.seed"),
    names: "seed",
  }),
  cfg: option(z.number().min(1).max(10), { about: text("option.cfg"), label: text("label.cfg") }),
  steps: option(z.int().min(1).max(50), { about: text("option.steps"), label: text("label.steps") }),
  scale: option(z.number().min(0).max(1.5), { about: text("option.scale"), label: text("label.scale") }),
  count: option(z.int().min(1).max(BATCH_MAX).default(1), { about: text("option.count"), label: text("label.count") }),
  width: option(sidePx, { about: text("option.width"), label: text("label.width") }),
  height: option(sidePx, { about: text("option.height"), label: text("label.height") }),
  negative: option(z.string().trim().max(PROMPT_MAX_CHARS), {
    about: text("option.negative"),
    label: text("label.negative"),
  }),
  truecfg: option(z.number().min(1).max(10), { about: text("option.truecfg"), label: text("label.truecfg") }),
  image: attachmentOption(text("option.image"), text("label.image")),
  change: option(z.number().min(0).max(1), { about: text("option.change"), label: text("label.change") }),
  letter: option(z.enum(["yes", "no"]), {
    about: text("option.letter"),
    label: text("label.letter"),
    labels: { yes: text("choice.yes"), no: text("choice.no") },
  }),
  brand: option(z.enum(["yes", "no"]), {
    about: text("option.brand"),
    label: text("label.brand"),
    labels: { yes: text("choice.yes"), no: text("choice.no") },
  }),
};

/** A style of the gallery, by its id or its title. */
export const styleOption = (styles: readonly Style[], about = text("option.style")) =>
  option(z.enum(styles.map(({ id }) => id)), {
    about,
    label: text("label.style"),
    labels: Object.fromEntries(styles.map((style) => [style.id, styleName(style)])),
  });

/**
 * The options of a drawing command, in the order platforms show them. With a style they tell what it takes for those left
 * out; without one that depends on the style chosen. A chat's own size, where it has one, goes before the style's.
 */
export function drawArgs(catalogue: Pick<Catalogue, "backends">, style?: Style) {
  const own = (of: (defaults: Style["defaults"]) => Text) =>
    style === undefined ? {} : { fallback: of(style.defaults) };
  const number = (value: number) => verbatim(String(value));
  return {
    prompt: drawFields.prompt,
    size: option(
      drawFields.size.optional(),
      own((defaults) => text("option.size.default", { size: sizeText(defaults) })),
    ),
    seed: drawFields.seed.optional(),
    cfg: option(
      drawFields.cfg.optional(),
      own(({ cfg }) => number(cfg)),
    ),
    steps: option(
      drawFields.steps.optional(),
      own(({ steps }) => number(steps)),
    ),
    scale: option(
      drawFields.scale.optional(),
      own(({ scale }) => number(scale)),
    ),
    count: drawFields.count,
    width: drawFields.width.optional(),
    height: drawFields.height.optional(),
    negative: drawFields.negative.optional(),
    truecfg: drawFields.truecfg.optional(),
    ...modelArgs(catalogue),
    image: drawFields.image.optional(),
    change: drawFields.change.optional(),
    letter: drawFields.letter.optional(),
    brand: drawFields.brand.optional(),
  };
}

const sizeText = ({ width, height }: Style["defaults"]): Text =>
  presetOf({ widthPx: width, heightPx: height })?.title ?? verbatim(`${width}×${height}`);

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

/** With what a form's words were taken as, beside the other advice on the card. */
export const noted = (outcome: Outcome, notes: readonly Text[]): Outcome =>
  outcome.do === "draw"
    ? { ...outcome, order: { ...outcome.order, advice: [...outcome.order.advice, ...notes] } }
    : outcome;
