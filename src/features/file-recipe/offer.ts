import {
  type ImageRequest,
  type NoiseDtype,
  PROMPT_MAX_CHARS,
  type Recipe,
  SEED_MAX,
  SIDE_MAX_PX,
  SIDE_MIN_PX,
  SIDE_STEP_PX,
} from "../../domain/recipe.ts";
import { lorasOf, type Style } from "../../domain/style.ts";
import { type Text, text, verbatim, type Words } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import { cleanPrompt } from "../draw/advice.ts";
import type { DrawOptions } from "../draw/order.ts";
import type { FoundRecipe } from "./read.ts";
import type { Told, ToldLora } from "./told.ts";

/** What can be made here of a file's recipe. */
export interface Offer {
  readonly style: Style;
  /** The file names it, or its LoRA; else it is the chat's own. */
  readonly namesStyle: boolean;
  readonly options: DrawOptions;
  /** Of our own pictures: what no option says. */
  readonly variation?: ImageRequest["variation"];
  readonly noiseDtype?: NoiseDtype;
  /** The picture it began with. Files are members': whoever makes a picture of it looks whether it may be used. */
  readonly init?: ImageRequest["init"];
  /** The words over it: where, and in what. */
  readonly lettering?: ImageRequest["lettering"];
  readonly template?: ImageRequest["template"];
  /** What of it cannot be taken over, for people. */
  readonly leftOut: readonly Words[];
}

interface Here {
  readonly styles: readonly Style[];
  /** Of the chat, for files that name none of ours. */
  readonly style: Style;
}

const LEFT_OUT_MAX = 12;

/** `undefined`: there is no prompt, so nothing can be made of it. */
export function offerOf(found: FoundRecipe, here: Here): Offer | undefined {
  switch (found.kind) {
    case "none":
      return undefined;
    case "ours":
      return ourOffer(found.recipe, here);
    case "other":
      return otherOffer(found.told, here);
  }
}

function ourOffer({ request, style: made }: Recipe, here: Here): Offer {
  const style = here.styles.find(({ id }) => id === made.id);
  const { init, lettering, template } = request;
  return {
    style: style ?? here.style,
    namesStyle: style !== undefined,
    options: {
      prompt: request.promptLines ?? request.prompt,
      seed: request.seed,
      cfg: request.guidance,
      truecfg: request.trueCfg,
      steps: request.steps,
      scale: request.loraScale,
      width: request.widthPx,
      height: request.heightPx,
      ...(request.negativePrompt === undefined ? {} : { negative: request.negativePrompt }),
    },
    ...(request.variation ? { variation: request.variation } : {}),
    ...(request.noiseDtype === undefined ? {} : { noiseDtype: request.noiseDtype }),
    ...(init ? { init } : {}),
    ...(lettering ? { lettering } : {}),
    ...(template ? { template } : {}),
    leftOut: style ? [] : [text("file.style", { style: made.title })],
  };
}

function otherOffer(told: Told, here: Here): Offer | undefined {
  const full = cleanPrompt(told.prompt);
  if (full === "") return undefined;
  const prompt = cutText(full, PROMPT_MAX_CHARS);
  const negative = cutText(cleanPrompt(told.negative), PROMPT_MAX_CHARS);
  const matched = told.loras.map((lora) => ({ lora, style: styleOf(lora, here.styles) }));
  const used = matched.find(({ style }) => style !== undefined);
  const scale = within(used?.lora.weight, 0, 1.5);
  const cfg = within(told.guidance, 1, 10);
  const steps = told.steps !== undefined && Number.isInteger(told.steps) ? within(told.steps, 1, 50) : undefined;
  const size = sizeNear(told);
  const seed = told.seed === undefined || Number(told.seed) > SEED_MAX ? undefined : Number(told.seed);
  const truecfg = told.trueCfg !== undefined && told.trueCfg > 1 ? within(told.trueCfg, 1, 10) : undefined;
  return {
    style: used?.style ?? here.style,
    namesStyle: used !== undefined,
    options: {
      prompt,
      ...(negative === "" ? {} : { negative }),
      ...(seed === undefined ? {} : { seed }),
      ...(cfg === undefined ? {} : { cfg }),
      ...(truecfg === undefined ? {} : { truecfg }),
      ...(steps === undefined ? {} : { steps }),
      ...(scale === undefined ? {} : { scale }),
      ...(size ? { width: size.widthPx, height: size.heightPx } : {}),
    },
    leftOut: [
      ...(prompt === full ? [] : [text("file.prompt")]),
      ...(seed === undefined && told.seed !== undefined ? [text("card.fact.seed", { seed: told.seed })] : []),
      ...(cfg === undefined && told.guidance !== undefined ? [text("card.fact.cfg", { cfg: told.guidance })] : []),
      ...(steps === undefined && told.steps !== undefined ? [text("card.fact.steps", { steps: told.steps })] : []),
      ...(scale === undefined && used?.lora.weight !== undefined
        ? [text("card.fact.scale", { scale: used.lora.weight })]
        : []),
      ...(size && (size.widthPx !== told.widthPx || size.heightPx !== told.heightPx)
        ? [
            text("file.size", {
              from: `${told.widthPx}×${told.heightPx}`,
              to: `${size.widthPx}×${size.heightPx}`,
            }),
          ]
        : []),
      ...matched.filter((each) => each !== used).map(({ lora }) => verbatim(`LoRA ${bare(lora.name)}`)),
      ...told.facts
        .filter(({ name }) => !BOOKKEEPING.test(name))
        .map(({ name, value }) => verbatim(`${name} ${cutText(value, 40)}`)),
    ].slice(0, LEFT_OUT_MAX),
  };
}

/** They tell of the file, not of the picture. */
const BOOKKEEPING =
  /hash|version|date|template|token|user|time|licen[cs]e|title|software|comment|description|nodes|backend|style/iu;

const within = (value: number | undefined, min: number, max: number): number | undefined =>
  value !== undefined && value >= min && value <= max ? value : undefined;

/** Without folders and the ending. */
const bare = (name: string): string => name.replace(/^.*[\\/]/u, "").replace(/\.(?:safetensors|ckpt|pt)$/iu, "");
const keyOf = (name: string): string =>
  bare(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

const filesOf = (style: Style): readonly string[] =>
  Object.keys(style.lora).flatMap((backend) => lorasOf(style, backend).map(({ file }) => file));

/** By the file that any backend here calls so, or by the style's own name. */
const styleOf = ({ name }: ToldLora, styles: readonly Style[]): Style | undefined => {
  const key = keyOf(name);
  return key === ""
    ? undefined
    : styles.find((style) => [style.id, style.title, ...filesOf(style)].some((each) => keyOf(each) === key));
};

/** The nearest that can be made in its shape. */
function sizeNear({ widthPx, heightPx }: Told): { readonly widthPx: number; readonly heightPx: number } | undefined {
  if (!widthPx || !heightPx) return undefined;
  const shrink = Math.min(1, SIDE_MAX_PX / Math.max(widthPx, heightPx));
  const side = (px: number) =>
    Math.min(SIDE_MAX_PX, Math.max(SIDE_MIN_PX, Math.round((px * shrink) / SIDE_STEP_PX) * SIDE_STEP_PX));
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

/** As members read it. */
export const leftOutText = ({ leftOut }: Offer): Text | undefined =>
  leftOut.length === 0 ? undefined : { parts: leftOut, as: "commas" };
