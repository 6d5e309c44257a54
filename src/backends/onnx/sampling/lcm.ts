import { alphasCumprod, type DiscreteConfig, TRAIN_TIMESTEPS } from "./betas.ts";
import type { Sampler } from "./sampler.ts";

const f = Math.fround;
const sqrt = (value: number): number => f(Math.sqrt(value));
const ORIGINAL_STEPS = 50;
/** σ_data of the consistency model, squared. */
const DATA_VARIANCE = 0.25;

/** LCMScheduler, to the rounding step. @param strength of image-to-image, 0 to 1: fewer of the original steps are used */
export function lcmSampler(config: DiscreteConfig, steps: number, strength = 1): Sampler {
  const velocity = config.prediction_type === "v_prediction";
  const scaling = config.timestep_scaling ?? 10;
  const alphas = alphasCumprod(config);
  const original = config.original_inference_steps ?? ORIGINAL_STEPS;
  const apart = Math.floor((config.num_train_timesteps ?? TRAIN_TIMESTEPS) / original);
  const usable = Math.trunc(original * strength);
  const timesteps = Float32Array.from(
    { length: steps },
    (_, at) => (usable - Math.floor(at * (usable / steps))) * apart - 1,
  );
  const mixed = (clean: Float32Array, noise: Float32Array, timestep: number): Float32Array => {
    const alpha = alphas[timestep]!;
    const [a, b] = [sqrt(alpha), sqrt(f(1 - alpha))];
    return clean.map((value, k) => f(a * value) + f(b * noise[k]!));
  };
  let at = 0;
  return {
    timesteps,
    initialScale: 1,
    startAt(step) {
      at = step;
    },
    noised: (clean, noise) => mixed(clean, noise, timesteps[at]!),
    scaled: (latents) => latents,
    step(output, latents, source) {
      const timestep = timesteps[at]!;
      const next = timesteps[at + 1];
      at += 1;
      const alpha = alphas[timestep]!;
      const [sqrtAlpha, sqrtBeta] = [sqrt(alpha), sqrt(f(1 - alpha))];
      const scaled = f(timestep * scaling);
      const quotient = f(f(scaled * scaled) + DATA_VARIANCE);
      const skipShare = f(DATA_VARIANCE / quotient);
      const outShare = f(scaled / sqrt(quotient));
      const clean = latents.map((value, k) => {
        const seen = velocity
          ? f(f(sqrtAlpha * value) - f(sqrtBeta * output[k]!))
          : f(f(value - f(sqrtBeta * output[k]!)) / sqrtAlpha);
        return f(outShare * seen) + f(skipShare * value);
      });
      // Between steps only.
      if (next === undefined) return { latents: clean, clean };
      return { latents: mixed(clean, source.next(clean.length), next), clean };
    },
  };
}
