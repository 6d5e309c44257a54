import { z } from "zod";
import { LORAS_MAX, SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX } from "./recipe.ts";
import { type Text, text, verbatim } from "./text.ts";

const loraName = z.string().min(1).max(300);
const loraPart = z.union([
  loraName,
  z.strictObject({
    file: loraName,
    /** Of its own strength; `scale` multiplies it. 1 = as trained. */
    scale: z.number().min(0).max(2).default(1),
  }),
]);
const triggerWord = z.string().trim().max(100);

const side = z.int().min(SIDE_MIN_PX).max(SIDE_MAX_PX).multipleOf(SIDE_STEP_PX);

/** One entry of `styles.json`: a LoRA with its trigger word and good defaults, under one id. */
export const styleSchema = z.strictObject({
  /** The command's name: `rca` is `/rca`. */
  id: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "use a-z, 0-9 and _, a letter first, at most 32"),
  title: z.string().trim().min(1).max(60),
  summary: z.string().trim().max(100).default(""),
  /** Of several LoRAs one each, in their order. */
  trigger: z.union([triggerWord, z.array(triggerWord.min(1)).max(LORAS_MAX)]).default(""),
  triggerPosition: z.enum(["start", "end"]).default("start"),
  /**
   * What each backend calls the LoRA, by backend name, e.g. `{ "comfyui": "rca.safetensors", "space": "RCA" }`; or a list of
   * several that are used at once. Read them by `lorasOf`.
   */
  lora: z.record(z.string(), z.union([loraName, z.array(loraPart).min(1).max(LORAS_MAX)])).default({}),
  /** The family of image models its LoRA is for: a file of `src/families/`. On others it is refused, not drawn without effect. */
  family: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "use a-z, 0-9 and -, a letter first, at most 40")
    .default("flux1"),
  defaults: z
    .strictObject({
      cfg: z.number().min(1).max(10).default(3),
      steps: z.int().min(1).max(50).default(28),
      scale: z.number().min(0).max(1.5).default(1),
      width: side.default(832),
      height: side.default(1216),
    })
    .prefault({}),
  /** Absent or empty: nobody said, so the author is to be asked. */
  licence: z.string().trim().max(200).default(""),
  /** A picture file beside `styles.json`, or the address a gallery names; without one the sketch draws the first example. */
  preview: z.string().max(500).optional(),
  examples: z.array(z.string().trim().min(1).max(1500)).max(20).default([]),
});
export type Style = z.output<typeof styleSchema>;

/** One LoRA of a style, as one backend calls it. */
export interface StyleLora {
  readonly file: string;
  /** Of its own; 1 = as trained. */
  readonly scale: number;
}

/** What this backend is to load for a style, in the style's order; empty: it has no LoRA there. */
export function lorasOf({ lora }: Pick<Style, "lora">, backend: string): readonly StyleLora[] {
  const named = Object.hasOwn(lora, backend) ? lora[backend] : undefined;
  if (named === undefined) return [];
  const parts = typeof named === "string" ? [named] : named;
  return parts.map((part) => (typeof part === "string" ? { file: part, scale: 1 } : part));
}

/** As `lorasOf`, of one picture: each with what the picture's own scale makes of its strength; empty at scale 0. */
export const lorasFor = (style: Pick<Style, "lora">, backend: string, loraScale: number): readonly StyleLora[] =>
  loraScale <= 0
    ? []
    : lorasOf(style, backend).map(({ file, scale }) => ({ file, scale: Math.round(scale * loraScale * 1000) / 1000 }));

export const hasLora = ({ lora }: Pick<Style, "lora">): boolean => Object.keys(lora).length > 0;

/** The words that wake it, in order. */
const triggersOf = ({ trigger }: Pick<Style, "trigger">): readonly string[] =>
  typeof trigger === "string" ? (trigger === "" ? [] : [trigger]) : trigger;

/** The same as one text, as it stands in a prompt. */
export const triggerText = (style: Pick<Style, "trigger">): string => triggersOf(style).join(", ");

const OWN_NAMES = {
  rca: "Agitprop",
  plain: "Plain",
  woodcut: "Woodcut",
  blueprint: "Blueprint",
  risograph: "Risograph",
  chalk: "Chalk",
  swiss: "Swiss",
} as const;
const isOwn = (id: string): id is keyof typeof OWN_NAMES => Object.hasOwn(OWN_NAMES, id);

/** What people call a style: those that come with Placard are called so in every language, others as their gallery has it. */
export const styleName = ({ id, title }: Pick<Style, "id" | "title">): Text =>
  isOwn(id) && OWN_NAMES[id] === title ? text(`style.name.${id}`) : verbatim(title);

/** Of one that may have left the gallery: then its id is all that is known. */
export function styleNameOf(
  styleId: string,
  styleOf: (styleId: string) => Pick<Style, "id" | "title"> | undefined,
): Text {
  const style = styleOf(styleId);
  return style ? styleName(style) : verbatim(styleId);
}
