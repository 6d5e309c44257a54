import type { LinearLayer } from "../graph/linear-layers.ts";
import { FLOAT16, FLOAT32 } from "../graph/model.ts";
import { metadataAlpha } from "./alpha.ts";
import { LoraError, someOf } from "./lora-error.ts";
import { targetOf } from "./modules.ts";
import { readSafetensors, type StoredTensor } from "./safetensors.ts";

/** What one LoRA adds to one layer: inputs · downᵀ · upᵀ · factor. */
export interface LoraPart {
  readonly module: string;
  readonly layer: LinearLayer;
  readonly rank: number;
  /** [rank, inputs], row by row. */
  readonly down: Float32Array;
  /** [outputs, rank], row by row. */
  readonly up: Float32Array;
  /** alpha / rank. */
  readonly factor: number;
}

export interface Lora {
  readonly parts: readonly LoraPart[];
  /** Keys for text encoders: those stay as they are. */
  readonly textEncoderKeys: readonly string[];
}

const DOWN = /^(.+)\.(lora_A|lora_down)(\.default)?\.weight$/;
const UP = /\.(?:lora_B|lora_up)(?:\.default)?\.weight$/;
/** LoHa, LoKr, DoRA, XLabs, PEFT of other programs, and changes of whole weights. */
const FOREIGN =
  /\.(?:hada_|lokr_|dora_scale|lora_magnitude_vector|diff$|diff_b$|w_norm$|b_norm$|set_weight$)|(?:^|\.)processor\.|^base_model\.|lora_(?:B|up)\.bias$/;

/**
 * A LoRA file for the layers of one graph.
 *
 * @throws LoraError that names what is not supported, or the modules that this model does not have: half a LoRA is another picture
 */
export function readLora(file: Uint8Array, known: ReadonlyMap<string, LinearLayer>): Lora {
  const { metadata, tensors } = readSafetensors(file);
  const foreign = [...tensors.keys()].find((key) => FOREIGN.test(key));
  if (foreign !== undefined)
    throw new LoraError(
      `it is of a kind that is not supported (LoKr, LoHa, DoRA, XLabs and the like): ${foreign.slice(0, 100)}`,
    );
  const alphaOf = metadataAlpha(metadata);
  const moduleOf = new Map([...known.keys()].map((module) => [module.replaceAll(".", "_"), module]));
  const parts: LoraPart[] = [];
  const unmatched = [...tensors.keys()].filter((name) => UP.test(name) && !tensors.has(downNameOf(name)));
  const textEncoderKeys: string[] = [];
  for (const [name, down] of tensors) {
    const [, key, side = "", suffix = ""] = DOWN.exec(name) ?? [];
    if (key === undefined) continue;
    const target = targetOf(key, moduleOf);
    if (target.kind === "text_encoder") textEncoderKeys.push(key);
    const upName = `${key}.${side === "lora_A" ? "lora_B" : "lora_up"}${suffix}.weight`;
    const found = matricesOf(down, tensors.get(upName), target.kind === "layers" ? target.modules : [], known);
    if (target.kind === "text_encoder") continue;
    if (found === undefined || target.kind !== "layers") {
      unmatched.push(key);
      continue;
    }
    const alpha =
      tensors.get(`${key}.alpha`)?.values()[0] ??
      (/^(?:transformer|unet)\./.test(key) ? alphaOf(target.modules[0] ?? "") : undefined);
    const up = target.halvesSwapped ? halvesSwapped(found.up) : found.up;
    const factor = (alpha ?? found.rank) / found.rank;
    parts.push(...split({ ...found, up, factor }, target.modules));
  }
  if (unmatched.length > 0)
    throw new LoraError(`this model has no layer for ${someOf(unmatched.map((key) => key.slice(0, 100)))}`);
  if (parts.length === 0) throw new LoraError("nothing in it is a LoRA of this model");
  return { parts, textEncoderKeys };
}

const downNameOf = (up: string): string => up.replace(/\.lora_B\./, ".lora_A.").replace(/\.lora_up\./, ".lora_down.");

interface Matrices {
  readonly layers: readonly LinearLayer[];
  readonly rank: number;
  readonly down: Float32Array;
  readonly up: Float32Array;
}

/** `undefined`: the graph has no such layers, or of other sizes. */
function matricesOf(
  down: StoredTensor,
  up: StoredTensor | undefined,
  modules: readonly string[],
  known: ReadonlyMap<string, LinearLayer>,
): Matrices | undefined {
  const layers = modules.flatMap((module) => known.get(module) ?? []);
  const [downSize, upSize] = [sizeOf(down), up && sizeOf(up)];
  if (!up || !downSize || !upSize || layers.length === 0 || layers.length < modules.length) return undefined;
  const [rank, inputs] = downSize;
  const [outputs, upRank] = upSize;
  const fits =
    rank > 0 &&
    upRank === rank &&
    outputs === layers.reduce((sum, layer) => sum + layer.outputs, 0) &&
    layers.every((layer) => layer.inputs === inputs && (layer.type === FLOAT32 || layer.type === FLOAT16));
  return fits ? { layers, rank, down: down.values(), up: up.values() } : undefined;
}

/** Of a matrix, also one that is written as a 1×1 convolution. */
function sizeOf({ shape }: StoredTensor): readonly [rows: number, columns: number] | undefined {
  const [rows, columns, ...rest] = shape;
  return rows === undefined || columns === undefined || rest.some((size) => size !== 1) ? undefined : [rows, columns];
}

/** A fused layer's rows, each module's own. */
function split(
  { layers, rank, down, up, factor }: Matrices & { readonly factor: number },
  modules: readonly string[],
): readonly LoraPart[] {
  let row = 0;
  return layers.map((layer, at) => {
    const own = up.subarray(row * rank, (row + layer.outputs) * rank);
    row += layer.outputs;
    return { module: modules[at] ?? "", layer, rank, down, up: own, factor };
  });
}

function halvesSwapped(values: Float32Array): Float32Array {
  const half = values.length / 2;
  const swapped = new Float32Array(values.length);
  swapped.set(values.subarray(half));
  swapped.set(values.subarray(0, half), half);
  return swapped;
}
