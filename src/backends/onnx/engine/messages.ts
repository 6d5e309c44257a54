import { z } from "zod";
import { NOISE_DTYPES } from "../../../domain/recipe.ts";
import { PROVIDER_CHOICES } from "../settings.ts";
import { STAGES } from "../stopwatch.ts";

/** What the parent and the engine's own process say to each other. Both read it through these schemas. */

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const fraction = z.number().min(0).max(1);
const provider = z.enum(PROVIDER_CHOICES).exclude(["auto"]);

const engineOptionsSchema = z.object({
  /** The model's. */
  folder: z.string(),
  provider: z.enum(PROVIDER_CHOICES),
  threads: z.int().min(0),
  spinning: z.boolean(),
  mapped: z.boolean(),
  /** Files that are put into the network when it is loaded. */
  loras: z.array(z.string()).readonly(),
});
export type EngineOptions = z.output<typeof engineOptionsSchema>;

const drawOrderSchema = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  guidance: z.number(),
  trueCfg: z.number(),
  steps: z.int().min(1),
  seed: z.int().min(0),
  noise: z.enum(NOISE_DTYPES),
  variation: z.object({ seed: z.int().min(0), strength: fraction }).exactOptional(),
  widthPx: z.int().min(16),
  heightPx: z.int().min(16),
  start: z.object({ bytes, strength: fraction }).exactOptional(),
  loras: z.array(z.object({ file: z.string(), scale: z.number() })).readonly(),
  /** Where the picture is written. */
  out: z.string(),
});
export type DrawOrder = z.output<typeof drawOrderSchema>;

export const toEngineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("load"), options: engineOptionsSchema }),
  z.object({ type: z.literal("draw"), id: z.int(), order: drawOrderSchema }),
  z.object({ type: z.literal("stop"), id: z.int() }),
  /** Which providers work here: nothing is loaded. */
  z.object({ type: z.literal("probe"), provider: z.enum(PROVIDER_CHOICES) }),
]);
export type ToEngine = z.output<typeof toEngineSchema>;

const providerFound = z.object({
  provider,
  failed: z.array(z.object({ provider, why: z.string() })).readonly(),
});
const factsSchema = providerFound.extend({
  /** The runtime's. */
  version: z.string(),
  /** The network has an input for it. */
  guidance: z.boolean(),
});
export type EngineFacts = z.output<typeof factsSchema>;

/**
 * Why something came to nothing: "folder" and "lora" are the operator's to mend, "no_step" is a picture to start from that is
 * to be kept as it is.
 */
const FAILURES = ["folder", "lora", "start", "no_step", "memory", "stopped", "broken"] as const;
export type EngineFailure = (typeof FAILURES)[number];

const stageTime = z.object({ ms: z.number(), runMs: z.number() });
const drawnSchema = z.object({
  /** Really taken. */
  widthPx: z.int(),
  heightPx: z.int(),
  /** By stage. */
  stages: z.record(z.enum(STAGES), stageTime),
  totalMs: z.number(),
  /** Keys for text encoders in LoRA files, which were left out. */
  textEncoderKeys: z.int(),
});
export type Drawn = z.output<typeof drawnSchema>;

export const fromEngineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loaded"), facts: factsSchema }),
  z.object({ type: z.literal("probed"), found: providerFound, version: z.string() }),
  z.object({ type: z.literal("step"), id: z.int(), at: z.int(), of: z.int(), preview: bytes.exactOptional() }),
  z.object({ type: z.literal("drawn"), id: z.int(), drawn: drawnSchema }),
  /** Without an id: of loading or probing. */
  z.object({ type: z.literal("failed"), id: z.int().exactOptional(), why: z.enum(FAILURES), message: z.string() }),
]);
export type FromEngine = z.output<typeof fromEngineSchema>;
