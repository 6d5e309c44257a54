import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { torchGenerator } from "../../../src/backends/onnx/noise/mersenne-twister.ts";
import { randn } from "../../../src/backends/onnx/noise/randn.ts";
import { toFloat32 } from "../../../src/backends/onnx/noise/rounding.ts";
import { slerp } from "../../../src/backends/onnx/noise/slerp.ts";
import { noiseSource } from "../../../src/backends/onnx/noise/source.ts";
import { NOISE_DTYPES, type NoiseDtype } from "../../../src/domain/recipe.ts";
import { cases } from "../../many.ts";
import { arraySchema, expectSame, openReferences } from "./references.ts";

const drawSchema = z.object({
  values: arraySchema.optional(),
  head: arraySchema.optional(),
  tail: arraySchema.optional(),
  sha256: z.string().optional(),
});
const { cases: references, valuesOf } = openReferences(
  "rng",
  z.object({
    cases: z.array(
      z.object({
        dtype: z.enum(NOISE_DTYPES),
        seed: z.string(),
        shape: z.array(z.int()).optional(),
        counts: z.array(z.int()).optional(),
        draws: z.array(drawSchema),
      }),
    ),
    raw: z.array(z.object({ seed: z.string(), first: arraySchema, from_620: arraySchema })),
  }),
);

const bytesOf = (values: Float32Array, type: NoiseDtype): Uint8Array => {
  if (type === "f32") return new Uint8Array(values.buffer);
  const half =
    type === "f16" ? new Float16Array(values) : Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16);
  return new Uint8Array(half.buffer);
};

/** Those of the largest pictures take most of the time, and differ from the smaller ones in their length only. */
const LARGE = 100_000;
const isLarge = ({ shape = [] }: (typeof references.cases)[number]) =>
  shape.reduce((product, size) => product * size, 1) > LARGE;
const large = references.cases.filter(isLarge);
const drawn = [...references.cases.filter((each) => !isLarge(each)), ...large.slice(0, cases(1, large.length))];

describe("torch's CPU generator, bit for bit", () => {
  it("has cases of each kind", () => expect(references.cases.length).toBeGreaterThan(70));

  it.each(drawn)("draws $dtype of seed $seed, $counts $shape", ({ dtype, seed, shape, counts, draws }) => {
    const generator = torchGenerator(BigInt(seed));
    const whole = shape?.reduce((product, size) => product * size, 1) ?? 0;
    for (const [at, { values, head, tail, sha256 }] of draws.entries()) {
      const got = randn(generator, counts?.[at] ?? whole, dtype);
      if (values) expectSame(got, valuesOf(values), `draw ${at}`);
      if (head) expectSame(got.subarray(0, 32), valuesOf(head), `draw ${at}, its beginning`);
      if (tail) expectSame(got.subarray(-32), valuesOf(tail), `draw ${at}, its end`);
      if (sha256) expect(createHash("sha256").update(bytesOf(got, dtype)).digest("hex")).toBe(sha256);
    }
  });

  it.each(references.raw)("gives the 32 bits of seed $seed", ({ seed, first, from_620 }) => {
    const generator = torchGenerator(BigInt(seed));
    const bits = Uint32Array.from({ length: 632 }, () => generator.uint32());
    expectSame(bits.subarray(0, 8), valuesOf(first), "the first");
    expectSame(bits.subarray(620), valuesOf(from_620), "from the 620th on");
  });

  it("draws every float16 as a float16, unlike float32 of the seed", () => {
    const half = randn(torchGenerator(3), 64, "f16");
    expectSame(new Float32Array(new Float16Array(half)), half, "float16");
    expect(half).not.toEqual(randn(torchGenerator(3), 64, "f32"));
  });
});

describe("the noise of a variation", () => {
  const own = randn(torchGenerator(7), 4096, "f32");
  const other = randn(torchGenerator(8), 4096, "f32");
  const power = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

  it("is the seed's own at 0 and the other's at 1, and changes the first draw only", () => {
    const varied = (strength: number) => noiseSource({ seed: 7, type: "f32", variation: { seed: 8, strength } });
    expect(varied(0).initial(4096)).toEqual(own);
    expect(varied(1).initial(4096)).toEqual(other);
    expect(varied(1).next(4096)).toEqual(own);
  });

  it("keeps its strength between the two, where a straight line would lose a third", () => {
    const halfway = slerp(own, other, 0.5, toFloat32);
    expect(power(halfway)).toBeCloseTo(1, 1);
    expect(power(own.map((value, at) => (value + (other[at] ?? 0)) / 2))).toBeLessThan(0.75);
  });

  it("takes the straight line between noises that are nearly one", () => {
    expect(slerp(own, own, 0.3, toFloat32).every(Number.isFinite)).toBe(true);
  });
});
