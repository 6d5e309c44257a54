import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";

/** Small models and the numbers that torch and diffusers made of them. */
export const FIXTURES = join(import.meta.dirname, "../../fixtures/onnx");

/** Where the values of an array stand in data.bin. */
export const arraySchema = z.object({
  dtype: z.enum(["f32", "f64", "u8", "u16", "u32", "i32", "bf16", "f16"]),
  shape: z.array(z.int()),
  offset: z.int(),
});
export type ArrayReference = z.output<typeof arraySchema>;
export type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

const TYPES = {
  f32: Float32Array,
  f64: Float64Array,
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  bf16: Uint16Array,
  f16: Uint16Array,
} as const;

/** The cases of a folder and their arrays; bfloat16 and float16 come as float32. */
export function openReferences<S extends z.ZodType>(folder: string, schema: S) {
  const cases = schema.parse(JSON.parse(readFileSync(join(FIXTURES, folder, "cases.json"), "utf8")));
  const data = readFileSync(join(FIXTURES, folder, "data.bin"));
  const valuesOf = ({ dtype, shape, offset }: ArrayReference): Numbers => {
    const Type = TYPES[dtype];
    const bytes = shape.reduce((product, size) => product * size, 1) * Type.BYTES_PER_ELEMENT;
    const { buffer } = new Uint8Array(data.subarray(offset, offset + bytes));
    if (dtype === "bf16")
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    if (dtype === "f16") return new Float32Array(new Float16Array(buffer));
    return new Type(buffer);
  };
  return { cases, valuesOf };
}

/** Bit for bit: −0 is not +0. */
export function expectSame(got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  expect(got.length, `${what}: how many`).toBe(wanted.length);
  const differing = Array.from(wanted).filter((value, at) => !Object.is(got[at], value)).length;
  expect(differing, `${what}: of ${wanted.length} values so many differ`).toBe(0);
}

export const largestDifference = (got: ArrayLike<number>, wanted: ArrayLike<number>): number =>
  got.length === wanted.length
    ? Array.from(wanted).reduce((largest, value, at) => Math.max(largest, Math.abs((got[at] ?? Number.NaN) - value)), 0)
    : Number.POSITIVE_INFINITY;
