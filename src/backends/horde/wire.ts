import { z } from "zod";
import { withoutEngineTags } from "../../domain/prompt.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import { lorasFor, type Style } from "../../domain/style.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { fittedPicture } from "../shared/start-image.ts";

export const NAME = "horde";
/** The one FLUX there: schnell, which has its own fixed numbers. */
export const MODEL = "Flux.1-Schnell fp8 (Compact)";
export const FIXED = { steps: 4, guidance: 1 } as const;
const CHANGE_MIN = 0.01;
export const FACTS_MAX_BYTES = 4 * 1024 * 1024;
export const PICTURE_MAX_BYTES = 24 * 1024 * 1024;

export const idSchema = z.string().regex(/^[A-Za-z0-9-]{1,100}$/);
export const acceptedSchema = z.object({
  id: idSchema,
  kudos: z.number().nullish(),
  warnings: z.array(z.object({ code: z.string() })).nullish(),
});

/** `GET /generate/check/{id}`; `wait_time` in seconds. */
export const checkSchema = z.object({
  processing: z.number(),
  waiting: z.number(),
  done: z.boolean(),
  faulted: z.boolean(),
  wait_time: z.number().min(0),
  queue_position: z.number(),
  is_possible: z.boolean(),
  kudos: z.number().nullish(),
});
export type Check = z.output<typeof checkSchema>;

/** `GET /generate/status/{id}`, as far as it adds to the check. */
export const statusSchema = z.object({
  generations: z.array(
    z.object({
      img: z.string(),
      seed: z.string().nullish(),
      model: z.string(),
      censored: z.boolean().nullish(),
      state: z.string(),
      gen_metadata: z.array(z.object({ type: z.string(), value: z.string() })).nullish(),
    }),
  ),
});
export type Generation = z.output<typeof statusSchema>["generations"][number];

export const heartbeatSchema = z.object({ message: z.string(), version: z.string().nullish() });
export const modelsSchema = z.array(z.object({ name: z.string(), count: z.number() }));
export const userSchema = z.object({ username: z.string(), kudos: z.number() });

interface CivitaiLora {
  readonly name: string;
  readonly is_version: boolean;
}

/** `12345` is a model on CivitAI, `12345@67890` or `@67890` one version of it. */
export function civitaiLora(reference: string): CivitaiLora | undefined {
  const [, model = "", version = ""] = /^(\d{1,12})?(?:@(\d{1,12}))?$/.exec(reference) ?? [];
  if (version !== "") return { name: version, is_version: true };
  return model === "" ? undefined : { name: model, is_version: false };
}

/** What the Horde cannot do of a request beyond its features, continuing its title. */
export function lackOf(request: ImageRequest, style: Style): BackendSentence | undefined {
  // The style's own number is nobody's wish; another one is, and would be taken and ignored.
  if (request.steps !== style.defaults.steps && request.steps !== FIXED.steps)
    return sentence("backend.horde.steps", { steps: FIXED.steps });
  if (request.init && request.init.strength < CHANGE_MIN) return sentence("backend.lacks.no-change");
  const unknown = lorasFor(style, NAME, request.loraScale).find(({ file }) => !civitaiLora(file));
  return unknown && sentence("backend.horde.civitai", { reference: unknown.file });
}

/** The body of `POST /generate/async`. Source: BACKENDS reference, 9. */
export async function bodyOf(
  request: ImageRequest,
  style: Style,
  initBytes: Uint8Array | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const loras = lorasFor(style, NAME, request.loraScale).flatMap(({ file, scale }) => {
    const lora = civitaiLora(file);
    return lora ? [{ ...lora, model: scale, clip: 1 }] : [];
  });
  // At most 5 MB are taken: the largest picture we ask for has 3 MB of pixels.
  const start = initBytes && request.init ? await fittedPicture(NAME, initBytes, request) : undefined;
  return {
    prompt: withoutEngineTags(request.finalPrompt),
    params: {
      sampler_name: "k_euler",
      cfg_scale: FIXED.guidance,
      steps: FIXED.steps,
      // A number would be refused, a larger one shifted.
      seed: String(request.seed),
      width: request.widthPx,
      height: request.heightPx,
      karras: false,
      n: 1,
      clip_skip: 1,
      ...(loras.length > 0 ? { loras } : {}),
      ...(start ? { denoising_strength: request.init?.strength } : {}),
    },
    ...(start ? { source_image: start.toString("base64"), source_processing: "img2img" } : {}),
    models: [MODEL],
    nsfw: false,
    censor_nsfw: true,
    replacement_filter: true,
    trusted_workers: false,
    slow_workers: true,
    // It would lower the size without a word where kudos are short.
    allow_downgrade: false,
    r2: true,
    shared: false,
  };
}
