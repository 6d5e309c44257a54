import type { Network } from "../network.ts";
import { type Round, toFloat16, toFloat32 } from "../noise/rounding.ts";
import type { DiscreteConfig } from "../sampling/betas.ts";
import { eulerSampler } from "../sampling/euler.ts";
import { guided } from "../sampling/flow.ts";
import { lcmSampler } from "../sampling/lcm.ts";
import { discreteFirstStep, type Sampler } from "../sampling/sampler.ts";
import { floats } from "../tensors.ts";
import { type Autoencoder, decoded, encoded, type LatentShape, pixelsOf } from "./autoencoder.ts";
import { type Between, type MadePicture, NoStepLeft, type PictureOrder } from "./picture.ts";
import type { SdText } from "./stable-diffusion-text.ts";

/** A kind of `scheduler_config.json`. */
export type SamplerKind = "euler" | "euler_ancestral" | "lcm";

export interface SdModel extends Autoencoder {
  readonly unet: Network;
  readonly sampler: SamplerKind;
  readonly scheduler: DiscreteConfig;
  /** Of the latents: 4. */
  readonly channels: number;
  /** LCM's: how wide the guidance is told; `undefined` where it is not. */
  readonly guidanceWidth?: number;
}

interface SdOrder extends PictureOrder {
  readonly text: SdText;
  /** Used where `trueCfg` is above 1. */
  readonly negative: SdText;
}

const f = Math.fround;

/**
 * SD-Turbo, SDXL-Turbo and LCM, text to image and image to image, as diffusers' pipelines. Source: ONNX reference, 8.
 *
 * @throws NoStepLeft; the signal's reason, between two runs; Error of the runtime
 */
export async function sdPicture(model: SdModel, order: SdOrder, between: Between): Promise<MadePicture> {
  const round = model.unet.inputType("sample") === "float16" ? toFloat16 : toFloat32;
  const shape = shapeOf(model, order);
  const { sampler, firstStep } = samplerOf(model, order);
  let latents = await beginning(model, order, { sampler, shape, round, between });
  const initial = latents;
  between.watch.lap("noise");
  const predict = predictionOf(model, order, shape, round);
  const steps = sampler.timesteps.length;
  let clean = latents;
  for (let at = firstStep; at < steps; at += 1) {
    between.signal.throwIfAborted();
    const output = await predict(sampler.scaled(latents).map(round), sampler.timesteps[at]!);
    const made = sampler.step(output, latents, { ...order.noise, next: (count) => order.noise.next(count).map(round) });
    latents = made.latents.map(round);
    clean = made.clean.map(round);
    const values = clean;
    await between.step(at - firstStep + 1, steps - firstStep, () => ({ ...shape, values }));
    between.watch.lap("step");
  }
  between.signal.throwIfAborted();
  const values = await decoded(model, clean, shape, round);
  between.watch.lap("decode");
  const rgb = pixelsOf(values, shape, round);
  between.decoded({ ...shape, values: clean }, rgb);
  between.watch.lap("bytes");
  const { widthPx, heightPx } = shape;
  return { rgb, widthPx, heightPx, initial, latents: clean, timesteps: sampler.timesteps, firstStep };
}

function shapeOf({ channels, scaling }: SdModel, order: SdOrder): LatentShape {
  const rows = Math.floor(order.heightPx / scaling.factor);
  const columns = Math.floor(order.widthPx / scaling.factor);
  return { channels, rows, columns, widthPx: columns * scaling.factor, heightPx: rows * scaling.factor };
}

/** @throws NoStepLeft */
function samplerOf({ sampler, scheduler }: SdModel, { steps, start }: SdOrder) {
  if (sampler === "lcm") {
    // It leaves out original steps instead of its own.
    const made = lcmSampler(scheduler, steps, start?.strength);
    if (made.timesteps.some((timestep) => timestep < 0)) throw new NoStepLeft("no step would be left");
    return { sampler: made, firstStep: 0 };
  }
  const firstStep = start === undefined ? 0 : discreteFirstStep(steps, start.strength);
  if (firstStep === undefined) throw new NoStepLeft("no step would be left");
  const made = eulerSampler(scheduler, steps, { ancestral: sampler === "euler_ancestral" });
  made.startAt(firstStep);
  return { sampler: made, firstStep };
}

async function beginning(
  model: SdModel,
  order: SdOrder,
  its: { readonly sampler: Sampler; readonly shape: LatentShape; readonly round: Round; readonly between: Between },
): Promise<Float32Array> {
  const { sampler, shape, round, between } = its;
  const size = shape.channels * shape.rows * shape.columns;
  const first = () => order.noise.initial(size).map(round);
  if (order.start === undefined) return first().map((value) => round(value * sampler.initialScale));
  const draw = (count: number) => order.noise.next(count).map(round);
  const clean = await encoded(model, await order.start.rgb(shape), shape, { draw, round });
  between.watch.lap("start");
  return sampler.noised(clean, first()).map(round);
}

/** What the UNet says of latents at a timestep, with the negative prompt's share where true CFG is on. */
function predictionOf(
  { unet, guidanceWidth }: SdModel,
  order: SdOrder,
  shape: LatentShape,
  round: Round,
): (latents: Float32Array, timestep: number) => Promise<Float32Array> {
  const { text, negative, trueCfg } = order;
  const size = [shape.heightPx, shape.widthPx];
  const constant = unet.prepared({
    time_ids: { data: [...size, 0, 0, ...size], dims: [1, 6] },
    ...(guidanceWidth === undefined
      ? {}
      : { timestep_cond: { data: guidanceEmbedding(order.guidance, guidanceWidth), dims: [1, guidanceWidth] } }),
    ...Object.fromEntries(
      Object.entries(order.loraScales).map(([name, scale]) => [name, { data: [scale], dims: [1] }]),
    ),
  });
  const prompts = [text, ...(trueCfg > 1 ? [negative] : [])].map(({ sequence, width, pooled }) =>
    unet.prepared({
      encoder_hidden_states: { data: sequence, dims: [1, sequence.length / width, width] },
      ...(pooled === undefined ? {} : { text_embeds: { data: pooled, dims: [1, pooled.length] } }),
    }),
  );
  const timestepDims = unet.inputRank("timestep") === 0 ? [] : [1];
  return async (latents, timestep) => {
    const step = unet.prepared({
      sample: { data: latents, dims: [1, shape.channels, shape.rows, shape.columns] },
      timestep: { data: [timestep], dims: timestepDims },
    });
    const said: Float32Array[] = [];
    for (const prompt of prompts) {
      const { out_sample } = await unet.run({ ...constant, ...step, ...prompt });
      if (!out_sample) throw new Error("unet has no output out_sample");
      said.push(floats(out_sample));
    }
    const [positive = new Float32Array(), away] = said;
    return away ? guided(positive, away, trueCfg, round) : positive;
  };
}

const EMBEDDING_PERIOD = 10_000;

/** diffusers' get_guidance_scale_embedding: sines, then cosines, of 1000 · (guidance − 1). */
export function guidanceEmbedding(guidance: number, width: number): Float32Array {
  const half = Math.floor(width / 2);
  const step = f(f(Math.log(EMBEDDING_PERIOD)) / (half - 1));
  const angles = Float32Array.from({ length: half }, (_, at) =>
    f(f(Math.exp(f(at * -step))) * f((guidance - 1) * 1000)),
  );
  const embedding = new Float32Array(width);
  embedding.set(angles.map(Math.sin));
  embedding.set(angles.map(Math.cos), half);
  return embedding;
}
