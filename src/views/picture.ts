import type { ChatRules } from "../domain/chat-settings.ts";
import { wholeWords } from "../domain/filled-template.ts";
import type { Job, Picture } from "../domain/job.ts";
import { plainSourceTypeOf, sourceTypeOf, sourceTypeOfAll } from "../domain/made-by.ts";
import { type ImageRequest, type Recipe, sizeOfRecipe } from "../domain/recipe.ts";
import { isAi, type SourceType } from "../domain/source-type.ts";
import { facts, type Text, text, verbatim } from "../domain/text.ts";
import { cutText } from "../lib/text.ts";
import type { View, ViewImage } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { encodeMediaKey, gridCell } from "./media-key.ts";

/** Whether pictures are covered here until somebody uncovers them. */
type Covering = Pick<ChatRules, "spoiler">;
/** What a classifier has flagged, and is shown all the same, is covered whatever the chat's rules say. */
export const isCovered = ({ spoiler }: Covering, ...pictures: readonly Pick<Picture, "verdict">[]): boolean =>
  spoiler || pictures.some(({ verdict }) => verdict?.kind === "flagged");
const covered = (rules: Covering, ...pictures: readonly Picture[]): Pick<ViewImage, "spoiler"> =>
  isCovered(rules, ...pictures) ? { spoiler: true } : {};

export function imageOfPicture(picture: Picture, variant: "posted" | "thumb" | "plain", rules: Covering): ViewImage {
  const { widthPx, heightPx } = sizeOfRecipe(picture.recipe);
  const key = encodeMediaKey({ of: "picture", imageId: picture.imageId, variant });
  const alt = variant === "plain" ? plainAltOf(picture.recipe) : altOf(picture.recipe);
  return { key, alt, widthPx, heightPx, ...covered(rules, picture) };
}

/** For those who do not see it: what was asked for, after a word for what made it. */
export const altOf = (recipe: Recipe): Text => altSaying(recipe, sourceTypeOf(recipe));
/** Of the picture without the words over it. */
const plainAltOf = (recipe: Recipe): Text => altSaying(recipe, plainSourceTypeOf(recipe));

function altSaying(recipe: Recipe, made: SourceType | undefined): Text {
  const prompt = wholeWords(recipe.request);
  if (made === undefined) return verbatim(prompt);
  return isAi(made) ? text("card.alt.ai", { prompt }) : text("card.alt.typeset", { prompt });
}

/** "made with AI (FLUX.1 dev)"; `undefined` of what no model had a part in. */
export const aiFact = (recipe: Recipe): Text | undefined =>
  isAi(sourceTypeOf(recipe)) ? text("card.fact.ai", { model: modelName(recipe) }) : undefined;

const MODEL_MAX_CHARS = 40;
/** Without the folders and the ending of a file of weights. */
const modelName = ({ model, backend }: Recipe): string => {
  const name = model.replace(/^.*[\\/]/u, "").replace(/\.(?:safetensors|gguf|ckpt|sft|onnx)\b.*$/iu, "");
  return name.trim() === "" ? backend : cutText(name, MODEL_MAX_CHARS);
};

/** What a running job shows of its unfinished picture. */
export function imageOfPreview(key: string, { request }: Job["order"], rules: Covering): ViewImage {
  const { widthPx, heightPx } = request;
  const prompt = wholeWords(request);
  return { key, alt: text("card.alt.unfinished", { prompt }), widthPx, heightPx, ...covered(rules) };
}

/** The lossless file with its recipe. @param token where words stand over it: signs the button that gives it without them */
export function originalView(picture: Picture, rules: Covering, token?: SignButton): View {
  const { imageId, jobId, index, number, recipe } = picture;
  return {
    text: text("card.original", { number }),
    ...(token && recipe.request.lettering !== undefined
      ? { buttons: [[{ label: text("button.plain"), token: token("plain", { jobId, pictures: index }) }]] }
      : {}),
    tone: "quiet",
    file: {
      key: encodeMediaKey({ of: "picture", imageId, variant: "original" }),
      name: `placard-${number}.png`,
      alt: altOf(recipe),
      ...covered(rules, picture),
    },
  };
}

/** The picture without the words that stand over it. */
export function plainView(picture: Picture, rules: Covering): View {
  const { imageId, number, recipe } = picture;
  return {
    text: text("card.plain-file", { number }),
    tone: "quiet",
    file: {
      key: encodeMediaKey({ of: "picture", imageId, variant: "plain" }),
      name: `placard-${number}-plain.png`,
      alt: plainAltOf(recipe),
      ...covered(rules, picture),
    },
  };
}

/** Of several pictures: `alt` says what they are. */
export const sheetAlt = (pictures: readonly Picture[], alt: Text): Text =>
  isAi(sourceTypeOfAll(pictures)) ? text("card.alt.ai", { prompt: alt }) : alt;

/** A batch as one sheet. */
export function imageOfPictures(pictures: readonly Picture[], rules: Covering): ViewImage {
  const [first] = pictures;
  if (!first) throw new Error("a sheet of no pictures");
  const cell = gridCell(first.order.request);
  return {
    key: encodeMediaKey({ of: "grid", jobId: first.jobId }),
    alt: sheetAlt(
      pictures,
      text("card.alt.sheet", { pictures: pictures.length, prompt: wholeWords(first.order.request) }),
    ),
    widthPx: cell.widthPx * 2,
    heightPx: cell.heightPx * Math.ceil(pictures.length / 2),
    ...covered(rules, ...pictures),
  };
}

/** "#12 · Ana · RCA · seed 7 · cfg 3 · 28 steps · 832×1216"; of what is set in type without a model's numbers. */
export function factsLine(picture: Picture, styleTitle: string): Text {
  const { request } = picture.recipe;
  return facts(
    verbatim(`#${picture.number}`),
    picture.memberName,
    styleTitle,
    text("card.fact.seed", { seed: request.seed }),
    ...settingFacts({ ...request, ...sizeOfRecipe(picture.recipe) }, picture.recipe),
  );
}

/** "cfg 3 · 28 steps · 832×1216". */
export const settingFacts = (
  { guidance, loraScale, steps, model, widthPx, heightPx }: ImageRequest,
  { typeset }: Pick<Recipe, "typeset">,
): readonly Text[] => [
  ...(typeset ? [] : [text("card.fact.cfg", { cfg: guidance })]),
  ...(loraScale === 1 ? [] : [text("card.fact.scale", { scale: loraScale })]),
  ...(typeset ? [] : [text("card.fact.steps", { steps })]),
  ...(model === undefined ? [] : [verbatim(model)]),
  verbatim(`${widthPx}×${heightPx}`),
];
