import type { NoiseDtype } from "../../../domain/recipe.ts";
import { torchGenerator } from "./mersenne-twister.ts";
import { randn } from "./randn.ts";
import { toFloat32 } from "./rounding.ts";
import { slerp } from "./slerp.ts";

/** All the noise of one picture, in the order in which a pipeline draws it. */
export interface NoiseSource {
  /** What the picture begins with: the one draw that a variation changes. */
  initial(count: number): Float32Array;
  /** Everything else. */
  next(count: number): Float32Array;
}

export interface NoiseOrder {
  readonly seed: number;
  readonly type: NoiseDtype;
  /** Another seed's first noise, blended in on the arc between both: strength 0 to 1. */
  readonly variation?: { readonly seed: number; readonly strength: number };
}

/** Noise as diffusers draws it from `torch.Generator("cpu").manual_seed(seed)`. */
export function noiseSource({ seed, type, variation }: NoiseOrder): NoiseSource {
  const generator = torchGenerator(seed);
  const next = (count: number): Float32Array => randn(generator, count, type);
  return {
    next,
    initial(count) {
      const own = next(count);
      if (variation === undefined) return own;
      return slerp(own, randn(torchGenerator(variation.seed), count, type), variation.strength, toFloat32);
    },
  };
}
