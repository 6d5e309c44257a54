import type { NoiseDtype } from "../../../domain/recipe.ts";
import { log32, sinCos32 } from "./cephes.ts";
import type { TorchGenerator } from "./mersenne-twister.ts";
import { type Round, toBfloat16, toFloat16, toFloat32 } from "./rounding.ts";

/** From this many values on torch fills blocks of 16 uniforms at once. */
const BLOCK = 16;
const HALF = BLOCK / 2;

interface Kind {
  readonly round: Round;
  /** Of one uniform draw. */
  readonly bits: number;
  /** Turns 16 uniforms at `at` into 16 normals. */
  readonly block: (values: Float32Array, at: number) => void;
}

const TWO_PI_32 = Math.fround(2 * Math.PI);

// "+ 0" turns −0 into +0, as torch's "· std + mean" does.
function block32(values: Float32Array, at: number): void {
  for (let j = at; j < at + HALF; j += 1) {
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * log32(Math.fround(1 - values[j]!)))));
    const { sin, cos } = sinCos32(Math.fround(TWO_PI_32 * values[j + HALF]!));
    values[j] = Math.fround(radius * cos) + 0;
    values[j + HALF] = Math.fround(radius * sin) + 0;
  }
}

/** bfloat16, and float16 of torch from 2.1 on: every operation rounds to the type. */
const blockLow = (round: Round) => (values: Float32Array, at: number) => {
  for (let j = at; j < at + HALF; j += 1) {
    const radius = round(Math.sqrt(round(-2 * round(Math.fround(Math.log(round(1 - values[j]!)))))));
    const angle = round(2 * Math.PI * values[j + HALF]!);
    values[j] = round(radius * round(Math.cos(angle))) + 0;
    values[j + HALF] = round(radius * round(Math.sin(angle))) + 0;
  }
};

const KINDS: Readonly<Record<NoiseDtype, Kind>> = {
  f32: { round: toFloat32, bits: 24, block: block32 },
  bf16: { round: toBfloat16, bits: 8, block: blockLow(toBfloat16) },
  f16: { round: toFloat16, bits: 11, block: blockLow(toFloat16) },
};

/**
 * `torch.randn(count, generator=generator, dtype=type)` on the CPU, bit for bit (float32 as the AVX2 kernel computes it).
 *
 * @returns values of the type, held as float32
 */
export function randn(generator: TorchGenerator, count: number, type: NoiseDtype): Float32Array {
  const { round, bits, block } = KINDS[type];
  const values = new Float32Array(count);
  if (count < BLOCK) {
    for (let at = 0; at < count; at += 1) values[at] = round(oneNormal(generator));
    return values;
  }
  const mask = 2 ** bits - 1;
  const unit = 2 ** -bits;
  const draw = (from: number) => {
    for (let at = from; at < count; at += 1) values[at] = (generator.uint32() & mask) * unit;
  };
  draw(0);
  for (let at = 0; at + BLOCK <= count; at += BLOCK) block(values, at);
  if (count % BLOCK !== 0) {
    // The last 16 are made again from new uniforms.
    draw(count - BLOCK);
    block(values, count - BLOCK);
  }
  return values;
}

/** Box and Muller's pair in double: one now, the other kept. */
function oneNormal(generator: TorchGenerator): number {
  const kept = generator.keptNormal;
  if (kept !== undefined) {
    generator.keptNormal = undefined;
    return kept;
  }
  const u1 = generator.unit53();
  const u2 = generator.unit53();
  const radius = Math.sqrt(-2 * Math.log1p(-u2));
  generator.keptNormal = radius * Math.sin(2 * Math.PI * u1);
  return radius * Math.cos(2 * Math.PI * u1);
}
