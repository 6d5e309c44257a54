import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import type { SamplerKind } from "./pipelines/stable-diffusion.ts";
import type { DiscreteConfig } from "./sampling/betas.ts";
import type { FlowConfig } from "./sampling/flow.ts";

/** What a folder of ONNX models says of itself. Source of the layout: what Optimum exports; ONNX reference, 7. */
export type ModelFolder = FluxFolder | SdFolder;

interface AnyFolder {
  readonly path: string;
  /** The folder's own name, for recipes and cards. */
  readonly name: string;
  readonly vae: {
    readonly scaling: number;
    readonly shift: number;
    readonly factor: number;
    readonly channels: number | undefined;
  };
  /** It can start from a picture. */
  readonly hasEncoder: boolean;
}
export interface FluxFolder extends AnyFolder {
  readonly kind: "flux";
  readonly scheduler: FlowConfig;
  readonly packedChannels: number;
  /** It was distilled to follow cfg, which schnell was not. */
  readonly guidance: boolean;
}
export interface SdFolder extends AnyFolder {
  readonly kind: "sd" | "sdxl";
  readonly scheduler: DiscreteConfig;
  readonly sampler: SamplerKind;
  readonly guidanceWidth: number | undefined;
  readonly zeroForEmptyPrompt: boolean;
}

export type FolderLook =
  | { readonly ok: true; readonly folder: ModelFolder }
  /** A sentence for each file that is missing or wrong, for the operator. */
  | { readonly ok: false; readonly problems: readonly string[] };

const KINDS = {
  FluxPipeline: "flux",
  FluxImg2ImgPipeline: "flux",
  StableDiffusionPipeline: "sd",
  StableDiffusionImg2ImgPipeline: "sd",
  LatentConsistencyModelPipeline: "sd",
  StableDiffusionXLPipeline: "sdxl",
  StableDiffusionXLImg2ImgPipeline: "sdxl",
} as const;

const indexSchema = z.looseObject({
  _class_name: z.string().transform((name) => name.replace(/^(?:ORT|Onnx)/, "")),
  force_zeros_for_empty_prompt: z.boolean().default(true),
});
const vaeSchema = z.looseObject({
  scaling_factor: z.number().positive(),
  shift_factor: z.number().nullish(),
  block_out_channels: z.array(z.int()).min(1).max(8),
  latent_channels: z.int().min(1).optional(),
});
const transformerSchema = z.looseObject({
  in_channels: z.int().min(4).multipleOf(4),
  guidance_embeds: z.boolean().default(false),
});
const unetSchema = z.looseObject({ time_cond_proj_dim: z.int().min(4).max(4096).nullish() });

/** An option that changes what is computed, in a way that is not known here. */
const off = z.literal([false, null]).optional();
const flowSchema = z.looseObject({
  _class_name: z.literal("FlowMatchEulerDiscreteScheduler"),
  use_dynamic_shifting: z.boolean().default(false),
  shift: z.number().positive().default(1),
  base_shift: z.number().default(0.5),
  max_shift: z.number().default(1.15),
  base_image_seq_len: z.int().positive().default(256),
  max_image_seq_len: z.int().positive().default(4096),
  use_karras_sigmas: off,
  use_exponential_sigmas: off,
  use_beta_sigmas: off,
  invert_sigmas: off,
  stochastic_sampling: off,
  shift_terminal: z.null().optional(),
  time_shift_type: z.literal("exponential").default("exponential"),
});
const SAMPLERS = {
  EulerDiscreteScheduler: "euler",
  EulerAncestralDiscreteScheduler: "euler_ancestral",
  LCMScheduler: "lcm",
} as const;
const discreteSchema = z.looseObject({
  _class_name: z.enum(["EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "LCMScheduler"]),
  num_train_timesteps: z.int().min(2).max(10_000).default(1000),
  beta_start: z.number().positive(),
  beta_end: z.number().positive(),
  beta_schedule: z.enum(["scaled_linear", "linear"]),
  prediction_type: z.enum(["epsilon", "v_prediction"]).default("epsilon"),
  timestep_spacing: z.enum(["trailing", "leading", "linspace"]).default("linspace"),
  steps_offset: z.int().min(0).default(0),
  original_inference_steps: z.int().min(1).default(50),
  timestep_scaling: z.number().positive().default(10),
  use_karras_sigmas: off,
  use_exponential_sigmas: off,
  use_beta_sigmas: off,
  rescale_betas_zero_snr: off,
  thresholding: off,
  trained_betas: z.null().optional(),
  interpolation_type: z.literal("linear").default("linear"),
});

/** Reads the small files of a model's folder and looks whether the large ones are there. Never throws. */
export function lookAtModelFolder(path: string): FolderLook {
  const problems: string[] = [];
  const read = <S extends z.ZodType>(file: string, schema: S): z.output<S> | undefined => {
    const found = jsonIn(path, file, schema);
    if (found.ok) return found.value;
    problems.push(found.problem);
    return undefined;
  };
  const index = read("model_index.json", indexSchema);
  const kind = index && Object.entries(KINDS).find(([name]) => name === index._class_name)?.[1];
  if (index && kind === undefined)
    problems.push(
      `model_index.json names a ${index._class_name}; what is known here are ${Object.keys(KINDS).join(", ")}`,
    );
  if (index === undefined || kind === undefined) return { ok: false, problems };
  problems.push(...lackingFiles(path, kind));
  const vae = read(
    existsSync(join(path, "vae/config.json")) ? "vae/config.json" : "vae_decoder/config.json",
    vaeSchema,
  );
  const common = vae && {
    path,
    name: basename(path),
    vae: {
      scaling: vae.scaling_factor,
      shift: vae.shift_factor ?? 0,
      factor: 2 ** (vae.block_out_channels.length - 1),
      channels: vae.latent_channels,
    },
    hasEncoder: existsSync(join(path, "vae_encoder/model.onnx")),
  };
  if (kind === "flux") {
    const transformer = read("transformer/config.json", transformerSchema);
    const scheduler = read("scheduler/scheduler_config.json", flowSchema);
    if (problems.length > 0 || !common || !transformer || !scheduler) return { ok: false, problems };
    const { in_channels: packedChannels, guidance_embeds: guidance } = transformer;
    return { ok: true, folder: { ...common, kind, scheduler, packedChannels, guidance } };
  }
  const unet = read("unet/config.json", unetSchema);
  const scheduler = read("scheduler/scheduler_config.json", discreteSchema);
  if (problems.length > 0 || !common || !unet || !scheduler) return { ok: false, problems };
  return {
    ok: true,
    folder: {
      ...common,
      kind,
      scheduler,
      sampler: SAMPLERS[scheduler._class_name],
      guidanceWidth: unet.time_cond_proj_dim ?? undefined,
      zeroForEmptyPrompt: index.force_zeros_for_empty_prompt,
    },
  };
}

/** The networks a kind is made of, beside those all have. */
const NETWORKS: Readonly<Record<ModelFolder["kind"], readonly string[]>> = {
  flux: ["text_encoder_2", "transformer"],
  sd: ["unet"],
  sdxl: ["text_encoder_2", "unet"],
};

function lackingFiles(path: string, kind: ModelFolder["kind"]): readonly string[] {
  const networks = ["text_encoder", ...NETWORKS[kind], "vae_decoder"];
  const tokenizers = kind === "sd" ? ["tokenizer"] : ["tokenizer", "tokenizer_2"];
  const has = (file: string) => existsSync(join(path, file));
  const isTokenizer = (folder: string) =>
    has(`${folder}/tokenizer.json`) ||
    has(`${folder}/spiece.model`) ||
    (has(`${folder}/vocab.json`) && has(`${folder}/merges.txt`));
  return [
    ...networks.filter((name) => !has(`${name}/model.onnx`)).map((name) => `${name}/model.onnx is missing`),
    ...tokenizers
      .filter((folder) => !isTokenizer(folder))
      .map((folder) => `${folder} has neither tokenizer.json, nor vocab.json with merges.txt, nor spiece.model`),
  ];
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

function jsonIn<S extends z.ZodType>(folder: string, file: string, schema: S): Read<z.output<S>> {
  let text: string;
  try {
    text = readFileSync(join(folder, file), "utf8");
  } catch {
    return { ok: false, problem: `${file} is missing` };
  }
  try {
    const parsed = schema.safeParse(parseForeignJson(text));
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    return {
      ok: false,
      problem: `${file}: ${issue?.path.join(".") ?? ""} is missing, or has a value that is not known here`,
    };
  } catch {
    return { ok: false, problem: `${file} is no JSON` };
  }
}
