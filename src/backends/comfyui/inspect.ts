import { lorasOf, type Style } from "../../domain/style.ts";
import { asError } from "../../lib/error.ts";
import { BackendError, type Inspection } from "../../ports/backend.ts";
import type { FamilyFound } from "../../ports/backend-models.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { loraFileOf, loraSteps } from "../shared/lora-advice.ts";
import { sameFile } from "../shared/same-file.ts";
import { chooseUpscaler, UPSCALER_TO_GET, upscalerText } from "../shared/upscaler-advice.ts";
import type { Catalogue } from "./catalogue.ts";
import { NAME } from "./errors.ts";
import type { Host } from "./host.ts";
import { type Lacking, type Model, modelFileOf } from "./models.ts";
import { modelFor } from "./needs.ts";

interface Seen {
  readonly host: Host;
  readonly catalogue?: Catalogue;
  readonly error?: BackendError;
}

/**
 * Everything the doctor tells about all hosts. Never throws.
 *
 * @param pictures that the operator's own workflow changes by words at once; absent: it draws
 */
export async function inspectHosts(
  hosts: readonly Host[],
  styles: readonly Style[],
  signal: AbortSignal,
  pictures?: number,
): Promise<Inspection> {
  const seen = await Promise.all(hosts.map((host) => look(host, signal)));
  const found = seen.flatMap(({ catalogue }) => catalogue ?? []);
  const usable = found.filter(({ choice }) => choice?.ok !== false);
  const named = (host: Host, step: string) => (hosts.length === 1 ? step : `${host.label}: ${step}`);
  const upscaler = chooseUpscaler(found.flatMap(({ upscalers }) => upscalers));
  const versions = [...new Set(found.map(({ version }) => `ComfyUI ${version ?? "of an unknown version"}`))];
  return {
    health:
      usable.length === 0
        ? { up: false, reason: reasonOf(seen) }
        : upWith([
            ...(hosts.length > 1 ? [readyText(usable.length, hosts.length)] : []),
            ...(pictures === undefined ? [] : [onlyEdits(pictures)]),
          ]),
    ...(versions.length > 0 ? { version: versions.join(", ") } : {}),
    ...(found.length > 0 ? { latencyMs: Math.round(Math.min(...found.map(({ latencyMs }) => latencyMs))) } : {}),
    models: union(found.map(({ models }) => models)),
    families: familiesOn(usable, styles),
    loras: union(found.map(({ loras }) => loras)),
    ...(upscaler === undefined ? {} : { upscaler: upscalerText(upscaler) }),
    nextSteps: seen.flatMap((each) => stepsAt(each, styles).map((step) => named(each.host, step))),
  };
}

/** Of several machines with the same family, the first that has it. */
function familiesOn(catalogues: readonly Catalogue[], styles: readonly Style[]): readonly FamilyFound[] {
  const models = catalogues.flatMap(({ choice }) => (choice?.ok ? choice.models : []));
  const editors = catalogues.flatMap(({ choice }) => (choice?.ok ? choice.editors : []));
  const ids = [...new Set(models.map(({ family }) => family.id))];
  const drawing = ids.flatMap((id) => {
    const model = models.find(({ family }) => family.id === id);
    if (!model) return [];
    const drawn = styles.filter((style) =>
      catalogues.some((each) => modelFor(each, { style, loras: lorasOf(style, NAME), pictures: 0 })?.family.id === id),
    );
    const edits = editors.some((each) => modelFileOf(each) === modelFileOf(model));
    return [{ ...foundOf(model, edits ? ALSO_CHANGES : ""), styles: drawn.map((style) => style.id) }];
  });
  const named = new Set(models.map(modelFileOf));
  const only = new Map(editors.flatMap((each) => (named.has(modelFileOf(each)) ? [] : [[modelFileOf(each), each]])));
  return [...drawing, ...[...only.values()].map((model) => ({ ...foundOf(model, CHANGES), styles: [] }))];
}

const ALSO_CHANGES = ", changes pictures by words too";
const CHANGES = ", changes pictures by words";

const foundOf = ({ family, kind, files, why }: Model, does: string): Omit<FamilyFound, "styles"> => ({
  family: family.id,
  what: `${why}${does}`,
  files: files.kind === "checkpoint" ? [files.checkpoint] : [files.diffusion, ...files.encoders, files.vae],
  licence: `${kind.licence.name} (${kind.licence.source})`,
});

const upWith = (details: readonly string[]): Inspection["health"] =>
  details.length === 0 ? { up: true } : { up: true, detail: details.join("; ") };

/** No fault, but an operator may wonder why nothing is drawn there. */
const onlyEdits = (pictures: number): string =>
  `COMFYUI_WORKFLOW has %image% and no %change%: it changes pictures by words, up to ${pictures} at once, and draws none`;

const readyText = (ready: number, all: number): string =>
  `${ready} of ${all} machines ${ready === 1 ? "is" : "are"} ready`;

async function look(host: Host, signal: AbortSignal): Promise<Seen> {
  try {
    return { host, catalogue: await host.load(0, signal) };
  } catch (thrown) {
    return { host, error: thrown instanceof BackendError ? thrown : noAnswer(thrown) };
  }
}

const noAnswer = (thrown: unknown) =>
  new BackendError(NAME, "timeout", "no answer in time", {
    cause: asError(thrown),
    memberText: sentence("backend.error.slow-answer"),
  });

function reasonOf(seen: readonly Seen[]): BackendSentence {
  const answered = seen.find(({ catalogue }) => catalogue?.choice?.ok === false)?.catalogue?.choice;
  if (answered && !answered.ok) return answered.reason;
  const error = seen[0]?.error;
  if (error?.code === "bad_response") return sentence("backend.comfyui.not-comfyui");
  return error?.memberText ?? sentence("backend.error.offline");
}

function stepsAt({ catalogue, error }: Seen, styles: readonly Style[]): readonly string[] {
  if (error) return [stepAfter(error)];
  if (!catalogue) return [];
  const { choice, loras } = catalogue;
  return [
    ...(choice?.ok ? choice.lacking.flatMap(lackingSteps) : []),
    ...(choice?.nextSteps ?? []),
    ...loraSteps(
      NAME,
      styles,
      (file) => sameFile(loras, file) !== undefined,
      (file) => `put ${loraFileOf(file)} into ComfyUI/models/loras, or name one that is there`,
    ),
    ...(catalogue.upscalers.length > 0
      ? []
      : [
          `Put ${UPSCALER_TO_GET.file} into ComfyUI/models/upscale_models (it is at ${UPSCALER_TO_GET.source}, licence ${UPSCALER_TO_GET.licence}), and Upscale is done by a model instead of resampling (optional).`,
        ]),
    ...(catalogue.previews
      ? []
      : ["Start ComfyUI with --preview-method auto, and members see the picture grow (optional)."]),
  ];
}

const lackingSteps = ({ family, file, nextSteps }: Lacking): readonly string[] =>
  nextSteps.map((step) => `${family.title} (${file}): ${step}`);

function stepAfter(error: BackendError): string {
  switch (error.code) {
    case "offline":
    case "timeout":
      return "Nothing answers at the address in COMFYUI_URL: start ComfyUI (python main.py --listen, when it runs on another machine), and look at the port, 8188 unless you changed it.";
    case "auth":
      return "It asks for a user and a password: write them into COMFYUI_URL as https://user:password@host.";
    default:
      return "What answers at the address in COMFYUI_URL is not ComfyUI: open that address in a browser and see what is there.";
  }
}

const union = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].toSorted();
