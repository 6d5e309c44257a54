import type { ImageRequest } from "../../domain/recipe.ts";
import type { DrawInput, FamilyGraph, GraphInput, ModelFiles } from "./graph-input.ts";
import { type Graph, type GraphNode, type Link, node } from "./node.ts";
import { picturesIn, toldOf } from "./told.ts";

/** The sampler whose steps are shown, and the node whose first picture is the result. */
export const SAMPLER = "50";
export const OUTPUT = "91";

/** What diffusers runs for this change, and at its speed: ComfyUI itself would run all steps on the tail of the schedule. */
export const stepsFor = ({ steps, init }: Pick<ImageRequest, "steps" | "init">): number =>
  init ? Math.max(1, Math.round(steps * init.strength)) : steps;

/**
 * A graph with LoRAs one behind the other from core nodes: text to image, image to image, variation seed, a second pass, and all of
 * them together. Source: BACKENDS reference, 6, and ComfyUI's own templates for each family.
 */
export function drawGraph(own: FamilyGraph, input: DrawInput): Graph {
  const { request, numbers, drawing } = input;
  const loaded = loaders(own, input.files);
  const nodes: Record<string, GraphNode> = { ...loaded.nodes };
  let { model, clip } = loaded;
  for (const [at, lora] of (input.loras ?? []).filter(({ scale }) => scale !== 0).entries()) {
    const id = at === 0 ? "20" : `20-${at + 1}`;
    nodes[id] = loraNode(own, { model, clip }, lora);
    model = [id, 0];
    if (own.loraChangesEncoders) clip = [id, 1];
  }
  const shifted = own.model?.(model, input);
  if (shifted) {
    nodes["21"] = shifted;
    model = ["21", 0];
  }
  const options = own.encoders?.(clip);
  if (options) {
    nodes["13"] = options;
    clip = ["13", 0];
  }
  const seen = picturesIn(own, input);
  Object.assign(nodes, seen.nodes);
  const last = seen.images.length > 0 ? own.edit?.model?.(model) : undefined;
  if (last) {
    nodes["22"] = last;
    model = ["22", 0];
  }
  const words = toldOf(own, input, { clip, vae: loaded.vae, images: seen.images });
  Object.assign(nodes, words.nodes);
  let { positive } = words;
  if (numbers.guidance !== undefined) {
    nodes["31"] = node("FluxGuidance", { conditioning: positive, guidance: numbers.guidance });
    positive = ["31", 0];
  }
  nodes["43"] =
    words.negative === undefined
      ? node("BasicGuider", { model, conditioning: positive })
      : node("CFGGuider", { model, positive, negative: words.negative, cfg: numbers.cfg });

  const start = startLatent(own, input, loaded.vae);
  const levels = schedule(own, input, model);
  Object.assign(nodes, start.nodes, levels.nodes);
  nodes["41"] = node("KSamplerSelect", { sampler_name: drawing.sampler });
  nodes["40"] = node("RandomNoise", { noise_seed: request.seed });
  Object.assign(nodes, sampling(request, start.latent, levels.sigmas));
  nodes["51"] = node("VAEDecode", { samples: [SAMPLER, 0], vae: loaded.vae });
  nodes[OUTPUT] = node("SaveImage", { images: ["51", 0], filename_prefix: `placard/${input.jobId}` });
  return nodes;
}

interface Loaders {
  readonly nodes: Graph;
  readonly model: Link;
  readonly clip: Link;
  readonly vae: Link;
}

function loaders(own: FamilyGraph, files: ModelFiles): Loaders {
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
          "11": encoderLoader(own, files.encoders),
          "12": node("VAELoader", { vae_name: files.vae }),
        },
        model: ["10", 0],
        clip: ["11", 0],
        vae: ["12", 0],
      };
  }
}

function encoderLoader({ encoderType: type }: FamilyGraph, files: readonly string[]): GraphNode {
  const [first, second, third] = files;
  if (third !== undefined)
    return node("TripleCLIPLoader", { clip_name1: first, clip_name2: second, clip_name3: third });
  if (second !== undefined) return node("DualCLIPLoader", { clip_name1: first, clip_name2: second, type });
  return node("CLIPLoader", { clip_name: first, type });
}

function loraNode(
  own: FamilyGraph,
  { model, clip }: Pick<Loaders, "model" | "clip">,
  { file, scale }: NonNullable<GraphInput["loras"]>[number],
): GraphNode {
  if (!own.loraChangesEncoders) return node("LoraLoaderModelOnly", { model, lora_name: file, strength_model: scale });
  return node("LoraLoader", { model, clip, lora_name: file, strength_model: scale, strength_clip: scale });
}

/** The noise levels to go through. */
function schedule(
  own: FamilyGraph,
  { request, numbers, drawing }: DrawInput,
  model: Link,
): { readonly nodes: Graph; readonly sigmas: Link } {
  const { init } = request;
  const steps = stepsFor({ ...request, steps: numbers.steps });
  const levels = own.sigmas?.(numbers.steps, request);
  if (!levels) {
    const basic = { model, scheduler: drawing.scheduler, steps, denoise: init?.strength ?? 1 };
    return { nodes: { "42": node("BasicScheduler", basic) }, sigmas: ["42", 0] };
  }
  if (!init) return { nodes: { "42": levels }, sigmas: ["42", 0] };
  // Its own schedule knows of no picture to start from: the last steps are left, as many as the change is worth.
  const step = numbers.steps - (init.strength <= 0 ? 0 : steps);
  return { nodes: { "42": levels, "45": node("SplitSigmas", { sigmas: ["42", 0], step }) }, sigmas: ["45", 1] };
}

/** The picture to start from, or nothing but the size. */
function startLatent(
  { emptyLatent }: FamilyGraph,
  { request, image }: GraphInput,
  vae: Link,
): { readonly nodes: Graph; readonly latent: Link } {
  const { widthPx: width, heightPx: height } = request;
  if (image === undefined)
    return { nodes: { "44": node(emptyLatent, { width, height, batch_size: 1 }) }, latent: ["44", 0] };
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

function sampling({ variation }: ImageRequest, latent: Link, levels: Link): Graph {
  const sample = (noise: Link, sigmas: Link, from: Link) =>
    node("SamplerCustomAdvanced", { noise, guider: ["43", 0], sampler: ["41", 0], sigmas, latent_image: from });
  if (!variation) return { [SAMPLER]: sample(["40", 0], levels, latent) };
  // One step from each noise, blended, then the rest without noise. Blending the noises themselves does nothing in a flow
  // model: at the first step it scales the latent by 1 - sigma = 0, and every seed would give the same picture.
  return {
    "71": node("DisableNoise", {}),
    "72": node("RandomNoise", { noise_seed: variation.seed }),
    "73": node("SplitSigmas", { sigmas: levels, step: 1 }),
    "74": sample(["40", 0], ["73", 0], latent),
    "75": sample(["72", 0], ["73", 0], latent),
    // Keeps the norm, which LatentBlend does not; `ratio` weighs samples1.
    "76": node("LatentInterpolate", { samples1: ["75", 0], samples2: ["74", 0], ratio: variation.strength }),
    [SAMPLER]: sample(["71", 0], ["73", 1], ["76", 0]),
  };
}
