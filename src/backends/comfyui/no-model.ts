import type { Family } from "../../families/shared/family.ts";
import { type Recognised, recognise } from "../../families/shared/recognise.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { Listed } from "./parts.ts";

/** `reason` is for members; each next step is for the operator. */
export interface Refusal {
  readonly reason: BackendSentence;
  readonly nextSteps: readonly string[];
}

export const noModel = (nextSteps: readonly string[]): Refusal => ({
  reason: forOperator(sentence("backend.comfyui.no-model")),
  nextSteps,
});

export function startWith(families: readonly Family[]): string {
  const [first] = families;
  if (!first) return "Update Placard: its families of models are not there.";
  const { file, folder, source } = first.example;
  return `No model that can draw was found. Put ${file} into ComfyUI/models/${folder} (it is at ${source}); if yours has another name, set COMFYUI_MODEL to it.`;
}

/** Files that are known and cannot be used: the operator wonders why. */
export function knownButUnused(
  { diffusion, checkpoints }: Listed,
  families: readonly Family[],
  used: ReadonlySet<string>,
): readonly string[] {
  return [...diffusion, ...checkpoints].slice(0, LOOKED_AT_MAX).flatMap((file) => {
    if (used.has(file.name)) return [];
    const found = recognise(file, families);
    return found && (!found.kind.draws || found.format !== "plain") ? [`${file.name}: ${whyNot(found)}`] : [];
  });
}

export function whyNot({ kind, format }: Recognised): string {
  switch (format) {
    case "plain":
      return `it is ${kind.title}, which does not draw from words alone.`;
    case "nunchaku":
      return `it is ${kind.title} for Nunchaku, whose nodes are not ComfyUI's own: use it with a workflow of your own (COMFYUI_WORKFLOW).`;
    case "gguf":
    case "nf4":
      return `it is ${kind.title} as ${format.toUpperCase()}, which ComfyUI's own nodes do not load: use it with a workflow of your own (COMFYUI_WORKFLOW), or take an fp8 file.`;
  }
}

const LOOKED_AT_MAX = 50;
const LISTED_MAX = 12;
export const namesOf = (names: readonly string[]): string => {
  if (names.length === 0) return "nothing";
  const more = names.length - LISTED_MAX;
  return `${names.slice(0, LISTED_MAX).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
};
