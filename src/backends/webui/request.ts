import type { ImageRequest } from "../../domain/recipe.ts";
import type { Drawing, Sampler, Scheduler } from "../../families/shared/family.ts";
import type { Numbers } from "../../families/shared/numbers.ts";
import type { Known } from "./known.ts";
import { loraTag, plainPrompt } from "./prompt.ts";

export interface Wanted {
  readonly request: ImageRequest;
  /** Their names there. */
  readonly loras: readonly { readonly name: string; readonly scale: number }[];
  /** Fitted to the size. */
  readonly init: Uint8Array | undefined;
  /** Of the setting WEBUI_MODEL. */
  readonly model: string | undefined;
  readonly task: string;
  /** What the loaded model draws with. */
  readonly numbers: Numbers;
  /** Absent: a model that nobody knows. */
  readonly drawing: Drawing | undefined;
}

type Body = Readonly<Record<string, unknown>>;

const promptOf = ({ request, loras }: Wanted, { flavour }: Known): string =>
  plainPrompt(request.finalPrompt, flavour) + loras.map(({ name, scale }) => loraTag(name, scale)).join("");

/**
 * What is called cfg here is something else in each: Forge has FLUX's own guidance beside true CFG, whose default of 7
 * burns pictures; SD.Next's cfg_scale is the pipeline's guidance; the original's is its only one.
 */
function guidanceOf({ request, numbers, drawing }: Wanted, { flavour }: Known): Body {
  const { guidance, cfg } = numbers;
  if (flavour === "forge")
    return { cfg_scale: cfg, ...(guidance === undefined ? {} : { distilled_cfg_scale: guidance }) };
  // What the original runs and nobody knows has no guidance but this.
  return { cfg_scale: drawing ? (guidance ?? cfg) : request.guidance };
}

const SAMPLERS: Readonly<Record<Sampler, string>> = {
  euler: "Euler",
  euler_ancestral: "Euler a",
  dpmpp_2m: "DPM++ 2M",
  // Few of them have it.
  res_multistep: "Euler",
};
const SCHEDULERS: Readonly<Record<Scheduler, string>> = {
  simple: "Simple",
  normal: "Normal",
  karras: "Karras",
  sgm_uniform: "SGM Uniform",
  beta: "Beta",
};

function samplerOf({ drawing }: Wanted, { flavour, scheduler }: Known): Body {
  // SD.Next chooses the model's own when it is told none.
  if (flavour === "sdnext") return {};
  const byName = drawing ? SCHEDULERS[drawing.scheduler] : flavour === "forge" ? "Simple" : "Automatic";
  return { sampler_name: drawing ? SAMPLERS[drawing.sampler] : "Euler", ...(scheduler ? { scheduler: byName } : {}) };
}

/** The server's own settings that would change the picture, for this picture only. Names it does not know break it. */
function overridesOf({ model }: Wanted, { options }: Known): Body {
  const wanted = {
    sd_model_checkpoint: model,
    show_progress_every_n_steps: 2,
    // A "#" would hide the rest of the prompt.
    enable_prompt_comments: false,
    lora_add_hashes_to_infotext: true,
    // A LoRA the operator added to every prompt.
    sd_lora: options["sd_lora"] === "None" || options["sd_lora"] === "" ? undefined : "None",
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== undefined && Object.hasOwn(options, name)),
  );
}

/** Of `POST /sdapi/v1/txt2img` or `img2img`. Source: BACKENDS reference, 7. */
export function callOf(wanted: Wanted, known: Known): { readonly path: string; readonly json: Body } {
  const { request, init } = wanted;
  const { variation } = request;
  const json: Body = {
    prompt: promptOf(wanted, known),
    negative_prompt: plainPrompt(request.negativePrompt ?? "", known.flavour),
    seed: request.seed,
    ...(variation ? { subseed: variation.seed, subseed_strength: variation.strength } : {}),
    ...samplerOf(wanted, known),
    steps: wanted.numbers.steps,
    ...guidanceOf(wanted, known),
    width: request.widthPx,
    height: request.heightPx,
    // With more than one the first picture may be a sheet of all.
    batch_size: 1,
    n_iter: 1,
    override_settings: overridesOf(wanted, known),
    override_settings_restore_afterwards: true,
    send_images: true,
    save_images: false,
    ...(known.byTask ? { force_task_id: wanted.task } : {}),
  };
  if (!init) return { path: "/sdapi/v1/txt2img", json };
  return {
    path: "/sdapi/v1/img2img",
    json: {
      ...json,
      init_images: [Buffer.from(init).toString("base64")],
      denoising_strength: request.init?.strength ?? 1,
      resize_mode: 1,
      include_init_images: false,
    },
  };
}

/** Of SD.Next's `POST /sdapi/v2/jobs`. It gives back only what it has saved on its own disk. */
export function jobOf(wanted: Wanted, known: Known): Body {
  const { request, init } = wanted;
  return {
    type: "generate",
    prompt: promptOf(wanted, known),
    negative_prompt: "",
    seed: request.seed,
    steps: wanted.numbers.steps,
    ...guidanceOf(wanted, known),
    width: request.widthPx,
    height: request.heightPx,
    batch_size: 1,
    batch_count: 1,
    save_images: true,
    override_settings: overridesOf(wanted, known),
    ...(init ? { inits: [Buffer.from(init).toString("base64")], denoising_strength: request.init?.strength ?? 1 } : {}),
  };
}
