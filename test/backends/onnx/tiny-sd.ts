import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildOnnx, type Graph, type Port, someNumbers, type Weight } from "./build-onnx.ts";
import { FIXTURES } from "./references.ts";

/**
 * Models of Stable Diffusion's kinds with the inputs and outputs that Optimum gives them, and networks so simple that the
 * pictures can be computed beside them.
 */

export const FACTOR = 8;
export const CHANNELS = 4;
const VOCABULARY = 800;
const WIDTHS = { first: 6, second: 10 } as const;

/** What the UNet makes: share of the latents, of the text's mean, of the timestep in thousands, and of what SDXL adds. */
export const UNET = { latents: 0.4, text: 0.9, timestep: -0.3, pooled: 0.25, size: 1e-4, guidance: 0.5 } as const;

export interface TinySd {
  readonly kind: "sd" | "sdxl" | "lcm";
  readonly scheduler?: Readonly<Record<string, unknown>>;
}

const SCHEDULERS = {
  sd: { _class_name: "EulerDiscreteScheduler", timestep_spacing: "trailing" },
  sdxl: { _class_name: "EulerAncestralDiscreteScheduler", timestep_spacing: "trailing" },
  lcm: { _class_name: "LCMScheduler", original_inference_steps: 50 },
} as const;
const BETAS = { num_train_timesteps: 1000, beta_start: 0.00085, beta_end: 0.012, beta_schedule: "scaled_linear" };
const CLASSES = {
  sd: "StableDiffusionPipeline",
  sdxl: "StableDiffusionXLPipeline",
  lcm: "LatentConsistencyModelPipeline",
} as const;
export const GUIDANCE_WIDTH = 8;

/** Writes one below the temporary folder. The caller removes it. */
export function tinySd({ kind, scheduler = {} }: TinySd): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-tiny-sd-"));
  const put = (file: string, content: string | Buffer) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const json = (file: string, value: object) => put(file, JSON.stringify(value));
  const encoders = kind === "sdxl" ? (["", "_2"] as const) : ([""] as const);
  for (const suffix of encoders) {
    cpSync(join(FIXTURES, "tiny-flux/tokenizer"), join(folder, `tokenizer${suffix}`), { recursive: true });
    put(`text_encoder${suffix}/model.onnx`, buildOnnx(textEncoder(suffix === "" ? "first" : "second")));
  }
  json("model_index.json", { _class_name: CLASSES[kind], force_zeros_for_empty_prompt: true });
  json("scheduler/scheduler_config.json", { ...BETAS, ...SCHEDULERS[kind], ...scheduler });
  json("unet/config.json", kind === "lcm" ? { time_cond_proj_dim: GUIDANCE_WIDTH } : {});
  const vae = { scaling_factor: 0.5, block_out_channels: [8, 8, 8, 8], latent_channels: CHANNELS };
  json("vae_decoder/config.json", vae);
  put("unet/model.onnx", buildOnnx(unet(kind)));
  put("vae_decoder/model.onnx", buildOnnx(decoder));
  put("vae_encoder/model.onnx", buildOnnx(encoder));
  return folder;
}

export const embeddingOf = (which: keyof typeof WIDTHS): Float32Array =>
  someNumbers(VOCABULARY * WIDTHS[which], which === "first" ? 1 : 2);
export const widthOf = (which: keyof typeof WIDTHS): number => WIDTHS[which];

function textEncoder(which: keyof typeof WIDTHS): Graph {
  const width = WIDTHS[which];
  const sequence = (name: string): Port => ({ name, type: "float32", dims: [1, 77, width] });
  const pooled = which === "first" ? "pooler_output" : "text_embeds";
  return {
    inputs: [{ name: "input_ids", type: "int64", dims: [1, "tokens"] }],
    outputs: [
      { name: pooled, type: "float32", dims: [1, width] },
      ...["last_hidden_state", "hidden_states.0", "hidden_states.1", "hidden_states.2"].map(sequence),
    ],
    weights: [
      { name: "embedding", dims: [VOCABULARY, width], values: embeddingOf(which) },
      { name: "two", dims: [], values: new Float32Array([2]) },
    ],
    operations: [
      { op: "Gather", inputs: ["embedding", "input_ids"], outputs: ["hidden_states.0"] },
      // The last but one is what SDXL takes: twice the embedding.
      { op: "Mul", inputs: ["hidden_states.0", "two"], outputs: ["hidden_states.1"] },
      { op: "Mul", inputs: ["hidden_states.1", "two"], outputs: ["hidden_states.2"] },
      { op: "Identity", inputs: ["hidden_states.0"], outputs: ["last_hidden_state"] },
      { op: "ReduceMean", inputs: ["hidden_states.0"], outputs: [pooled], attributes: { axes: [1], keepdims: 0 } },
    ],
  };
}

function unet(kind: TinySd["kind"]): Graph {
  const extra: readonly (readonly [port: Port, share: number])[] = [
    [{ name: "encoder_hidden_states", type: "float32", dims: [1, "tokens", "width"] }, UNET.text],
    [{ name: "timestep", type: "float32", dims: [] }, UNET.timestep / 1000],
    ...(kind === "sdxl"
      ? ([
          [{ name: "text_embeds", type: "float32", dims: [1, "pooled"] }, UNET.pooled],
          [{ name: "time_ids", type: "float32", dims: [1, 6] }, UNET.size],
        ] as const)
      : []),
    ...(kind === "lcm"
      ? ([[{ name: "timestep_cond", type: "float32", dims: [1, GUIDANCE_WIDTH] }, UNET.guidance]] as const)
      : []),
  ];
  const sample = (name: string): Port => ({ name, type: "float32", dims: [1, CHANNELS, "rows", "columns"] });
  const share = (name: string, value: number): Weight => ({ name, dims: [], values: new Float32Array([value]) });
  return {
    inputs: [sample("sample"), ...extra.map(([port]) => port)],
    outputs: [sample("out_sample")],
    weights: [share("of_sample", UNET.latents), ...extra.map(([{ name }, value]) => share(`of_${name}`, value))],
    operations: [
      { op: "Mul", inputs: ["sample", "of_sample"], outputs: ["sum0"] },
      ...extra.flatMap(([{ name, dims }], at) => [
        dims.length === 0
          ? { op: "Identity", inputs: [name], outputs: [`mean_${name}`] }
          : { op: "ReduceMean", inputs: [name], outputs: [`mean_${name}`], attributes: { keepdims: 0 } },
        { op: "Mul", inputs: [`mean_${name}`, `of_${name}`], outputs: [`part_${name}`] },
        {
          op: "Add",
          inputs: [`sum${at}`, `part_${name}`],
          outputs: [at === extra.length - 1 ? "out_sample" : `sum${at + 1}`],
        },
      ]),
    ],
  };
}

/** Each latent becomes a square of one colour: its first three channels, halved. */
const decoder: Graph = {
  inputs: [{ name: "latent_sample", type: "float32", dims: [1, CHANNELS, "rows", "columns"] }],
  outputs: [{ name: "sample", type: "float32", dims: [1, 3, "height", "width"] }],
  weights: [
    {
      name: "weight",
      dims: [CHANNELS, 3, FACTOR, FACTOR],
      values: Float32Array.from({ length: CHANNELS * 3 * FACTOR * FACTOR }, (_, at) => {
        const [channel, colour] = [Math.floor(at / (3 * FACTOR * FACTOR)), Math.floor(at / (FACTOR * FACTOR)) % 3];
        return channel === colour ? 0.5 : 0;
      }),
    },
  ],
  operations: [
    {
      op: "ConvTranspose",
      inputs: ["latent_sample", "weight"],
      outputs: ["sample"],
      attributes: { kernel_shape: [FACTOR, FACTOR], strides: [FACTOR, FACTOR] },
    },
  ],
};

/** The mean of each square as mean of three channels; the fourth is 0, and so is each log variance. */
const encoder: Graph = {
  inputs: [{ name: "sample", type: "float32", dims: [1, 3, "height", "width"] }],
  outputs: [{ name: "latent_parameters", type: "float32", dims: [1, 2 * CHANNELS, "rows", "columns"] }],
  weights: [
    {
      name: "weight",
      dims: [2 * CHANNELS, 3, FACTOR, FACTOR],
      values: Float32Array.from({ length: 2 * CHANNELS * 3 * FACTOR * FACTOR }, (_, at) => {
        const [channel, colour] = [Math.floor(at / (3 * FACTOR * FACTOR)), Math.floor(at / (FACTOR * FACTOR)) % 3];
        return channel === colour ? 1 / (FACTOR * FACTOR) : 0;
      }),
    },
  ],
  operations: [
    {
      op: "Conv",
      inputs: ["sample", "weight"],
      outputs: ["latent_parameters"],
      attributes: { kernel_shape: [FACTOR, FACTOR], strides: [FACTOR, FACTOR] },
    },
  ],
};
