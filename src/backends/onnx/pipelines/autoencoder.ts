import type { Network } from "../network.ts";
import type { Round } from "../noise/rounding.ts";
import { floats } from "../tensors.ts";
import { planesOf, rgbOf } from "./pixels.ts";

const f = Math.fround;
const LOG_VARIANCE = { min: -30, max: 20 } as const;

/** Of a VAE's config.json. */
interface VaeScaling {
  readonly scaling: number;
  /** 0 where the model has none. */
  readonly shift: number;
  /** Pixels a latent is wide: 8 in all known ones. */
  readonly factor: number;
}

/** The parts of a model that turn pixels into latents and back. */
export interface Autoencoder {
  readonly decoder: Network;
  /** Loaded where it is needed, and let go afterwards. */
  readonly encoder: () => Promise<Network>;
  readonly scaling: VaeScaling;
}

export interface LatentShape {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How a pipeline draws noise and rounds. */
export interface Drawing {
  readonly draw: (count: number) => Float32Array;
  readonly round: Round;
}

/** A picture as scaled latents, drawn from what the encoder says of it: mean + exp(log variance / 2) · noise. */
export async function encoded(
  { encoder, scaling }: Autoencoder,
  rgb: Uint8Array,
  shape: LatentShape,
  { draw, round }: Drawing,
): Promise<Float32Array> {
  const network = await encoder();
  const sample = { data: planesOf(rgb), dims: [1, 3, shape.heightPx, shape.widthPx] };
  const { latent_parameters } = await network.run({ sample });
  const size = shape.channels * shape.rows * shape.columns;
  if (!latent_parameters) throw new Error("vae_encoder has no output latent_parameters");
  const parameters = floats(latent_parameters);
  await network.release();
  if (parameters.length !== 2 * size)
    throw new Error("vae_encoder gives latents of another size than vae_decoder takes");
  return draw(size).map((noise, at) => {
    const logVariance = Math.min(Math.max(parameters[size + at]!, LOG_VARIANCE.min), LOG_VARIANCE.max);
    const value = round(parameters[at]! + round(round(Math.exp(f(0.5 * logVariance))) * noise));
    return round(round(value - f(scaling.shift)) * f(scaling.scaling));
  });
}

/** Scaled latents [channels, rows, columns] as the picture's values from −1 to 1. */
export async function decoded(
  { decoder, scaling }: Autoencoder,
  latents: Float32Array,
  shape: LatentShape,
  round: Round,
): Promise<Float32Array> {
  const data = latents.map((value) => round(round(value / f(scaling.scaling)) + f(scaling.shift)));
  const { sample } = await decoder.run({
    latent_sample: { data, dims: [1, shape.channels, shape.rows, shape.columns] },
  });
  if (!sample) throw new Error("vae_decoder has no output sample");
  const values = floats(sample);
  if (values.length !== shape.widthPx * shape.heightPx * 3)
    throw new Error("vae_decoder gives a picture of another size than its config.json says");
  return values;
}

export const pixelsOf = (values: Float32Array, shape: LatentShape, round: Round): Uint8ClampedArray<ArrayBuffer> =>
  rgbOf(values, shape.widthPx * shape.heightPx, round);
