import { z } from "zod";
import { SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX } from "./recipe.ts";
import { type Text, text, verbatim } from "./text.ts";

const side = z.int().min(SIDE_MIN_PX).max(SIDE_MAX_PX).multipleOf(SIDE_STEP_PX);

/** One entry of `styles.json`: a LoRA with its trigger word and good defaults, under one id. */
export const styleSchema = z.strictObject({
  /** The command's name: `rca` is `/rca`. */
  id: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, "use a-z, 0-9 and _, a letter first, at most 32"),
  title: z.string().trim().min(1).max(60),
  summary: z.string().trim().max(100).default(""),
  trigger: z.string().trim().max(100).default(""),
  triggerPosition: z.enum(["start", "end"]).default("start"),
  /** What each backend calls the LoRA, by backend name, e.g. `{ "comfyui": "rca.safetensors", "space": "RCA" }`. */
  lora: z.record(z.string(), z.string().min(1).max(300)).default({}),
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
