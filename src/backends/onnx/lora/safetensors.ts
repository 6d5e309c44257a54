import { z } from "zod";
import { parseForeignJson } from "../../../lib/foreign-json.ts";
import { LoraError } from "./lora-error.ts";

/** One tensor of a file; its values are read when they are asked for. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** As float32. @throws LoraError for values that are not finite numbers, or of a type no LoRA has */
  readonly values: () => Float32Array;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Of the format: what a header may measure. */
const HEADER_MAX_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

const entrySchema = z.object({
  dtype: z.string().max(20),
  shape: z.array(z.int().min(0)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadataSchema = z.record(z.string(), z.string());

const WIDTHS: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

/**
 * A .safetensors file. Source: the format's description at huggingface/safetensors.
 *
 * @throws LoraError for anything that is not whole and consistent
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.byteLength < LENGTH_BYTES) throw new LoraError("it is cut off: not even its first 8 bytes are there");
  const length = view.getBigUint64(0, true);
  if (length > HEADER_MAX_BYTES || length > file.byteLength - LENGTH_BYTES)
    throw new LoraError("it is cut off, or no .safetensors file");
  const start = LENGTH_BYTES + Number(length);
  const body = file.subarray(start);
  const tensors = new Map<string, StoredTensor>();
  const { __metadata__: metadata, ...entries } = headerOf(file.subarray(LENGTH_BYTES, start));
  for (const [name, entry] of Object.entries(entries)) {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) throw new LoraError(`the description of ${shown(name)} in it is wrong`);
    const { dtype, shape, data_offsets } = parsed.data;
    const [from, to] = data_offsets;
    const count = shape.reduce((product, size) => product * size, 1);
    if (from > to || to > body.byteLength) throw new LoraError(`it is cut off: ${shown(name)} is not all there`);
    const width = WIDTHS[dtype];
    if (width !== undefined && count * width !== to - from)
      throw new LoraError(`${shown(name)} in it does not have the size that it says`);
    tensors.set(name, { shape, values: () => valuesOf(name, dtype, body.subarray(from, to)) });
  }
  return { metadata: metadataSchema.safeParse(metadata ?? {}).data ?? {}, tensors };
}

function headerOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(parseForeignJson(new TextDecoder().decode(bytes)));
  } catch {
    throw new LoraError("its header cannot be read: it is damaged, or no .safetensors file");
  }
}

function valuesOf(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  // A copy: the bytes may begin at any address.
  const { buffer } = new Uint8Array(bytes);
  const values = float32Of(dtype, buffer);
  if (values === undefined)
    throw new LoraError(
      `${shown(name)} in it is of the type ${shown(dtype)}, which is not supported; F32, F16 and BF16 are`,
    );
  if (!values.every(Number.isFinite)) throw new LoraError(`${shown(name)} in it holds values that are no numbers`);
  return values;
}

function float32Of(dtype: string, buffer: ArrayBuffer): Float32Array | undefined {
  switch (dtype) {
    case "F64":
      return new Float32Array(new Float64Array(buffer));
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return new Float32Array(new Float16Array(buffer));
    case "BF16":
      // The upper half of a float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    default:
      return undefined;
  }
}

const NAME_SHOWN_MAX = 80;
const shown = (name: string): string => JSON.stringify(name.slice(0, NAME_SHOWN_MAX));
