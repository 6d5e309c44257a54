import { z } from "zod";
import type { GraphNode, Link } from "./node.ts";

/** What the operator may write into a workflow file, each as a whole value, `"%seed%"`, or inside a longer text. */
export const PLACEHOLDERS = {
  prompt: "the prompt, trigger word included",
  negative: "what to keep out; needs %truecfg%",
  seed: "the seed",
  width: "px",
  height: "px",
  steps: "denoising steps, fewer where a picture is only changed a little",
  cfg: "FLUX's guidance",
  truecfg: "the sampler's own cfg; 1 is off",
  lora: "the file of the style's LoRA; a node with it is left out where there is none",
  lora_scale: "its strength",
  image: "the picture to start from, for a LoadImage node; without %change% the one that the prompt changes",
  image_2: "another picture that the prompt may speak of; its nodes are left out where there is none",
  image_3: "a third one",
  change: "denoise: 0 keeps that picture, 1 ignores it",
  variation_seed: "second seed of Vary; needs %variation%",
  variation: "how much of it, 0 to 1",
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;

/** In the order in which pictures are given. */
export const PICTURES = ["image", "image_2", "image_3"] as const satisfies readonly Placeholder[];
const fileSchema = z.record(
  z.string(),
  z.looseObject({
    class_type: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    _meta: z.looseObject({ title: z.string().optional() }).optional(),
  }),
);
export type File = z.output<typeof fileSchema>;

export function parse(text: string): File {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("must be a JSON file: export it again from ComfyUI with Workflow → Export (API).");
  }
  const checked = fileSchema.safeParse(value);
  if (checked.success && Object.keys(checked.data).length > 0) return checked.data;
  throw new Error(
    "must be a workflow in API format, not the editor's own: export it from ComfyUI with Workflow → Export (API).",
  );
}

export const WHOLE = /^%([a-z_]+\d?)%$/;
export const INSIDE = /%([a-z_]+\d?)%/g;
export const isPlaceholder = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name);

export const linkOf = (value: unknown): Link | undefined =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "number"
    ? [value[0], value[1]]
    : undefined;

const holds = (value: unknown, text: string): boolean =>
  typeof value === "string"
    ? value.includes(text)
    : typeof value === "object" && value !== null && Object.values(value).some((each) => holds(each, text));

export const isLoraNode = (node: GraphNode): boolean => holds(node.inputs, "%lora%");

/** Where a node that is left out hands on what it took: a LoRA loader's outputs are its model and its text encoder. */
export const THROUGH = ["model", "clip"];
