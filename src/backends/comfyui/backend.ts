import { readFileSync } from "node:fs";
import { SIDE_MAX_PX } from "../../domain/recipe.ts";
import { lorasOf, type Style } from "../../domain/style.ts";
import type { Family } from "../../families/shared/family.ts";
import { FAMILIES } from "../../families/shared/known.ts";
import { asError } from "../../lib/error.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type EnlargeInput,
  type GenerateInput,
} from "../../ports/backend.ts";
import type { ModelOffer, Readiness } from "../../ports/backend-models.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { Log } from "../../ports/log.ts";
import type { ModuleServices } from "../../ports/module.ts";
import { cannot } from "../shared/cannot.ts";
import { chooseHost } from "./choose.ts";
import { asGenerateInput, enlargingWorkflow, hasUpscaler, upscalerOf } from "./enlarge.ts";
import { NAME } from "./errors.ts";
import { type FamilyGraphs, GRAPHS } from "./family-graphs.ts";
import { createHost, type Host } from "./host.ts";
import { inspectHosts } from "./inspect.ts";
import { jobOfKey, makeAt, pickUp } from "./make.ts";
import { modelsFor, type Needs, needsOfPicture } from "./needs.ts";
import { readOwnWorkflow } from "./own-workflow.ts";
import { type ComfyuiSettings, locationOf, titleOf } from "./settings.ts";
import { createConcurrencyLimit } from "./wait.ts";
import { familyWorkflow, type Workflow } from "./workflow.ts";

/** For tests and benchmarks; the defaults are meant for real servers. */
export interface ComfyuiOptions {
  readonly pollEveryMs?: number;
  readonly patienceMs?: number;
  readonly silenceMs?: number;
  readonly connectTimeoutMs?: number;
  readonly perHost?: number;
  /** Default: Placard's own. */
  readonly families?: readonly Family[];
  readonly graphs?: FamilyGraphs;
}

/** One running and one waiting: the card's memory stays warm, and the queue of other programs is not flooded. */
const PER_HOST = 2;
/** Megabytes from many hosts in the same moment would hold up everything else, e.g. the answers to a chat. */
const PICTURES_AT_ONCE = 2;
const PICTURE_PATIENCE_MS = 2000;
/** Its process ended under the job this often; the job itself may be what ends it. */
const LOSSES_MAX = 1;
/** A restart of ComfyUI is waited for; where there are others, not for as long. */
const PATIENCE_MS = 45_000;
const PATIENCE_WITH_OTHERS_MS = 10_000;

/** @throws Error when COMFYUI_WORKFLOW cannot be used */
export function createComfyui(
  settings: ComfyuiSettings,
  { log, clock }: Pick<ModuleServices, "log" | "clock">,
  options: ComfyuiOptions = {},
): Backend | undefined {
  const addresses = settings.COMFYUI_URL;
  if (!addresses) return undefined;
  const graphs = options.graphs ?? GRAPHS;
  const workflow =
    settings.COMFYUI_WORKFLOW === undefined ? familyWorkflow(graphs) : workflowFrom(settings.COMFYUI_WORKFLOW);
  const families = (options.families ?? FAMILIES).filter(({ id }) => graphs.has(id));
  const concurrencyLimit = createConcurrencyLimit(clock, PICTURES_AT_ONCE, PICTURE_PATIENCE_MS);
  const hosts = addresses.map((address) =>
    createHost(address, {
      clock,
      concurrencyLimit,
      wanted: {
        model: settings.COMFYUI_MODEL,
        clipL: settings.COMFYUI_CLIP,
        t5: settings.COMFYUI_T5,
        encoder: settings.COMFYUI_ENCODER,
        vae: settings.COMFYUI_VAE,
      },
      drawable: workflow.usesModels ? { families, graphs } : undefined,
      needs: workflow.needs,
      pollEveryMs: options.pollEveryMs ?? 1000,
      patienceMs: options.patienceMs ?? (addresses.length > 1 ? PATIENCE_WITH_OTHERS_MS : PATIENCE_MS),
      silenceMs: options.silenceMs ?? settings.COMFYUI_SILENCE_SECONDS * 1000,
      connectTimeoutMs: options.connectTimeoutMs ?? 3000,
    }),
  );
  const roundRobin = [...hosts];
  const where = locationOf(addresses);
  return {
    name: NAME,
    title: titleOf(addresses),
    where,
    at: addresses.map(({ url }) => url),
    drawnBy: "model",
    get features() {
      return featuresOf(hosts, workflow);
    },
    featuresFor: (request, style) => featuresOf(hosts, workflow, needsOfPicture({ request, style })),
    concurrency: hosts.length * (options.perHost ?? PER_HOST),
    timeoutMs: settings.COMFYUI_TIMEOUT_SECONDS * 1000,
    cancelWithinMs: 2000,
    costWeight: where === "remote" ? 1 : 0,
    // A 12 GB card with the 8 bit model, on a disk that reads 1 GB a second.
    firstGuess: { perMegapixelStepMs: 2500, overheadMs: 6000, loadMs: 15_000 },
    async health(signal) {
      // The lists of files come along: what was put there or taken away is known to the next choice.
      const { health } = await inspectHosts(hosts, [], signal);
      return health;
    },
    lacks(request, style) {
      const own = workflow.lacks(request, style);
      if (own !== undefined) return own;
      const reasons = hosts.map((host) => host.lacks(needsOfPicture({ request, style })));
      return reasons.includes(undefined) ? undefined : reasons[0];
    },
    // Whoever drew it chose the models.
    ...(workflow.usesModels ? { severalModels: true, models: (style: Style) => offersOf(hosts, style) } : {}),
    readiness: (request, style) => readinessOf(hosts, needsOfPicture({ request, style })),
    inspect: (styles: readonly Style[], signal: AbortSignal) => inspectHosts(hosts, styles, signal, workflow.edit),
    generate: (input) => generate({ hosts, roundRobin, workflow, log }, input),
    enlarge: (input) => enlarge({ hosts, roundRobin, log }, input),
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}

function workflowFrom(path: string): Workflow {
  const wrong = (sentence: string, cause: unknown) =>
    new Error(`settings of comfyui are wrong; change them in .env:\n  COMFYUI_WORKFLOW: ${sentence}`, { cause });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw wrong("names a file that cannot be read", cause);
  }
  try {
    return readOwnWorkflow(text);
  } catch (cause) {
    throw wrong(`the file ${asError(cause).message}`, cause);
  }
}

/** @param needs of one picture; absent: of one that nobody has said anything about */
function featuresOf(hosts: readonly Host[], workflow: Workflow, needs?: Needs): BackendFeatures {
  const catalogues = hosts.flatMap((host) => host.catalogue() ?? []);
  const machines = new Set(catalogues.map(({ machine }) => machine));
  const models = hosts.flatMap((host) => host.model(needs) ?? []);
  const edit = workflow.edit ?? Math.max(0, ...hosts.map((host) => host.picturesTaken()));
  const graphs = models.length > 0 ? models.map((model) => workflow.features(model)) : [workflow.features(undefined)];
  // What one of them cannot take is not promised: any of them may get the job.
  const all = (name: "guidance" | "trueCfg" | "negativePrompt" | "initImage") => graphs.every((each) => each[name]);
  const upscaler = upscalerOf(hosts);
  const anySize = SIDE_MAX_PX * SIDE_MAX_PX;
  return {
    ...graphs[0]!,
    guidance: all("guidance"),
    trueCfg: all("trueCfg"),
    negativePrompt: all("negativePrompt"),
    initImage: all("initImage"),
    ...(edit > 0 ? { edit } : {}),
    maxPixels: Math.min(anySize, ...graphs.map(({ maxPixels }) => maxPixels ?? anySize)),
    progress: workflow.samplers.length > 0,
    preview: workflow.samplers.length > 0 && (catalogues.length === 0 || catalogues.some(({ previews }) => previews)),
    queuePosition: true,
    ...(upscaler === undefined ? {} : { enlarges: { model: upscaler } }),
    // Other cards round otherwise.
    reproducible: hosts.length === 1 || (catalogues.length === hosts.length && machines.size === 1),
    abortedRun: "stops",
  };
}

/** On any of the machines; `undefined` until one of them has told. */
function offersOf(hosts: readonly Host[], style: Style): readonly ModelOffer[] | undefined {
  const choices = hosts.map((host) => host.catalogue()?.choice);
  const known = choices.flatMap((choice) => choice ?? []);
  if (known.length === 0) return undefined;
  const needs = { style, loras: lorasOf(style, NAME), pictures: 0 };
  const offers = known
    .flatMap((choice) => modelsFor(choice, needs))
    .map(({ family, kind }) => ({ title: kind.title, family: family.id }));
  return [...new Map(offers.map((offer) => [offer.title, offer])).values()];
}

/** Of the machine that is best prepared. */
function readinessOf(hosts: readonly Host[], needs: Needs): Readiness | undefined {
  const all = hosts.flatMap((host) => host.readiness(needs) ?? []);
  const worth = ({ fits, isLoaded }: Readiness) => 2 * Number(fits) + Number(isLoaded);
  return all.toSorted((a, b) => worth(b) - worth(a))[0];
}

interface Fleet {
  readonly hosts: readonly Host[];
  /** The same, the one that was chosen longest ago first. */
  readonly roundRobin: Host[];
  readonly workflow: Workflow;
  readonly log: Log;
}

/** One picture: picked up where an earlier process left it, else made; on another host where one fails. */
async function* generate(fleet: Fleet, input: GenerateInput): AsyncGenerator<BackendEvent, void> {
  const { hosts, roundRobin, workflow, log } = fleet;
  const { signal } = input;
  signal.throwIfAborted();
  const left = new Set(hosts);
  const known = input.attachKey === undefined ? undefined : jobOfKey(input.attachKey, hosts);
  if (known) {
    const work = pickUp(known.host, known.id, workflow, input);
    const picture = yield* orElsewhere(work, { host: known.host, left, signal, log });
    if (picture) return yield picture;
  }
  for (let losses = 0; losses <= LOSSES_MAX; ) {
    const able = roundRobin.filter((host) => left.has(host));
    const slot = await chooseHost(able, needsOfPicture(input), signal);
    try {
      moveToEnd(roundRobin, slot.host);
      const made = yield* orElsewhere(makeAt(slot, workflow, input), { host: slot.host, left, signal, log });
      if (made === "lost") {
        losses += 1;
        log.warn("comfyui.job_lost", { host: slot.host.label });
      } else if (made) return yield made;
    } finally {
      slot.leave();
    }
  }
  throw new BackendError(NAME, "offline", "its process ended under this job, twice");
}

/** One picture, made larger where a model for that is. */
async function* enlarge(
  { hosts, roundRobin, log }: Omit<Fleet, "workflow">,
  input: EnlargeInput,
): AsyncGenerator<BackendEvent, void> {
  const { signal } = input;
  signal.throwIfAborted();
  // Picked up after a restart, nothing may be known of them yet.
  await Promise.all(hosts.map((host) => host.load(Number.POSITIVE_INFINITY, signal).catch(() => undefined)));
  signal.throwIfAborted();
  const model = upscalerOf(hosts);
  if (model === undefined) throw cannot(NAME, sentence("backend.lacks.enlarge"));
  const able = roundRobin.filter((host) => hasUpscaler(host, model));
  const workflow = enlargingWorkflow(model, input.to);
  yield* generate({ hosts: able, roundRobin: able, workflow, log }, asGenerateInput(input));
}

/** @returns `undefined` when it failed there and there are other hosts to try; the last one's error is thrown */
async function* orElsewhere<T>(
  work: AsyncGenerator<BackendEvent, T>,
  { host, left, signal, log }: Readonly<{ host: Host; left: Set<Host>; signal: AbortSignal; log: Log }>,
): AsyncGenerator<BackendEvent, T | undefined> {
  try {
    return yield* work;
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    host.failed(error);
    if (!error.elsewhere || left.size === 1) throw error;
    left.delete(host);
    log.warn("comfyui.host_failed", { host: host.label, code: error.code, error });
    return undefined;
  }
}

/** Equal queues are served round robin. */
function moveToEnd(roundRobin: Host[], host: Host): void {
  roundRobin.splice(roundRobin.indexOf(host), 1);
  roundRobin.push(host);
}
