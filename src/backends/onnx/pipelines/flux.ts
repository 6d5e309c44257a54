import type { AnyTensor } from "../../../lib/onnx-runtime.ts";
import type { Network } from "../network.ts";
import { type Round, toFloat16, toFloat32 } from "../noise/rounding.ts";
import {
  type FlowConfig,
  type FlowSchedule,
  flowFirstStep,
  flowNoised,
  flowSchedule,
  flowStep,
  guided,
} from "../sampling/flow.ts";
import { floats } from "../tensors.ts";
import { type Autoencoder, decoded, encoded, pixelsOf } from "./autoencoder.ts";
import { type FluxGeometry, fluxGeometry, imageIds, packed, unpacked } from "./packing.ts";
import { type Between, type MadePicture, NoStepLeft, type PictureOrder } from "./picture.ts";

export interface FluxModel extends Autoencoder {
  readonly transformer: Network;
  readonly scheduler: FlowConfig;
  /** Of the transformer's packed latents: 64 in FLUX.1. */
  readonly packedChannels: number;
}

/** A prompt as the transformer takes it. */
export interface FluxText {
  /** CLIP's one vector. */
  readonly pooled: AnyTensor;
  /** T5's, one for each token. */
  readonly sequence: AnyTensor;
}

export interface FluxOrder extends PictureOrder {
  readonly text: FluxText;
  /** Used where `trueCfg` is above 1. */
  readonly negative?: FluxText;
}

/**
 * FLUX text to image and image to image, equal to diffusers' pipelines step by step. Source: ONNX reference, 8.
 *
 * @throws NoStepLeft; the signal's reason, between two runs; Error of the runtime
 */
export async function fluxPicture(model: FluxModel, order: FluxOrder, between: Between): Promise<MadePicture> {
  const { transformer } = model;
  const round = transformer.inputType("hidden_states") === "float16" ? toFloat16 : toFloat32;
  const geometry = fluxGeometry(order, model.scaling.factor, model.packedChannels / 4);
  const schedule = flowSchedule(order.steps, geometry.tokens, model.scheduler);
  const begun = await beginning(model, order, { geometry, schedule, round, between });
  const { firstStep } = begun;
  const latents = packed(begun.latents, geometry);
  const initial = latents.slice();
  between.watch.lap("noise");
  const velocity = velocityOf(model, order, geometry, round);
  for (let at = firstStep; at < order.steps; at += 1) {
    between.signal.throwIfAborted();
    const change = await velocity(latents, schedule.timesteps[at]!);
    const span = { from: schedule.sigmas[at]!, to: schedule.sigmas[at + 1]! };
    flowStep(latents, change, span, round);
    await between.step(at - firstStep + 1, order.steps - firstStep, () => ({
      ...geometry,
      values: unpacked(
        latents.map((value, k) => value - span.to * change[k]!),
        geometry,
      ),
    }));
    between.watch.lap("step");
  }
  between.signal.throwIfAborted();
  const scaled = unpacked(latents, geometry);
  const values = await decoded(model, scaled, geometry, round);
  between.watch.lap("decode");
  const rgb = pixelsOf(values, geometry, round);
  between.decoded({ ...geometry, values: scaled }, rgb);
  between.watch.lap("bytes");
  const { widthPx, heightPx } = geometry;
  return { rgb, widthPx, heightPx, initial, latents, ...schedule, firstStep };
}

interface Begun {
  readonly latents: Float32Array;
  readonly firstStep: number;
}

/** Noise, or a noisy picture. For the picture noise is drawn twice: what it is encoded with comes first. */
async function beginning(
  model: FluxModel,
  order: FluxOrder,
  its: {
    readonly geometry: FluxGeometry;
    readonly schedule: FlowSchedule;
    readonly round: Round;
    readonly between: Between;
  },
): Promise<Begun> {
  const { geometry, schedule, round, between } = its;
  const first = () => order.noise.initial(geometry.size).map(round);
  if (order.start === undefined) return { latents: first(), firstStep: 0 };
  const firstStep = flowFirstStep(order.steps, order.start.strength);
  if (firstStep === undefined) throw new NoStepLeft("no step would be left");
  const draw = (count: number) => order.noise.next(count).map(round);
  const clean = await encoded(model, await order.start.rgb(geometry), geometry, { draw, round });
  between.watch.lap("start");
  return { latents: flowNoised(clean, first(), schedule.sigmas[firstStep]!, round), firstStep };
}

/** What the transformer says of latents at a timestep, with the negative prompt's share where there is one. */
function velocityOf(
  { transformer }: FluxModel,
  order: FluxOrder,
  geometry: FluxGeometry,
  round: Round,
): (latents: Float32Array, timestep: number) => Promise<Float32Array> {
  const { text, negative, trueCfg } = order;
  const { tokens, channels } = geometry;
  const textTokens = text.sequence.dims[1] ?? 0;
  // Exports of diffusers before 0.31 have ids for each picture of a batch.
  const idDims = (count: number) => (transformer.inputRank("img_ids") === 3 ? [1, count, 3] : [count, 3]);
  // Converted once: they are the same at every step.
  const constant = transformer.prepared({
    txt_ids: { data: new BigInt64Array(textTokens * 3), dims: idDims(textTokens) },
    img_ids: { data: imageIds(geometry), dims: idDims(tokens) },
    guidance: { data: [order.guidance], dims: [1] },
    ...Object.fromEntries(
      Object.entries(order.loraScales).map(([name, scale]) => [name, { data: [scale], dims: [1] }]),
    ),
  });
  const prompts = [text, ...(trueCfg > 1 && negative ? [negative] : [])].map(({ pooled, sequence }) =>
    transformer.prepared({ pooled_projections: pooled, encoder_hidden_states: sequence }),
  );
  return async (latents, timestep) => {
    const step = transformer.prepared({
      hidden_states: { data: latents, dims: [1, tokens, channels * 4] },
      timestep: { data: [round(round(timestep) / 1000)], dims: [1] },
    });
    const said: Float32Array[] = [];
    for (const prompt of prompts) {
      const { out_hidden_states } = await transformer.run({ ...constant, ...step, ...prompt });
      if (!out_hidden_states) throw new Error("transformer has no output out_hidden_states");
      said.push(floats(out_hidden_states));
    }
    const [positive = new Float32Array(), away] = said;
    return away ? guided(positive, away, trueCfg, round) : positive;
  };
}
