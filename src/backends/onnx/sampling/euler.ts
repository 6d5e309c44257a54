import { alphasCumprod, type DiscreteConfig, spacedTimesteps } from "./betas.ts";
import type { Sampler } from "./sampler.ts";

const f = Math.fround;
const sqrt = (value: number): number => f(Math.sqrt(value));

/** sigma at each timestep, interpolated in double between those of training; a 0 at the end. */
function sigmasAt(timesteps: Float32Array, config: DiscreteConfig): Float32Array {
  const trained = alphasCumprod(config).map((alpha) => sqrt(f(f(1 - alpha) / alpha)));
  const last = trained.length - 1;
  const sigmas = new Float32Array(timesteps.length + 1);
  for (const [at, t] of timesteps.entries()) {
    const low = Math.min(Math.floor(t), last - 1);
    sigmas[at] = t >= last ? trained[last]! : (trained[low + 1]! - trained[low]!) * (t - low) + trained[low]!;
  }
  return sigmas;
}

/** EulerDiscreteScheduler (SD-Turbo), or EulerAncestralDiscreteScheduler (SDXL-Turbo), to the rounding step. */
export function eulerSampler(
  config: DiscreteConfig,
  steps: number,
  { ancestral }: { readonly ancestral: boolean },
): Sampler & { readonly sigmas: Float32Array } {
  const velocity = config.prediction_type === "v_prediction";
  const timesteps = spacedTimesteps(config, steps);
  const sigmas = sigmasAt(timesteps, config);
  const max = sigmas[0]!;
  let at = 0;
  return {
    timesteps,
    sigmas,
    initialScale: config.timestep_spacing === "leading" ? sqrt(f(f(max * max) + 1)) : max,
    startAt(step) {
      at = step;
    },
    noised(clean, noise) {
      const sigma = sigmas[at]!;
      return clean.map((value, k) => value + f(noise[k]! * sigma));
    },
    scaled(latents) {
      const sigma = sigmas[at]!;
      const by = sqrt(f(f(sigma * sigma) + 1));
      return latents.map((value) => value / by);
    },
    step(output, latents, source) {
      const sigma = sigmas[at]!;
      const next = sigmas[at + 1]!;
      at += 1;
      const squared = f(f(sigma * sigma) + 1);
      const outputShare = f(-sigma / sqrt(squared));
      let dt = f(next - sigma);
      let up = 0;
      if (ancestral) {
        const next2 = f(next * next);
        const sigma2 = f(sigma * sigma);
        up = sqrt(f(f(next2 * f(sigma2 - next2)) / sigma2));
        dt = f(sqrt(f(next2 - f(up * up))) - sigma);
      }
      const moved = latents.map((value, k) => {
        const clean = velocity ? f(f(output[k]! * outputShare) + f(value / squared)) : f(value - f(sigma * output[k]!));
        return value + f(f(f(value - clean) / sigma) * dt);
      });
      if (ancestral) {
        // On every step, the last one too, which it does not change: it moves the generator on.
        const noise = source.next(moved.length);
        for (let k = 0; k < moved.length; k += 1) moved[k] = moved[k]! + f(noise[k]! * up);
      }
      return { latents: moved, clean: moved };
    },
  };
}
