import type { Family, Part } from "../../families/shared/family.ts";
import { plainName, type SeenFile } from "../../families/shared/recognise.ts";
import { sameFile } from "../shared/same-file.ts";
import type { ModelFiles } from "./graph-input.ts";

/** What a server has in its folders. */
export interface Listed {
  readonly diffusion: readonly SeenFile[];
  readonly checkpoints: readonly SeenFile[];
  readonly textEncoders: readonly string[];
  readonly vae: readonly string[];
}

/** What the operator named; the rest is chosen. */
export interface Wanted {
  readonly model?: string | undefined;
  readonly clipL?: string | undefined;
  readonly t5?: string | undefined;
  /** The language model that reads the words. */
  readonly encoder?: string | undefined;
  readonly vae?: string | undefined;
}

/** VAELoader makes these from `models/vae_approx`, so `/models/vae` does not list them. */
const BUILT_VAES = ["taef1"];

type Found =
  | { readonly ok: true; readonly files: Pick<ModelFiles & { kind: "parts" }, "encoders" | "vae"> }
  | { readonly ok: false; readonly missing: readonly Part[] };

/** The files a model needs beside its own. */
export function partsFor(
  { parts }: Family,
  model: string,
  listed: Pick<Listed, "textEncoders" | "vae">,
  wanted: Wanted,
): Found {
  const found = parts.map((part) => ({ part, file: fileFor(part, model, listed, wanted) }));
  const missing = found.flatMap(({ part, file }) => (file === undefined ? [part] : []));
  const vae = found.find(({ part }) => part.role === "vae")?.file;
  if (missing.length > 0 || vae === undefined) return { ok: false, missing };
  const encoders = found.flatMap(({ part, file }) => (part.role === "vae" || file === undefined ? [] : [file]));
  return { ok: true, files: { encoders, vae } };
}

function fileFor(
  part: Part,
  model: string,
  listed: Pick<Listed, "textEncoders" | "vae">,
  wanted: Wanted,
): string | undefined {
  const names = part.role === "vae" ? [...listed.vae, ...BUILT_VAES] : listed.textEncoders;
  const named = wantedFor(part, wanted);
  if (named !== undefined) return sameFile(names, named);
  const eightBit = isEightBit(model);
  const rank = (name: string): number => {
    if (part.role === "t5xxl" || part.role === "llm") return isEightBit(name) === eightBit ? 1 : 0;
    return part.role === "vae" && plainName(name) === "ae" ? 1 : 0;
  };
  return names
    .filter((name) => fits(part, plainName(name)))
    .toSorted((a, b) => rank(b) - rank(a) || a.length - b.length || (a < b ? -1 : 1))[0];
}

const fits = ({ names, never }: Part, name: string): boolean => names.test(name) && never?.test(name) !== true;

function wantedFor({ role }: Part, wanted: Wanted): string | undefined {
  switch (role) {
    case "clip_l":
      return wanted.clipL;
    case "clip_g":
      return undefined;
    case "t5xxl":
      return wanted.t5;
    case "llm":
      return wanted.encoder;
    case "vae":
      return wanted.vae;
  }
}

const SETTINGS: Readonly<Record<Part["role"], string | undefined>> = {
  clip_l: "COMFYUI_CLIP",
  clip_g: undefined,
  t5xxl: "COMFYUI_T5",
  llm: "COMFYUI_ENCODER",
  vae: "COMFYUI_VAE",
};

/** What to do about each part that is not there. */
export const partSteps = (missing: readonly Part[], wanted: Wanted): readonly string[] =>
  missing.map((part) => {
    const folder = part.role === "vae" ? "vae" : "text_encoders";
    const setting = SETTINGS[part.role];
    if (setting !== undefined && wantedFor(part, wanted) !== undefined)
      return `${setting} names a file that is not there: put it into ComfyUI/models/${folder}, or change ${setting}.`;
    const renamed = setting === undefined ? "" : `; if yours has another name, set ${setting} to it`;
    return `Put ${part.example} into ComfyUI/models/${folder} (it is at ${part.source})${renamed}.`;
  });

const isEightBit = (name: string): boolean => /fp8|e4m3|e5m2|int8/.test(plainName(name));
