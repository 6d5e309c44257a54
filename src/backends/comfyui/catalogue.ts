import { text } from "../../domain/text.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { Api } from "./api.ts";
import { type Choice, chooseFiles, type Wanted } from "./models.ts";
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
  /** Of models, for the operator. */
  readonly models: readonly string[];
  /** The FLUX files, or why not; where the workflow is the operator's own, what it lacks there, `undefined` when nothing. */
  readonly choice: Choice | undefined;
  readonly latencyMs: number;
}

/** Older ones give a job an id of their own, and stop whatever runs where one job was meant. Source: ComfyUI's history. */
const OLDEST = [0, 3, 56];
/** The last version known to make previews only when started with `--preview-method`. */
const PREVIEWS_BY_FLAG = [0, 3, 64];

/** @throws BackendError, or the signal's reason */
export async function readCatalogue(
  api: Api,
  options: { readonly wanted: Wanted; readonly usesFluxFiles: boolean; readonly needs: readonly NodeNeed[] },
  signal: AbortSignal,
): Promise<Catalogue> {
  const startedMs = performance.now();
  const stats = await statsOf(api, signal);
  const latencyMs = performance.now() - startedMs;
  const names = (folder: Parameters<Api["names"]>[0]) => (options.usesFluxFiles ? api.names(folder, signal) : []);
  const [own, loras, diffusion, checkpoints, textEncoders, vae] = await Promise.all([
    workflowChoice(api, options.needs, signal),
    api.names("loras", signal),
    names("diffusion_models"),
    names("checkpoints"),
    names("text_encoders"),
    names("vae"),
  ]);
  const version = stats?.system.comfyui_version;
  const tooOld = version !== undefined && isBefore(version, OLDEST);
  return {
    version,
    machine: [stats?.devices[0]?.name, stats?.system.pytorch_version].join(" "),
    previews: startedWithPreviews(stats) || (version !== undefined && isAfter(version, PREVIEWS_BY_FLAG)),
    loras,
    models: [...diffusion, ...checkpoints],
    choice: tooOld
      ? old(version)
      : options.usesFluxFiles
        ? chooseFiles({ diffusion, checkpoints, textEncoders, vae }, options.wanted)
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

function startedWithPreviews(stats: Stats | undefined): boolean {
  const argv = stats?.system.argv;
  // Unknown: promised, and at worst not kept.
  if (!argv) return true;
  const at = argv.findIndex((word) => word === "--preview-method" || word.startsWith("--preview-method="));
  const method = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  return method !== undefined && method !== "none";
}

const old = (version: string): Choice => ({
  ok: false,
  reason: { ...sentence("backend.error.too-old"), more: text("backend.operator.update") },
  nextSteps: [`Update ComfyUI: ${version} was found, ${OLDEST.join(".")} or newer is needed.`],
});

/** Missing and odd parts count as 0. */
function compare(version: string, other: readonly number[]): number {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, part] of other.entries()) {
    const difference = (parts[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}
const isBefore = (version: string, other: readonly number[]) => compare(version, other) < 0;
const isAfter = (version: string, other: readonly number[]) => compare(version, other) > 0;
