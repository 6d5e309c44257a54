import type { ImageRequest } from "../../domain/recipe.ts";
import { promptForComfyui } from "./prompt.ts";

/** Output `1` of a node is its number there, from 0. */
export type Link = readonly [node: string, output: number];

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
/** ComfyUI's API format: what POST /prompt takes. */
export type Graph = Readonly<Record<string, GraphNode>>;

/** Names exactly as the server lists them. */
export type ModelFiles =
  | {
      readonly kind: "parts";
      readonly diffusion: string;
      readonly clipL: string;
      readonly t5: string;
      readonly vae: string;
    }
  /** Model, text encoders and VAE in one file. */
  | { readonly kind: "checkpoint"; readonly checkpoint: string };

/** Everything one picture is made of, on one server. */
export interface GraphInput {
  readonly request: ImageRequest;
  /** As listed there; absent: the base model alone. */
  readonly lora?: { readonly file: string; readonly scale: number };
  /** "subfolder/name" of the uploaded picture to start from. */
  readonly image?: string;
  /** Ends the file's name in ComfyUI's output folder: a graph that is cached to its last node still saves a file of its own. */
  readonly jobId: string;
}

/** The sampler whose steps are shown, and the node whose first picture is the result. */
export const SAMPLER = "50";
export const OUTPUT = "91";

/** FLUX.1-schnell has no guidance input, and a fixed shift. */
export const isSchnell = (files: ModelFiles): boolean =>
  /schnell/i.test(files.kind === "checkpoint" ? files.checkpoint : files.diffusion);

/** What diffusers runs for this change, and at its speed: ComfyUI itself would run all steps on the tail of the schedule. */
export const stepsFor = ({ steps, init }: Pick<ImageRequest, "steps" | "init">): number =>
  init ? Math.max(1, Math.round(steps * init.strength)) : steps;

/**
 * FLUX.1 with at most one LoRA from core nodes: text to image, image to image, variation seed, true CFG, and all of them
 * together. Source: BACKENDS reference, 6.
 */
export function fluxGraph(files: ModelFiles, input: GraphInput): Graph {
  const { request } = input;
  const schnell = isSchnell(files);
  const models = loaders(files);
  const nodes: Record<string, GraphNode> = { ...models.nodes };

  let model = models.model;
  if (input.lora && input.lora.scale !== 0) {
    const { file, scale } = input.lora;
    nodes["20"] = node("LoraLoaderModelOnly", { model, lora_name: file, strength_model: scale });
    model = ["20", 0];
  }
  if (!schnell) {
    const { widthPx: width, heightPx: height } = request;
    nodes["21"] = node("ModelSamplingFlux", { model, max_shift: 1.15, base_shift: 0.5, width, height });
    model = ["21", 0];
  }

  nodes["30"] = node("CLIPTextEncode", { clip: models.clip, text: promptForComfyui(request.finalPrompt) });
  let positive: Link = ["30", 0];
  if (!schnell) {
    nodes["31"] = node("FluxGuidance", { conditioning: positive, guidance: request.guidance });
    positive = ["31", 0];
  }
  if (request.trueCfg === 1) nodes["43"] = node("BasicGuider", { model, conditioning: positive });
  else {
    nodes["32"] = node("CLIPTextEncode", { clip: models.clip, text: promptForComfyui(request.negativePrompt ?? "") });
    nodes["43"] = node("CFGGuider", { model, positive, negative: ["32", 0], cfg: request.trueCfg });
  }

  const start = startLatent(input, models.vae);
  Object.assign(nodes, start.nodes);
  const denoise = request.init?.strength ?? 1;
  nodes["42"] = node("BasicScheduler", { model, scheduler: "simple", steps: stepsFor(request), denoise });
  nodes["41"] = node("KSamplerSelect", { sampler_name: "euler" });
  nodes["40"] = node("RandomNoise", { noise_seed: request.seed });
  Object.assign(nodes, sampling(request, start.latent));
  nodes["51"] = node("VAEDecode", { samples: [SAMPLER, 0], vae: models.vae });
  nodes[OUTPUT] = node("SaveImage", { images: ["51", 0], filename_prefix: `placard/${input.jobId}` });
  return nodes;
}

const node = (class_type: string, inputs: GraphNode["inputs"]): GraphNode => ({ class_type, inputs });

interface Loaders {
  readonly nodes: Graph;
  readonly model: Link;
  readonly clip: Link;
  readonly vae: Link;
}

function loaders(files: ModelFiles): Loaders {
  switch (files.kind) {
    case "checkpoint":
      return {
        nodes: { "10": node("CheckpointLoaderSimple", { ckpt_name: files.checkpoint }) },
        model: ["10", 0],
        clip: ["10", 1],
        vae: ["10", 2],
      };
    case "parts":
      return {
        nodes: {
          "10": node("UNETLoader", { unet_name: files.diffusion, weight_dtype: "default" }),
          "11": node("DualCLIPLoader", { clip_name1: files.clipL, clip_name2: files.t5, type: "flux" }),
          "12": node("VAELoader", { vae_name: files.vae }),
        },
        model: ["10", 0],
        clip: ["11", 0],
        vae: ["12", 0],
      };
  }
}

/** The picture to start from, or nothing but the size. */
function startLatent({ request, image }: GraphInput, vae: Link): { readonly nodes: Graph; readonly latent: Link } {
  const { widthPx: width, heightPx: height } = request;
  if (image === undefined)
    return { nodes: { "44": node("EmptySD3LatentImage", { width, height, batch_size: 1 }) }, latent: ["44", 0] };
  return {
    nodes: {
      "60": node("LoadImage", { image }),
      // It was sent in this size already; a file replaced on the server's disk would not be.
      "61": node("ImageScale", { image: ["60", 0], upscale_method: "lanczos", width, height, crop: "center" }),
      "62": node("VAEEncode", { pixels: ["61", 0], vae }),
    },
    latent: ["62", 0],
  };
}

function sampling({ variation }: ImageRequest, latent: Link): Graph {
  const sample = (noise: Link, sigmas: Link, from: Link) =>
    node("SamplerCustomAdvanced", { noise, guider: ["43", 0], sampler: ["41", 0], sigmas, latent_image: from });
  if (!variation) return { [SAMPLER]: sample(["40", 0], ["42", 0], latent) };
  // One step from each noise, blended, then the rest without noise. Blending the noises themselves does nothing in a flow
  // model: at the first step it scales the latent by 1 - sigma = 0, and every seed would give the same picture.
  return {
    "71": node("DisableNoise", {}),
    "72": node("RandomNoise", { noise_seed: variation.seed }),
    "73": node("SplitSigmas", { sigmas: ["42", 0], step: 1 }),
    "74": sample(["40", 0], ["73", 0], latent),
    "75": sample(["72", 0], ["73", 0], latent),
    // Keeps the norm, which LatentBlend does not; `ratio` weighs samples1.
    "76": node("LatentInterpolate", { samples1: ["75", 0], samples2: ["74", 0], ratio: variation.strength }),
    [SAMPLER]: sample(["71", 0], ["73", 1], ["76", 0]),
  };
}
