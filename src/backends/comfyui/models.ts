import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import { baseOf, sameFile } from "../shared/same-file.ts";
import type { ModelFiles } from "./graph.ts";

/** What a server has in its folders, by the names it lists. */
export interface Listed {
  readonly diffusion: readonly string[];
  readonly checkpoints: readonly string[];
  readonly textEncoders: readonly string[];
  readonly vae: readonly string[];
}

/** What the operator named; the rest is chosen. */
export interface Wanted {
  readonly model?: string | undefined;
  readonly clipL?: string | undefined;
  readonly t5?: string | undefined;
  readonly vae?: string | undefined;
}

export type Choice =
  | { readonly ok: true; readonly files: ModelFiles }
  /** `reason` is for members; each next step is for the operator. */
  | { readonly ok: false; readonly reason: BackendSentence; readonly nextSteps: readonly string[] };

/** Other models that have FLUX in their name and need another graph. */
const ANOTHER_FLUX = /fill|canny|depth|redux|kontext|inpaint|controlnet|flux[._ -]?2|\.gguf$/i;
const FLUX = /flux/i;
const CLIP_L = /clip[_-]?l(?![a-z])/i;
const T5_XXL = /(?<![a-z])t5[_-]?xxl/i;
const FLUX_VAE = /^ae\.|flux.*(?:vae|\bae\b)|(?:vae|\bae\b).*flux/i;
/** VAELoader makes these from `models/vae_approx`, so `/models/vae` does not list them. */
const BUILT_VAES = ["taef1"];

/** The files for the FLUX graph: those the operator named, else the most fitting ones of what the server lists. */
export function chooseFiles(listed: Listed, wanted: Wanted): Choice {
  const model = chooseModel(listed, wanted.model);
  if (!model.ok) return model;
  if (model.checkpoint) return { ok: true, files: { kind: "checkpoint", checkpoint: model.name } };
  const eightBit = /fp8|e4m3|e5m2/i.test(model.name);
  const clipL = pick(listed.textEncoders, wanted.clipL, CLIP_L, () => 0);
  const t5 = pick(listed.textEncoders, wanted.t5, T5_XXL, (name) => (/fp8|e4m3/i.test(name) === eightBit ? 1 : 0));
  const vae = pick([...listed.vae, ...BUILT_VAES], wanted.vae, FLUX_VAE, (name) =>
    /(^|[/\\])ae\./.test(name) ? 1 : 0,
  );
  const nextSteps = [
    ...missing(clipL, wanted.clipL, {
      setting: "COMFYUI_CLIP",
      folder: "text_encoders",
      example: "clip_l.safetensors",
    }),
    ...missing(t5, wanted.t5, {
      setting: "COMFYUI_T5",
      folder: "text_encoders",
      example: "t5xxl_fp16.safetensors (or t5xxl_fp8_e4m3fn.safetensors, half the size)",
    }),
    ...missing(vae, wanted.vae, { setting: "COMFYUI_VAE", folder: "vae", example: "ae.safetensors" }),
  ];
  if (clipL === undefined || t5 === undefined || vae === undefined)
    return { ok: false, reason: forOperator(sentence("backend.comfyui.flux-part")), nextSteps };
  return { ok: true, files: { kind: "parts", diffusion: model.name, clipL, t5, vae } };
}

type ChosenModel =
  | { readonly ok: true; readonly name: string; readonly checkpoint: boolean }
  | (Choice & { ok: false });

function chooseModel({ diffusion, checkpoints }: Listed, wanted: string | undefined): ChosenModel {
  if (wanted !== undefined) {
    const part = sameFile(diffusion, wanted);
    const whole = part ?? sameFile(checkpoints, wanted);
    if (whole !== undefined) return { ok: true, name: whole, checkpoint: part === undefined };
    return noModel([
      `COMFYUI_MODEL names a file that is not there: put it into ComfyUI/models/diffusion_models (or models/checkpoints, if text encoders and VAE are in it), or change COMFYUI_MODEL. Found: ${namesOf([...diffusion, ...checkpoints])}.`,
    ]);
  }
  // Dev takes guidance and most LoRAs are made for it; by name, so that every start chooses the same.
  const rank = (name: string) => (/schnell/i.test(name) ? 2 : /dev/i.test(name) ? 0 : 1);
  const best = (names: readonly string[]) =>
    names
      .filter((name) => FLUX.test(name) && !ANOTHER_FLUX.test(name))
      .toSorted((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))[0];
  const part = best(diffusion);
  if (part !== undefined) return { ok: true, name: part, checkpoint: false };
  const whole = best(checkpoints);
  if (whole !== undefined) return { ok: true, name: whole, checkpoint: true };
  return noModel([
    "No FLUX model was found. Put flux1-dev-fp8.safetensors (all in one, for 12 GB cards) into ComfyUI/models/checkpoints, or flux1-dev.safetensors into ComfyUI/models/diffusion_models; if yours has another name, set COMFYUI_MODEL to it.",
  ]);
}

const noModel = (nextSteps: readonly string[]) =>
  ({ ok: false, reason: forOperator(sentence("backend.comfyui.no-flux")), nextSteps }) as const;

function pick(
  names: readonly string[],
  wanted: string | undefined,
  fits: RegExp,
  rank: (name: string) => number,
): string | undefined {
  if (wanted !== undefined) return sameFile(names, wanted);
  return names
    .filter((name) => fits.test(baseOf(name)))
    .toSorted((a, b) => rank(b) - rank(a) || a.length - b.length || (a < b ? -1 : 1))[0];
}

function missing(
  found: string | undefined,
  wanted: string | undefined,
  { setting, folder, example }: Readonly<Record<"setting" | "folder" | "example", string>>,
): readonly string[] {
  if (found !== undefined) return [];
  if (wanted !== undefined)
    return [`${setting} names a file that is not there: put it into ComfyUI/models/${folder}, or change ${setting}.`];
  return [`Put ${example} into ComfyUI/models/${folder}; if yours has another name, set ${setting} to it.`];
}

const LISTED_MAX = 12;
const namesOf = (names: readonly string[]): string => {
  if (names.length === 0) return "nothing";
  const more = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};
