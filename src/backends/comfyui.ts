import { readFileSync } from "node:fs";
import { z } from "zod";
import { SIDE_MAX_PX } from "../domain/recipe.ts";
import type { Style } from "../domain/style.ts";
import { asError } from "../lib/error.ts";
import { wholeNumberSetting } from "../lib/number-text.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
} from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";
import { defineBackend, type ModuleServices } from "../ports/module.ts";
import { chooseHost } from "./comfyui/choose.ts";
import { NAME } from "./comfyui/errors.ts";
import { createHost, type Host } from "./comfyui/host.ts";
import { inspectHosts } from "./comfyui/inspect.ts";
import { jobOfKey, loraOf, makeAt, pickUp } from "./comfyui/make.ts";
import { readOwnWorkflow } from "./comfyui/own-workflow.ts";
import { locationOf, readHosts, titleOf } from "./comfyui/settings.ts";
import { createConcurrencyLimit } from "./comfyui/wait.ts";
import { fluxWorkflow, type Workflow } from "./comfyui/workflow.ts";

const fileName = (folder: string, otherwise: string) =>
  z.string().max(300).optional().describe(`a file of ComfyUI's models/${folder}; empty: ${otherwise}`);

const env = z.object({
  COMFYUI_URL: z
    .string()
    .transform((text, context) => {
      const hosts = readHosts(text);
      if (typeof hosts !== "string") return hosts;
      context.addIssue({ code: "custom", message: hosts });
      return z.NEVER;
    })
    .optional()
    .describe(
      "address of ComfyUI, e.g. `http://127.0.0.1:8188`; several machines with commas, a password as `https://user:password@host`",
    ),
  COMFYUI_MODEL: fileName("diffusion_models or models/checkpoints", "a FLUX.1 model that is there"),
  COMFYUI_CLIP: fileName("text_encoders", "a clip_l that is there"),
  COMFYUI_T5: fileName("text_encoders", "a t5xxl that is there"),
  COMFYUI_VAE: fileName("vae", "an ae that is there"),
  COMFYUI_WORKFLOW: z
    .string()
    .optional()
    .describe(
      "your own workflow instead of the FLUX one: a file exported from ComfyUI in API format, with placeholders",
    ),
  COMFYUI_TIMEOUT_SECONDS: wholeNumberSetting(30, 7200)
    .default(600)
    .describe("one picture may take this long there, its queue included"),
  COMFYUI_SILENCE_SECONDS: wholeNumberSetting(10, 7200)
    // A large model from a slow disk is read without a word.
    .default(180)
    .describe("a picture without any news for this long is given up"),
});
export type ComfyuiSettings = z.output<typeof env>;

/** For tests and benchmarks; the defaults are meant for real servers. */
export interface ComfyuiOptions {
  readonly pollEveryMs?: number;
  readonly patienceMs?: number;
  readonly silenceMs?: number;
  readonly connectTimeoutMs?: number;
  readonly perHost?: number;
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

export const module = defineBackend({
  name: NAME,
  summary:
    "FLUX.1 with LoRAs on the group's own ComfyUI: free, with every option, and the picture is shown as it grows",
  env,
  setup: {
    title: "ComfyUI",
    why: "Pictures by FLUX from ComfyUI on a graphics card of your own: free, with every option.",
    how: [
      "Install ComfyUI from https://www.comfy.org/download, start it, and load its FLUX.1 template once.",
      "On the same computer its address is http://127.0.0.1:8188, or what it says when it starts.",
    ],
    ask: ["COMFYUI_URL"],
  },
  create: (settings, services) => createComfyui(settings, services),
});

/** @throws Error when COMFYUI_WORKFLOW cannot be used */
export function createComfyui(
  settings: ComfyuiSettings,
  { log, clock }: Pick<ModuleServices, "log" | "clock">,
  options: ComfyuiOptions = {},
): Backend | undefined {
  const addresses = settings.COMFYUI_URL;
  if (!addresses) return undefined;
  const workflow = settings.COMFYUI_WORKFLOW === undefined ? fluxWorkflow : workflowFrom(settings.COMFYUI_WORKFLOW);
  const concurrencyLimit = createConcurrencyLimit(clock, PICTURES_AT_ONCE, PICTURE_PATIENCE_MS);
  const hosts = addresses.map((address) =>
    createHost(address, {
      clock,
      concurrencyLimit,
      wanted: {
        model: settings.COMFYUI_MODEL,
        clipL: settings.COMFYUI_CLIP,
        t5: settings.COMFYUI_T5,
        vae: settings.COMFYUI_VAE,
      },
      usesFluxFiles: workflow.usesFluxFiles,
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
    drawnBy: "model",
    get features() {
      return featuresOf(hosts, workflow);
    },
    concurrency: hosts.length * (options.perHost ?? PER_HOST),
    timeoutMs: settings.COMFYUI_TIMEOUT_SECONDS * 1000,
    cancelWithinMs: 2000,
    costWeight: where === "remote" ? 1 : 0,
    // A 12 GB card with the 8 bit model.
    firstGuess: { perMegapixelStepMs: 2500, overheadMs: 6000 },
    async health(signal) {
      // The lists of files come along: what was put there or taken away is known to the next choice.
      const { health } = await inspectHosts(hosts, [], signal);
      return health;
    },
    lacks(request, style) {
      const own = workflow.lacks(request, style);
      if (own !== undefined) return own;
      const reasons = hosts.map((host) => host.lacks(loraOf({ request, style })));
      return reasons.includes(undefined) ? undefined : reasons[0];
    },
    inspect: (styles: readonly Style[], signal: AbortSignal) => inspectHosts(hosts, styles, signal),
    generate: (input) => generate({ hosts, roundRobin, workflow, log }, input),
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

function featuresOf(hosts: readonly Host[], workflow: Workflow): BackendFeatures {
  const catalogues = hosts.flatMap((host) => host.catalogue() ?? []);
  const machines = new Set(catalogues.map(({ machine }) => machine));
  const known = hosts.filter((host) => host.files());
  const graphs = (known.length > 0 ? known : hosts).map((host) => workflow.features(host.files()));
  return {
    ...graphs[0]!,
    // What one of them cannot take is not promised: any of them may get the job.
    guidance: graphs.every(({ guidance }) => guidance),
    maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
    progress: workflow.samplers.length > 0,
    preview: workflow.samplers.length > 0 && (catalogues.length === 0 || catalogues.some(({ previews }) => previews)),
    queuePosition: true,
    // Other cards round otherwise.
    reproducible: hosts.length === 1 || (catalogues.length === hosts.length && machines.size === 1),
    abortedRun: "stops",
  };
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
    const slot = await chooseHost(able, loraOf(input), signal);
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
