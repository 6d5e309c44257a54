import { z } from "zod";

// A graph of ComfyUI as it was sent (`prompt`), or as its page draws it (`workflow`), as one thing: nodes with named inputs.

export interface GraphNode {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export type Graph = ReadonlyMap<string, GraphNode>;

/** Honest ones have some hundred. */
const NODES_MAX = 5000;

const sentSchema = z.record(z.string(), z.unknown());
const sentNodeSchema = z.object({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()).default({}) });

const drawnSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.union([z.number(), z.string()]),
      type: z.string(),
      inputs: z.array(z.object({ name: z.string(), link: z.number().nullish() })).nullish(),
      widgets_values: z.unknown().optional(),
    }),
  ),
  links: z.array(z.unknown()).default([]),
});
const linkSchema = z.tuple([z.number(), z.union([z.number(), z.string()]), z.number()], z.unknown());

/** `undefined`: it is no graph, or an empty one. */
export function graphIn(value: unknown): Graph | undefined {
  const sent = sentNodes(value);
  const nodes = sent.length > 0 ? sent : drawnNodes(value);
  return nodes.length === 0 || nodes.length > NODES_MAX ? undefined : new Map(nodes);
}

/** Some programs put more than nodes into it. */
const sentNodes = (value: unknown): readonly (readonly [string, GraphNode])[] =>
  Object.entries(sentSchema.safeParse(value).data ?? {}).flatMap(([id, entry]) => {
    const node = sentNodeSchema.safeParse(entry).data;
    return node ? [[id, { type: node.class_type, inputs: node.inputs }] as const] : [];
  });

/** The page keeps a node's own values in a row; which is which, only the node's maker knows: here those of ComfyUI's own nodes. */
const WIDGETS: Readonly<Record<string, readonly string[]>> = {
  CLIPTextEncode: ["text"],
  CLIPTextEncodeFlux: ["clip_l", "t5xxl", "guidance"],
  FluxGuidance: ["guidance"],
  KSampler: ["seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"],
  KSamplerAdvanced: ["add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"],
  KSamplerSelect: ["sampler_name"],
  BasicScheduler: ["scheduler", "steps", "denoise"],
  CFGGuider: ["cfg"],
  RandomNoise: ["noise_seed"],
  EmptyLatentImage: ["width", "height"],
  EmptySD3LatentImage: ["width", "height"],
  CheckpointLoaderSimple: ["ckpt_name"],
  UNETLoader: ["unet_name"],
  UnetLoaderGGUF: ["unet_name"],
  LoraLoader: ["lora_name", "strength_model"],
  LoraLoaderModelOnly: ["lora_name", "strength_model"],
};

function drawnNodes(value: unknown): readonly (readonly [string, GraphNode])[] {
  const drawn = drawnSchema.safeParse(value).data;
  if (!drawn) return [];
  const from = new Map(
    drawn.links.flatMap((link) => {
      const read = linkSchema.safeParse(link).data;
      return read ? [[read[0], [String(read[1]), read[2]] as const] as const] : [];
    }),
  );
  return drawn.nodes.map(({ id, type, inputs, widgets_values: values }) => {
    const linked = (inputs ?? []).flatMap(({ name, link }) => {
      const source = link === undefined || link === null ? undefined : from.get(link);
      return source ? [[name, source] as const] : [];
    });
    return [String(id), { type, inputs: { ...widgetsOf(type, values), ...Object.fromEntries(linked) } }] as const;
  });
}

function widgetsOf(type: string, values: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(values)) return z.record(z.string(), z.unknown()).safeParse(values).data ?? {};
  const names = Object.hasOwn(WIDGETS, type) ? WIDGETS[type] : undefined;
  if (names) return Object.fromEntries(names.flatMap((name, at) => (name === "" ? [] : [[name, values[at]]])));
  // Of a node that nobody here knows: its longest words.
  const [words] = values.filter((each) => typeof each === "string").toSorted((a, b) => b.length - a.length);
  return words === undefined ? {} : { text: words };
}
