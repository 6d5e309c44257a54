import { text } from "../../domain/text.ts";
import type { Family } from "../../families/shared/family.ts";
import { recognise } from "../../families/shared/recognise.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { Api } from "./api.ts";
import type { FamilyGraphs } from "./family-graphs.ts";
import type { Headers } from "./headers.ts";
import { withoutUnknownMethods } from "./methods.ts";
import { type Choice, chooseModels, type Lacking } from "./models.ts";
import type { Listed, Wanted } from "./parts.ts";
import { isAfter, isBefore, type Version, versionText } from "./version.ts";
import type { Stats } from "./wire.ts";
import { type NodeNeed, workflowChoice } from "./workflow-check.ts";

/** What one server said about itself. */
export interface Catalogue {
  readonly version: string | undefined;
  /** Device and PyTorch: where they differ, the same seed need not give the same picture. */
  readonly machine: string;
  /** Was started with previews, or is new enough to make them when asked. */
  readonly previews: boolean;
  readonly loras: readonly string[];
  /** Models that make pictures larger; none where it does not list them. */
  readonly upscalers: readonly string[];
  /** Of models, for the operator. */
  readonly models: readonly string[];
  /** The models it can draw with, or why none; where the workflow is the operator's own, what it lacks, `undefined`: nothing. */
  readonly choice: Choice | undefined;
  readonly latencyMs: number;
}

/** What can be drawn with: families, and the graph of each. */
export interface Drawable {
  readonly families: readonly Family[];
  readonly graphs: FamilyGraphs;
}

/** Older ones give a job an id of their own, and stop whatever runs where one job was meant. Source: ComfyUI's history. */
const OLDEST: Version = [0, 3, 56];
/** The last version known to make previews only when started with `--preview-method`. */
const PREVIEWS_BY_FLAG: Version = [0, 3, 64];

/** @throws BackendError, or the signal's reason */
export async function readCatalogue(
  api: Api,
  options: {
    readonly wanted: Wanted;
    /** `undefined`: the workflow names its own files. */
    readonly drawable: Drawable | undefined;
    readonly needs: readonly NodeNeed[];
    readonly headers: Headers;
  },
  signal: AbortSignal,
): Promise<Catalogue> {
  const startedMs = performance.now();
  const stats = await statsOf(api, signal);
  const latencyMs = performance.now() - startedMs;
  const names = (folder: Parameters<Api["names"]>[0]) => (options.drawable ? api.names(folder, signal) : []);
  const [own, loras, upscalers, diffusion, checkpoints, textEncoders, vae] = await Promise.all([
    workflowChoice(api, options.needs, signal),
    api.names("loras", signal),
    upscalersOf(api, signal),
    names("diffusion_models"),
    names("checkpoints"),
    names("text_encoders"),
    names("vae"),
  ]);
  const [diffusionSeen, checkpointsSeen] = await Promise.all([
    options.headers.seen("diffusion_models", diffusion, signal),
    options.headers.seen("checkpoints", checkpoints, signal),
  ]);
  const seen = { diffusion: diffusionSeen, checkpoints: checkpointsSeen, textEncoders, vae };
  const { listed, lacking } = await withoutUnknownMethods(api, seen, options.drawable?.families ?? [], signal);
  const version = stats?.system.comfyui_version;
  const tooOld = version !== undefined && isBefore(version, OLDEST);
  return {
    version,
    machine: [stats?.devices[0]?.name, stats?.system.pytorch_version].join(" "),
    previews: startedWithPreviews(stats) || (version !== undefined && isAfter(version, PREVIEWS_BY_FLAG)),
    loras,
    upscalers,
    models: [...diffusion, ...checkpoints],
    choice: tooOld
      ? old(version)
      : options.drawable
        ? withLacking(choiceOf(options.drawable, version, options.wanted, listed), lacking)
        : own,
    latencyMs,
  };
}

/** Pictures can be made without knowing it, so only what would stop those too is passed on. */
const statsOf = (api: Api, signal: AbortSignal): Promise<Stats | undefined> =>
  api.stats(signal).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });

/** Pictures can be drawn without. */
const upscalersOf = (api: Api, signal: AbortSignal): Promise<readonly string[]> =>
  api.names("upscale_models", signal).catch(() => {
    signal.throwIfAborted();
    return [];
  });

function startedWithPreviews(stats: Stats | undefined): boolean {
  const argv = stats?.system.argv;
  // Unknown: promised, and at worst not kept.
  if (!argv) return true;
  const at = argv.findIndex((word) => word === "--preview-method" || word.startsWith("--preview-method="));
  const method = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  return method !== undefined && method !== "none";
}

/** Of the families this version has nodes for; of those it is too old for, what to do. */
function choiceOf(drawable: Drawable, version: string | undefined, wanted: Wanted, listed: Listed): Choice {
  const tooOldFor = ({ id }: Family): boolean => {
    const since = drawable.graphs.get(id)?.since;
    return since !== undefined && version !== undefined && isBefore(version, since);
  };
  const able = drawable.families.filter((family) => !tooOldFor(family));
  const editing = able.filter(({ id }) => drawable.graphs.get(id)?.edit !== undefined);
  const choice = chooseModels(listed, wanted, able, editing);
  const files = [...listed.diffusion, ...listed.checkpoints];
  const updates = drawable.families.filter(tooOldFor).flatMap((family): readonly Lacking[] => {
    const file = files.find((each) => recognise(each, drawable.families)?.family === family);
    const since = drawable.graphs.get(family.id)?.since;
    if (!file || !since) return [];
    const step = `Update ComfyUI for ${family.title}: ${version} was found, ${versionText(since)} or newer is needed.`;
    return [{ family, file: file.name, nextSteps: [step] }];
  });
  return withLacking(choice, updates);
}

function withLacking(choice: Choice, more: readonly Lacking[]): Choice {
  if (choice.ok) return { ...choice, lacking: [...choice.lacking, ...more] };
  return { ...choice, nextSteps: [...more.flatMap(({ nextSteps }) => nextSteps), ...choice.nextSteps] };
}

const old = (version: string): Choice => ({
  ok: false,
  reason: { ...sentence("backend.error.too-old"), more: text("backend.operator.update") },
  nextSteps: [`Update ComfyUI: ${version} was found, ${versionText(OLDEST)} or newer is needed.`],
});
