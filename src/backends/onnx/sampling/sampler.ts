import type { NoiseSource } from "../noise/source.ts";

/** A discrete schedule of one picture: it knows at which step it is. Latents are float32 and never changed in place. */
export interface Sampler {
  readonly timesteps: Float32Array;
  /** The first noise is multiplied by this. */
  readonly initialScale: number;
  /** Where the first step is not 0: call before the others. */
  startAt(step: number): void;
  /** A clean picture with the noise of the current step. */
  noised(clean: Float32Array, noise: Float32Array): Float32Array;
  /** What the network gets to see at the current step. */
  scaled(latents: Float32Array): Float32Array;
  /** Takes the current step. `clean`: what the picture is decoded from if this was the last. */
  step(output: Float32Array, latents: Float32Array, noise: NoiseSource): SampledStep;
}

interface SampledStep {
  readonly latents: Float32Array;
  readonly clean: Float32Array;
}

/** How many steps image-to-image leaves out. @returns `undefined` where no step would be left */
export function discreteFirstStep(steps: number, strength: number): number | undefined {
  const first = Math.max(steps - Math.min(Math.trunc(steps * strength), steps), 0);
  return first < steps ? first : undefined;
}
