/** What one input takes: a link of this type, a number in a range, text, or one of a list. */
export type InputKind =
  | { readonly of: "link"; readonly type: string }
  | { readonly of: "INT" | "FLOAT"; readonly min: number; readonly max: number }
  | { readonly of: "STRING" }
  /** Or one of the server's own files of this folder. */
  | { readonly of: "list"; readonly values: readonly string[] }
  | { readonly of: "files"; readonly folder: Folder }
  /** A file in the input folder: checked by the node itself. */
  | { readonly of: "upload" };

export const folders = ["diffusion_models", "checkpoints", "text_encoders", "vae", "loras", "upscale_models"] as const;
export type Folder = (typeof folders)[number];

export interface NodeClass {
  readonly required: Readonly<Record<string, InputKind>>;
  readonly optional?: Readonly<Record<string, InputKind>>;
  readonly outputs: readonly string[];
  readonly isOutput?: true;
  /** Newer than 0.3.64: as that version's /object_info gives it, or ("templates") as ComfyUI's templates and node pages have it. */
  readonly since?: "0.10.0" | "templates";
}

const link = (type: string): InputKind => ({ of: "link", type });
const int = (min: number, max: number): InputKind => ({ of: "INT", min, max });
const float = (min: number, max: number): InputKind => ({ of: "FLOAT", min, max });
const list = (...values: readonly string[]): InputKind => ({ of: "list", values });
const files = (folder: Folder): InputKind => ({ of: "files", folder });
const text: InputKind = { of: "STRING" };

const seed = int(0, 2 ** 64);
const side = int(16, 16_384);
const sampler = list("euler", "euler_ancestral", "heun", "dpmpp_2m", "res_multistep");
const scheduler = list("simple", "sgm_uniform", "karras", "normal", "beta");

/**
 * What 0.3.64 does not offer yet: kinds of CLIPLoader, the first from 0.10.0, the others by their templates; and how the pictures
 * of an edit are told apart, by the template of Qwen-Image-Edit 2511.
 */
export const NEWER_CHOICES: readonly string[] = ["flux2", "flux3", "krea2", "index_timestep_zero"];

/** The classes of ComfyUI 0.3.64 (and newer ones, see `since`) that our graphs and tests use, as its /object_info gives them; lists are shortened. */
export const NODE_CLASSES: Readonly<Record<string, NodeClass>> = {
  UNETLoader: {
    required: { unet_name: files("diffusion_models"), weight_dtype: list("default", "fp8_e4m3fn", "fp8_e5m2") },
    outputs: ["MODEL"],
  },
  DualCLIPLoader: {
    required: {
      clip_name1: files("text_encoders"),
      clip_name2: files("text_encoders"),
      type: list("sdxl", "sd3", "flux"),
    },
    optional: { device: list("default", "cpu") },
    outputs: ["CLIP"],
  },
  CLIPLoader: {
    required: {
      clip_name: files("text_encoders"),
      type: list("stable_diffusion", "sd3", "lumina2", "chroma", "qwen_image", "flux2", "flux3", "krea2"),
    },
    optional: { device: list("default", "cpu") },
    outputs: ["CLIP"],
  },
  TripleCLIPLoader: {
    required: {
      clip_name1: files("text_encoders"),
      clip_name2: files("text_encoders"),
      clip_name3: files("text_encoders"),
    },
    outputs: ["CLIP"],
  },
  T5TokenizerOptions: {
    required: { clip: link("CLIP"), min_padding: int(0, 10_000), min_length: int(0, 10_000) },
    outputs: ["CLIP"],
  },
  ModelSamplingAuraFlow: { required: { model: link("MODEL"), shift: float(0, 100) }, outputs: ["MODEL"] },
  EmptyFlux2LatentImage: {
    required: { width: side, height: side, batch_size: int(1, 4096) },
    outputs: ["LATENT"],
    since: "0.10.0",
  },
  Flux2Scheduler: {
    required: { steps: int(1, 4096), width: side, height: side },
    outputs: ["SIGMAS"],
    since: "0.10.0",
  },
  TextEncodeQwenImage21: {
    required: { clip: link("CLIP"), prompt: text, negative_prompt: text, resolution: int(0, 4096) },
    optional: {
      vae: link("VAE"),
      "images.image_1": link("IMAGE"),
      "images.image_2": link("IMAGE"),
      "images.image_3": link("IMAGE"),
    },
    outputs: ["CONDITIONING", "CONDITIONING", "LATENT"],
    since: "templates",
  },
  TextEncodeQwenImageEditPlus: {
    required: { clip: link("CLIP"), prompt: text },
    optional: { vae: link("VAE"), image1: link("IMAGE"), image2: link("IMAGE"), image3: link("IMAGE") },
    outputs: ["CONDITIONING"],
  },
  CFGNorm: { required: { model: link("MODEL"), strength: float(0, 100) }, outputs: ["MODEL"] },
  ReferenceLatent: {
    required: { conditioning: link("CONDITIONING") },
    optional: { latent: link("LATENT") },
    outputs: ["CONDITIONING"],
  },
  FluxKontextImageScale: { required: { image: link("IMAGE") }, outputs: ["IMAGE"] },
  FluxKontextMultiReferenceLatentMethod: {
    required: {
      conditioning: link("CONDITIONING"),
      // The last by the template of Qwen-Image-Edit 2511; the others as 0.3.64 has them.
      reference_latents_method: list("offset", "index", "uxo/uno", "index_timestep_zero"),
    },
    outputs: ["CONDITIONING"],
  },
  VAELoader: { required: { vae_name: files("vae") }, outputs: ["VAE"] },
  CheckpointLoaderSimple: { required: { ckpt_name: files("checkpoints") }, outputs: ["MODEL", "CLIP", "VAE"] },
  LoraLoaderModelOnly: {
    required: { model: link("MODEL"), lora_name: files("loras"), strength_model: float(-100, 100) },
    outputs: ["MODEL"],
  },
  LoraLoader: {
    required: {
      model: link("MODEL"),
      clip: link("CLIP"),
      lora_name: files("loras"),
      strength_model: float(-100, 100),
      strength_clip: float(-100, 100),
    },
    outputs: ["MODEL", "CLIP"],
  },
  ModelSamplingFlux: {
    required: {
      model: link("MODEL"),
      max_shift: float(0, 100),
      base_shift: float(0, 100),
      width: side,
      height: side,
    },
    outputs: ["MODEL"],
  },
  CLIPTextEncode: { required: { text, clip: link("CLIP") }, outputs: ["CONDITIONING"] },
  FluxGuidance: {
    required: { conditioning: link("CONDITIONING"), guidance: float(0, 100) },
    outputs: ["CONDITIONING"],
  },
  RandomNoise: { required: { noise_seed: seed }, outputs: ["NOISE"] },
  DisableNoise: { required: {}, outputs: ["NOISE"] },
  KSamplerSelect: { required: { sampler_name: sampler }, outputs: ["SAMPLER"] },
  BasicScheduler: {
    required: { model: link("MODEL"), scheduler, steps: int(1, 10_000), denoise: float(0, 1) },
    outputs: ["SIGMAS"],
  },
  SplitSigmas: { required: { sigmas: link("SIGMAS"), step: int(0, 10_000) }, outputs: ["SIGMAS", "SIGMAS"] },
  BasicGuider: { required: { model: link("MODEL"), conditioning: link("CONDITIONING") }, outputs: ["GUIDER"] },
  CFGGuider: {
    required: {
      model: link("MODEL"),
      positive: link("CONDITIONING"),
      negative: link("CONDITIONING"),
      cfg: float(0, 100),
    },
    outputs: ["GUIDER"],
  },
  EmptySD3LatentImage: { required: { width: side, height: side, batch_size: int(1, 4096) }, outputs: ["LATENT"] },
  EmptyLatentImage: { required: { width: side, height: side, batch_size: int(1, 4096) }, outputs: ["LATENT"] },
  SamplerCustomAdvanced: {
    required: {
      noise: link("NOISE"),
      guider: link("GUIDER"),
      sampler: link("SAMPLER"),
      sigmas: link("SIGMAS"),
      latent_image: link("LATENT"),
    },
    outputs: ["LATENT", "LATENT"],
  },
  KSampler: {
    required: {
      model: link("MODEL"),
      seed,
      steps: int(1, 10_000),
      cfg: float(0, 100),
      sampler_name: sampler,
      scheduler,
      positive: link("CONDITIONING"),
      negative: link("CONDITIONING"),
      latent_image: link("LATENT"),
      denoise: float(0, 1),
    },
    outputs: ["LATENT"],
  },
  LatentInterpolate: {
    required: { samples1: link("LATENT"), samples2: link("LATENT"), ratio: float(0, 1) },
    outputs: ["LATENT"],
  },
  VAEDecode: { required: { samples: link("LATENT"), vae: link("VAE") }, outputs: ["IMAGE"] },
  VAEEncode: { required: { pixels: link("IMAGE"), vae: link("VAE") }, outputs: ["LATENT"] },
  LoadImage: { required: { image: { of: "upload" } }, outputs: ["IMAGE", "MASK"] },
  EmptyImage: {
    required: { width: int(1, 16_384), height: int(1, 16_384), batch_size: int(1, 4096), color: int(0, 0xffffff) },
    outputs: ["IMAGE"],
  },
  ImageScale: {
    required: {
      image: link("IMAGE"),
      upscale_method: list("nearest-exact", "bilinear", "area", "bicubic", "lanczos"),
      width: int(0, 16_384),
      height: int(0, 16_384),
      crop: list("disabled", "center"),
    },
    outputs: ["IMAGE"],
  },
  UpscaleModelLoader: { required: { model_name: files("upscale_models") }, outputs: ["UPSCALE_MODEL"] },
  ImageUpscaleWithModel: {
    required: { upscale_model: link("UPSCALE_MODEL"), image: link("IMAGE") },
    outputs: ["IMAGE"],
  },
  SaveImage: { required: { images: link("IMAGE"), filename_prefix: text }, outputs: [], isOutput: true },
  PreviewImage: { required: { images: link("IMAGE") }, outputs: [], isOutput: true },
};

/** The answer of `/object_info/<class>`, as 0.3.64 writes it; `{}` for a class that is not there. */
export function nodeInfoOf(name: string, held: Readonly<Record<Folder, readonly string[]>>): object {
  const known = Object.hasOwn(NODE_CLASSES, name) ? NODE_CLASSES[name] : undefined;
  if (!known) return {};
  const spec = (kind: InputKind): unknown => {
    switch (kind.of) {
      case "link":
        return [kind.type];
      case "INT":
      case "FLOAT":
        return [kind.of, { min: kind.min, max: kind.max }];
      case "STRING":
        return ["STRING", { multiline: true }];
      case "list":
        return [kind.values];
      case "files":
        return [held[kind.folder]];
      case "upload":
        return [[], { image_upload: true }];
    }
  };
  const inputs = (kinds: Readonly<Record<string, InputKind>> = {}) =>
    Object.fromEntries(Object.entries(kinds).map(([input, kind]) => [input, spec(kind)]));
  return {
    [name]: {
      name,
      input: { required: inputs(known.required), optional: inputs(known.optional) },
      output: known.outputs,
      output_node: known.isOutput === true,
    },
  };
}
