import { type Round, toFloat32 } from "../noise/rounding.ts";

const f = Math.fround;

/** What of `scheduler_config.json` decides a flow-matching schedule. diffusers' own names and defaults. */
export interface FlowConfig {
  readonly use_dynamic_shifting?: boolean;
  readonly shift?: number;
  readonly base_shift?: number;
  readonly max_shift?: number;
  readonly base_image_seq_len?: number;
  readonly max_image_seq_len?: number;
}

export interface FlowSchedule {
  /** Of the dynamic shift; in double. */
  readonly mu: number;
  /** steps + 1 values, falling; the last is 0. */
  readonly sigmas: Float32Array;
  /** steps values: 1000 · sigma. */
  readonly timesteps: Float32Array;
}

/** FLUX.1-dev's time shift for a picture of so many tokens. */
function muOf(tokens: number, config: FlowConfig): number {
  const { base_shift = 0.5, max_shift = 1.15, base_image_seq_len = 256, max_image_seq_len = 4096 } = config;
  const slope = (max_shift - base_shift) / (max_image_seq_len - base_image_seq_len);
  return tokens * slope + (base_shift - slope * base_image_seq_len);
}

/**
 * FlowMatchEulerDiscreteScheduler as FLUX pipelines set it, to the rounding step.
 *
 * @param steps 1 and more
 * @param tokens of the packed picture
 */
export function flowSchedule(steps: number, tokens: number, config: FlowConfig): FlowSchedule {
  const mu = muOf(tokens, config);
  const sigmas = new Float32Array(steps + 1);
  // numpy's linspace from 1 to 1/steps.
  const step = steps > 1 ? (1 / steps - 1) / (steps - 1) : 0;
  for (let at = 0; at < steps; at += 1) {
    const even = f(at > 0 && at === steps - 1 ? 1 / steps : at * step + 1);
    sigmas[at] =
      config.use_dynamic_shifting === true ? shiftedBy(f(Math.exp(mu)), even) : scaledBy(config.shift ?? 1, even);
  }
  return { mu, sigmas, timesteps: sigmas.subarray(0, steps).map((sigma) => sigma * 1000) };
}

const shiftedBy = (e: number, sigma: number): number => e / f(e + f(f(1 / sigma) - 1));
const scaledBy = (shift: number, sigma: number): number => f(f(shift) * sigma) / f(1 + f(f(shift - 1) * sigma));

/**
 * How many steps image-to-image leaves out.
 *
 * @param strength 0 to 1: 1 leaves out none
 * @returns less than `steps`; `undefined` where no step would be left
 */
export function flowFirstStep(steps: number, strength: number): number | undefined {
  const first = Math.trunc(Math.max(steps - Math.min(steps * strength, steps), 0));
  return first < steps ? first : undefined;
}

/** sigma · noise + (1 − sigma) · clean, each operation rounded to the pipeline's type. */
export function flowNoised(clean: Float32Array, noise: Float32Array, sigma: number, round: Round): Float32Array {
  const share = round(sigma);
  const rest = round(1 - share);
  return clean.map((value, at) => round(round(share * noise[at]!) + round(rest * value)));
}

/** One Euler step from sigma `from` to `to`, in place. In float16 pipelines the sum itself is float32. */
export function flowStep(latents: Float32Array, velocity: Float32Array, span: FlowSpan, round: Round): void {
  const dt = f(span.to - span.from);
  if (round === toFloat32)
    for (let at = 0; at < latents.length; at += 1) latents[at] = latents[at]! + f(dt * velocity[at]!);
  else for (let at = 0; at < latents.length; at += 1) latents[at] = round(latents[at]! + round(dt * velocity[at]!));
}
interface FlowSpan {
  readonly from: number;
  readonly to: number;
}

/** Classifier-free guidance away from a negative prompt: negative + scale · (positive − negative). */
export function guided(positive: Float32Array, negative: Float32Array, scale: number, round: Round): Float32Array {
  const by = f(scale);
  return positive.map((value, at) => round(negative[at]! + round(by * round(value - negative[at]!))));
}
