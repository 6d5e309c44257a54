import { z } from "zod";
import { BATCH_MAX } from "./batch.ts";
import { filledTemplateSchema } from "./filled-template.ts";
import { brandingSchema, letteringLayerSchema } from "./lettering.ts";
import { SOURCE_TYPES } from "./source-type.ts";
import { textSchema } from "./text-schema.ts";

export const SEED_MAX = 0xffff_ffff;
export const PROMPT_MAX_CHARS = 1500;
export const MODEL_TITLE_MAX_CHARS = 80;
/** So many LoRAs a style can have at once: with more of them each is hardly seen. */
export const LORAS_MAX = 3;
/** The one that is changed, and those it takes something from. */
export const EDIT_PICTURES_MAX = 3;
export const SIDE_MIN_PX = 256;
export const SIDE_MAX_PX = 1536;
export const SIDE_STEP_PX = 64;
/** Of an enlarged one: as RGBA such a square is 67 MB. */
export const ENLARGED_SIDE_MAX_PX = 4096;
/** No picture of ours is larger. */
export const PICTURE_MAX_PIXELS = ENLARGED_SIDE_MAX_PX * ENLARGED_SIDE_MAX_PX;

/** A file, or what a backend calls it, and its hash where the backend tells. */
const usedLoraSchema = z.strictObject({
  reference: z.string(),
  hash: z.string().optional(),
  /** Where it is not the request's own: the style gives each of several a strength. */
  scale: z.number().exactOptional(),
});
export type UsedLora = z.output<typeof usedLoraSchema>;
/** Most styles have one: then it stands alone, as it always did. */
export type UsedLoras = UsedLora | readonly UsedLora[];

const sizeSchema = z.strictObject({ widthPx: z.int().min(1), heightPx: z.int().min(1) });
const sidePx = z.int().min(SIDE_MIN_PX).max(SIDE_MAX_PX).multipleOf(SIDE_STEP_PX);
export const seedSchema = z.int().min(0).max(SEED_MAX);

/** What a model's noise is drawn in. One seed gives unrelated noise in each. */
export const NOISE_DTYPES = ["f32", "bf16", "f16"] as const;
export type NoiseDtype = (typeof NOISE_DTYPES)[number];

/**
 * Everything that decides what one picture looks like. Two equal requests on one backend mean the same picture. Names and
 * ranges as members read them: docs/commands.md.
 */
const imageRequestSchema = z.strictObject({
  /** As typed, on one line: models know no others. */
  prompt: z.string().min(1).max(PROMPT_MAX_CHARS),
  /** As typed, where it was several lines: what is set in type keeps them. */
  promptLines: z.string().min(1).max(PROMPT_MAX_CHARS).exactOptional(),
  /** As sent: trigger word included. May be longer than the prompt by the trigger word. */
  finalPrompt: z
    .string()
    .min(1)
    .max(PROMPT_MAX_CHARS + 200),
  negativePrompt: z.string().max(PROMPT_MAX_CHARS).optional(),
  styleId: z.string().min(1).max(32),
  /** The model a member asked for, by its title, e.g. "FLUX.1 schnell". Absent: whichever is chosen there. */
  model: z.string().min(1).max(MODEL_TITLE_MAX_CHARS).exactOptional(),
  /** 0 = base model only, 1 = as trained. */
  loraScale: z.number().min(0).max(1.5),
  /** FLUX's distilled guidance, "cfg" for members. */
  guidance: z.number().min(1).max(10),
  /** Classifier-free guidance, a second pass; 1 = off. */
  trueCfg: z.number().min(1).max(10),
  steps: z.int().min(1).max(50),
  /** uint32; 0 is a seed like any other. */
  seed: seedSchema,
  /** What the seed's noise is drawn in, where a backend has the choice. Absent: as is usual there. In a recipe: as it was. */
  noiseDtype: z.enum(NOISE_DTYPES).exactOptional(),
  widthPx: sidePx,
  heightPx: sidePx,
  /** Second noise blended into the first: strength 0 = the seed's picture, 1 = the variation seed's. */
  variation: z.strictObject({ seed: seedSchema, strength: z.number().min(0).max(1) }).optional(),
  /** Image to image: `key` names stored bytes; strength 0 keeps the image, 1 ignores it. */
  init: z.strictObject({ key: z.string().max(80), strength: z.number().min(0).max(1) }).optional(),
  /**
   * Edit by words: the prompt says what becomes of the first of these pictures, by image ids or input keys; it may speak of the others.
   */
  edit: z.strictObject({ keys: z.array(z.string().max(80)).min(1).max(EDIT_PICTURES_MAX) }).exactOptional(),
  /** Words that are set over the picture: a model is not told them. In a recipe: they were. */
  lettering: letteringLayerSchema.exactOptional(),
  /** What the prompt was made of, where nobody typed it. */
  template: filledTemplateSchema.exactOptional(),
  /** Of what is set in type by rules, which letters by itself: the colours, font and logo that its lettering would have. */
  brand: brandingSchema.exactOptional(),
});
export type ImageRequest = z.output<typeof imageRequestSchema>;

const changeKinds = ["reroll", "vote", "vary", "edit", "again", "lettering", "upscale"] as const;

/** What a member ordered: up to `BATCH_MAX` pictures with seeds s, s+1, …, and where the order came from. */
/** What stands in a corner of what a model made: words, or the two letters that are known everywhere. */
export const CORNER_LABELS = ["text", "icon"] as const;
export type CornerLabelKind = (typeof CORNER_LABELS)[number];

export const orderSchema = z.strictObject({
  /** Of the first picture. */
  request: imageRequestSchema,
  count: z.int().min(1).max(BATCH_MAX),
  /** The options the member asked for by name: a backend that cannot honour one of them is passed over. */
  asked: z.array(z.enum(["cfg", "scale", "negative", "truecfg", "variation", "image"])),
  lineage: z
    .strictObject({
      parentImageId: z.string(),
      parentNumber: z.int(),
      kind: z.enum(changeKinds),
      /** For people, e.g. "new seed", "prompt edited", "varied a little". */
      change: textSchema,
      /**
       * The backend on which the parent's seed means the parent's picture; null: nowhere. Elsewhere a seed is another
       * composition, and only the picture itself keeps it. Absent in orders of earlier versions.
       */
      sameSeedOn: z.string().nullable().exactOptional(),
    })
    .optional(),
  /** No picture is made: the words are set over this stored one, by its image id, or over a member's, by its input key. */
  lettersOver: z.string().max(80).exactOptional(),
  /** No picture is drawn: this stored one is made larger, by its image id. The request is that of what is drawn from it later. */
  enlarge: z
    .strictObject({
      imageId: z.string().max(80),
      from: sizeSchema,
      /** Exactly so large, of the same shape. */
      to: z.strictObject({
        widthPx: z.int().min(1).max(ENLARGED_SIDE_MAX_PX),
        heightPx: z.int().min(1).max(ENLARGED_SIDE_MAX_PX),
      }),
      /** Of one that was drawn by rules: what drew it, and draws it as large as is wanted. */
      drawnBy: z.strictObject({ backend: z.string(), model: z.string() }).exactOptional(),
      /** Without a model, at no cost. */
      free: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  /** The prompt coach's sentences, shown under the picture; they never block. */
  advice: z.array(textSchema),
  /** What the backend it goes to will leave out: told from the first card on. */
  foreseen: z.array(textSchema).exactOptional(),
  /** How the seed came about. */
  seedFrom: z.enum(["typed", "locked", "drawn", "parent"]),
  /** The model is the chat's usual one, which nobody asked for: where it is away, another draws. */
  modelFrom: z.literal("chat").exactOptional(),
  /** The chat wanted it in a corner of what is posted and given away; the stored picture has none. */
  label: z.enum(CORNER_LABELS).exactOptional(),
});
export type Order = z.output<typeof orderSchema>;

/**
 * A request as carried out: everything needed to make the picture again. Written into the original file. No time and no
 * name in it: the same request on a reproducible backend gives the same file, byte for byte.
 */
export const recipeSchema = z.strictObject({
  placard: z.literal(1),
  request: imageRequestSchema,
  style: z.strictObject({ id: z.string(), title: z.string(), triggerWord: z.string() }),
  backend: z.string(),
  /** The base model or engine, with its version, as the backend reports it. */
  model: z.string(),
  /** The LoRAs really used, each by its reference on that backend. Read them by `lorasIn`. */
  lora: z.union([usedLoraSchema, z.array(usedLoraSchema).min(2).max(LORAS_MAX).readonly()]).optional(),
  /** Of the picture, where it is another one than asked for. */
  size: sizeSchema.exactOptional(),
  /** It was made larger after it was made: by a model of this name there, drawn anew by rules, or resampled. */
  enlarged: z
    .discriminatedUnion("by", [
      z.strictObject({ by: z.literal("model"), model: z.string(), backend: z.string(), from: sizeSchema }),
      z.strictObject({ by: z.literal("drawing"), from: sizeSchema }),
      z.strictObject({ by: z.literal("resampling"), from: sizeSchema }),
    ])
    .exactOptional(),
  /** false: this backend does not promise the same picture for the same recipe. */
  reproducible: z.boolean(),
  /** What the backend wants people to know, e.g. words it did not understand. */
  notes: z.array(textSchema).max(20),
  /** What was asked for and is not in the picture, in a few words: for its card. */
  missed: z.array(textSchema).max(6).exactOptional(),
  /** Set in type by rules: a model's numbers and limits say nothing about it. */
  typeset: z.literal(true).exactOptional(),
  /** How that came about which it started from. Absent: it started from nothing, or from a member's own. */
  over: z.enum(SOURCE_TYPES).exactOptional(),
});
export type Recipe = z.output<typeof recipeSchema>;

/** In the order in which they were loaded. */
export const lorasIn = ({ lora }: { readonly lora?: UsedLoras | undefined }): readonly UsedLora[] =>
  lora === undefined ? [] : "reference" in lora ? [lora] : lora;

/** As people read it: "rca.safetensors (hash)". */
export const usedLoraText = ({ reference, hash, scale }: UsedLora): string =>
  [reference, ...(scale === undefined ? [] : [`×${scale}`]), ...(hash === undefined ? [] : [`(${hash})`])].join(" ");

/** For a recipe: what was loaded of a style's; each with its own strength only where there are several. */
export function usedLoras(
  used: readonly { readonly reference: string; readonly hash?: string; readonly scale: number }[],
): { readonly lora?: UsedLoras } {
  const [first, ...others] = used;
  if (!first) return {};
  if (others.length > 0) return { lora: used };
  const { scale: _requests, ...lora } = first;
  return { lora };
}

/** What stands in a recipe instead of a backend: words were set over a picture from elsewhere. */
export const LETTERING_BACKEND = "lettering";

/** The lane of what is made larger by none but Placard itself. */
export const ENLARGING_BACKEND = "enlarging";

/** Picture `index` of a batch has the seed `seed + index`, wrapping at 2^32. */
export const seedOf = (seed: number, index: number): number => (seed + index) % (SEED_MAX + 1);

/** The request of one picture of an order. */
export const requestOf = (order: Order, index: number): ImageRequest => ({
  ...order.request,
  seed: seedOf(order.request.seed, index),
});

/** What the picture really measures. */
export const sizeOfRecipe = ({ size, request }: Pick<Recipe, "size" | "request">) =>
  size ?? { widthPx: request.widthPx, heightPx: request.heightPx };

export const megapixelsOf = (request: Pick<ImageRequest, "widthPx" | "heightPx">): number =>
  (request.widthPx * request.heightPx) / 1_000_000;
