import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createOnnx } from "../../src/backends/onnx/backend.ts";
import type { LogFields } from "../../src/ports/log.ts";
import { buildOnnx, type Graph, type Port, someNumbers } from "../backends/onnx/build-onnx.ts";
import { FIXTURES } from "../backends/onnx/references.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { type Stall, watchStalls } from "./stall.ts";

const SIDE_PX = 1024;
const STEPS = 4;
const PACKED = 64;
const CHANNELS = 16;
const FACTOR = 8;
const WORDS = 800;
const TEXT_WIDTH = 4096;
const POOLED_WIDTH = 768;

export interface OnnxOverhead {
  /** All but the networks' runs, of a picture of 1024×1024 in 4 steps. */
  readonly medianMs: number;
  /** Of the last picture, by stage. */
  readonly stages: readonly (readonly [stage: string, ms: number])[];
  /** Of the bot's own process. */
  readonly stall: Stall;
}

/** FLUX of its full widths, with networks that compute next to nothing: what is measured is what is ours. */
export async function onnxOverhead(folder: string, pictures: number): Promise<OnnxOverhead> {
  const modelDir = join(folder, "model");
  stubFlux(modelDir);
  const noted: LogFields[] = [];
  const services = moduleServices({ under: join(folder, "data") });
  const log = { ...services.log, debug: (_fact: string, fields: LogFields = {}) => void noted.push(fields) };
  const backend = createOnnx(
    {
      modelDir,
      loraDir: join(modelDir, "loras"),
      provider: "cpu",
      noise: undefined,
      stepsMax: undefined,
      threads: 0,
      spinning: false,
      mapped: true,
      idleMs: 0,
      timeoutMs: 600_000,
    },
    { ...services, log },
  );
  const signal = new AbortController().signal;
  const picture = async (seed: number) => {
    const request = { ...someRequest, seed, steps: STEPS, widthPx: SIDE_PX, heightPx: SIDE_PX };
    await Array.fromAsync(backend.generate({ request, style: someStyle, signal }));
  };
  await picture(0);
  const ended = watchStalls();
  for (let at = 1; at <= pictures; at += 1) await picture(at);
  const stall = ended();
  await backend.close();
  const overheads = noted.slice(1).map(overheadOf);
  return {
    medianMs: overheads.toSorted((a, b) => a - b)[overheads.length >> 1] ?? Number.NaN,
    stages: stagesOf(noted.at(-1) ?? {}),
    stall,
  };
}

const stagesOf = (fields: LogFields): OnnxOverhead["stages"] =>
  Object.keys(fields).flatMap((name) => {
    const stage = /^([a-z]+)Ms$/.exec(name)?.[1];
    if (stage === undefined || fields[`${stage}RunMs`] === undefined) return [];
    return [[stage, Number(fields[name]) - Number(fields[`${stage}RunMs`])] as const];
  });
const overheadOf = (fields: LogFields): number => stagesOf(fields).reduce((sum, [, ms]) => sum + ms, 0);

function stubFlux(folder: string): void {
  cpSync(join(FIXTURES, "tiny-flux"), folder, { recursive: true });
  const json = (file: string, value: object) => writeFileSync(join(folder, file), JSON.stringify(value));
  json("transformer/config.json", { in_channels: PACKED, guidance_embeds: true });
  json("vae_decoder/config.json", { scaling_factor: 0.3611, shift_factor: 0.1159, block_out_channels: [1, 1, 1, 1] });
  const put = (name: string, graph: Graph) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "model.onnx"), buildOnnx(graph));
  };
  put("text_encoder", encoder("pooler_output", POOLED_WIDTH, true));
  put("text_encoder_2", encoder("last_hidden_state", TEXT_WIDTH, false));
  const latents = (name: string): Port => ({ name, type: "float32", dims: [1, "tokens", PACKED] });
  put("transformer", {
    inputs: [
      latents("hidden_states"),
      { name: "encoder_hidden_states", type: "float32", dims: [1, "words", TEXT_WIDTH] },
      { name: "pooled_projections", type: "float32", dims: [1, POOLED_WIDTH] },
      { name: "timestep", type: "float32", dims: [1] },
      { name: "guidance", type: "float32", dims: [1] },
      { name: "img_ids", type: "int64", dims: ["tokens", 3] },
      { name: "txt_ids", type: "int64", dims: ["words", 3] },
    ],
    outputs: [latents("out_hidden_states")],
    operations: [{ op: "Mul", inputs: ["hidden_states", "timestep"], outputs: ["out_hidden_states"] }],
  });
  const size = CHANNELS * 3 * FACTOR * FACTOR;
  put("vae_decoder", {
    inputs: [{ name: "latent_sample", type: "float32", dims: [1, CHANNELS, "rows", "columns"] }],
    outputs: [{ name: "sample", type: "float32", dims: [1, 3, "height", "width"] }],
    weights: [{ name: "weight", dims: [CHANNELS, 3, FACTOR, FACTOR], values: someNumbers(size, 5) }],
    operations: [
      {
        op: "ConvTranspose",
        inputs: ["latent_sample", "weight"],
        outputs: ["sample"],
        attributes: { kernel_shape: [FACTOR, FACTOR], strides: [FACTOR, FACTOR] },
      },
    ],
  });
}

function encoder(output: string, width: number, pooled: boolean): Graph {
  const found = pooled ? "words" : output;
  return {
    inputs: [{ name: "input_ids", type: "int64", dims: [1, "tokens"] }],
    outputs: [{ name: output, type: "float32", dims: pooled ? [1, width] : [1, "tokens", width] }],
    weights: [{ name: "embedding", dims: [WORDS, width], values: someNumbers(WORDS * width, 6) }],
    operations: [
      { op: "Gather", inputs: ["embedding", "input_ids"], outputs: [found] },
      ...(pooled
        ? [{ op: "ReduceMean", inputs: [found], outputs: [output], attributes: { axes: [1], keepdims: 0 } }]
        : []),
    ],
  };
}
