import { z } from "zod";
import { withoutEngineTags } from "../../domain/prompt.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import { lorasFor, type Style } from "../../domain/style.ts";
import { editingOf, type Sampler, type Scheduler } from "../../families/shared/family.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import { sameFile } from "../shared/same-file.ts";
import { foreignLora, modelNamed, numbersOn } from "../shared/server-model.ts";
import { chooseUpscaler } from "../shared/upscaler-advice.ts";

export const NAME = "sdcpp";

// FLUX wants these two, and they do for others; a name the server does not know would silently leave its own default in place.
const SAMPLER = "euler";
const SCHEDULER = "simple";

const SAMPLERS: Readonly<Record<Sampler, string>> = {
  euler: SAMPLER,
  euler_ancestral: "euler_a",
  dpmpp_2m: "dpm++2m",
  res_multistep: "res_multistep",
};
const SCHEDULERS: Readonly<Record<Scheduler, string>> = {
  simple: SCHEDULER,
  normal: "discrete",
  karras: "karras",
  sgm_uniform: "sgm_uniform",
  beta: "beta",
};
const listedOr = (name: string | undefined, listed: readonly string[], otherwise: string): string =>
  name !== undefined && listed.includes(name) ? name : otherwise;

/** `GET /sdcpp/v1/capabilities`, as far as it is used. */
export const capabilitiesSchema = z.object({
  model: z.object({ name: z.string(), stem: z.string() }),
  supported_modes: z.array(z.string()),
  loras: z.array(z.object({ path: z.string() })),
  /** Newer ones say which of them also enlarge a finished picture: `POST /sdcpp/v1/upscale`. */
  upscalers: z
    .array(z.object({ name: z.string(), image_upscale: z.boolean().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  samplers: z.array(z.string()),
  schedulers: z.array(z.string()),
  limits: z.object({
    min_width: z.number(),
    max_width: z.number(),
    min_height: z.number(),
    max_height: z.number(),
  }),
  /** Older ones do not tell. */
  features_by_mode: z
    .object({ img_gen: z.object({ ref_images: z.boolean().optional() }).optional() })
    .optional()
    .catch(undefined),
});
export type Capabilities = z.output<typeof capabilitiesSchema>;

export const acceptedSchema = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/) });

/** The answer of `POST /sdcpp/v1/upscale`. */
export const upscaledSchema = z.object({ images: z.array(z.object({ b64_json: z.string().min(1) })).min(1) });

/** The model to enlarge with; `undefined`: it has none, or is of a version that enlarges only while it draws. */
export const upscalerOf = ({ upscalers }: Capabilities): string | undefined =>
  chooseUpscaler((upscalers ?? []).flatMap(({ name, image_upscale }) => (image_upscale ? [name] : [])));

/** `GET /sdcpp/v1/jobs/{id}`. Times are whole Unix seconds. */
export const jobSchema = z.object({
  status: z.enum(["queued", "generating", "completed", "failed", "cancelled"]),
  started: z.number().nullish(),
  completed: z.number().nullish(),
  /** From 1; 0 once it is no longer queued. */
  queue_position: z.number().int().min(0).nullish(),
  error: z.object({ message: z.string() }).nullish().catch(undefined),
  result: z.object({ images: z.array(z.object({ b64_json: z.string().min(1) })).min(1) }).nullish(),
});
export type SdcppJob = z.output<typeof jobSchema>;

/** As the server lists it. */
interface LoraThere {
  readonly path: string;
  readonly scale: number;
}

/** The body of `POST /sdcpp/v1/img_gen`. The server's documented defaults are not FLUX's, so everything is sent. */
export function bodyOf(
  found: Capabilities,
  {
    request,
    style,
    loras,
    init,
    edited = [],
  }: {
    readonly request: ImageRequest;
    readonly style: Style;
    readonly loras: readonly LoraThere[];
    readonly init: Uint8Array | undefined;
    /** The pictures that words change. */
    readonly edited?: readonly Uint8Array[];
  },
): Readonly<Record<string, unknown>> {
  const model = modelNamed(found.model.name);
  const { steps, guidance, cfg } = numbersOn(model, request, style);
  const draws = model?.kind.draws;
  return {
    prompt: withoutEngineTags(request.finalPrompt),
    negative_prompt: withoutEngineTags(request.negativePrompt ?? ""),
    width: request.widthPx,
    height: request.heightPx,
    seed: request.seed,
    batch_count: 1,
    lora: loras.map(({ path, scale }) => ({ path, multiplier: scale })),
    sample_params: {
      sample_method: listedOr(draws && SAMPLERS[draws.sampler], found.samplers, SAMPLER),
      scheduler: listedOr(draws && SCHEDULERS[draws.scheduler], found.schedulers, SCHEDULER),
      sample_steps: steps,
      // Models without guidance of their own take no notice of it.
      guidance: { txt_cfg: cfg, distilled_guidance: guidance ?? request.guidance },
    },
    ...(init && request.init
      ? { init_image: Buffer.from(init).toString("base64"), strength: request.init.strength }
      : {}),
    ...(edited.length > 0 ? { ref_images: edited.map((bytes) => Buffer.from(bytes).toString("base64")) } : {}),
    output_format: "png",
    // It would hold the prompt, and the seed is ours.
    embed_image_metadata: false,
  };
}

/** So many pictures can be given to it where words change them; 0: it changes none, or does not say that it does. */
export function picturesTaken(found: Capabilities | undefined): number {
  const model = modelNamed(found?.model.name);
  const takes = found?.features_by_mode?.img_gen?.ref_images === true && model && editingOf(model.kind);
  return takes ? (model.kind.edits?.references ?? 0) : 0;
}

/** What this server cannot do of a request, continuing its title; `undefined` when it can. */
export function lackOf(found: Capabilities, request: ImageRequest, style: Style): BackendSentence | undefined {
  const { limits } = found;
  if (!found.supported_modes.includes("img_gen")) return sentence("backend.error.no-model");
  if (!found.samplers.includes(SAMPLER) || !found.schedulers.includes(SCHEDULER))
    return forOperator(sentence("backend.error.too-old"));
  if (request.widthPx > limits.max_width || request.heightPx > limits.max_height)
    return sentence("backend.lacks.size-most", { size: `${limits.max_width}×${limits.max_height}` });
  if (request.widthPx < limits.min_width || request.heightPx < limits.min_height)
    return sentence("backend.lacks.size-least", { size: `${limits.min_width}×${limits.min_height}` });
  for (const { file } of lorasFor(style, NAME, request.loraScale)) {
    const path = loraPathOf(found, file);
    if (path === undefined) return sentence("backend.lacks.file", { file });
    const foreign = foreignLora(modelNamed(found.model.name), style, { name: path });
    if (foreign) return foreign;
  }
  return undefined;
}

/** None: the base model alone. */
export const lorasThere = (found: Capabilities, request: ImageRequest, style: Style): readonly LoraThere[] =>
  lorasFor(style, NAME, request.loraScale).flatMap(({ file, scale }) => {
    const path = loraPathOf(found, file);
    return path === undefined ? [] : [{ path, scale }];
  });

/** As the server lists it: a style may name it without its ending or its folder. */
export const loraPathOf = ({ loras }: Capabilities, lora: string): string | undefined =>
  sameFile(
    loras.map(({ path }) => path),
    lora,
  );

/** The time the engine says it spent, in ms. Less than a second counts as half of one. */
export function usedMsOf({ started, completed }: SdcppJob): number | undefined {
  if (typeof started !== "number" || typeof completed !== "number" || completed < started) return undefined;
  return Math.max(0.5, completed - started) * 1000;
}
