import { LORAS_MAX, SIDE_MAX_PX, usedLoras } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { verbatim } from "../../domain/text.ts";
import { delayedAbort, pauseMs } from "../../lib/abort.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { createSemaphore } from "../../lib/semaphore.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
  type Health,
  type Inspection,
  isStopping,
} from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { ServerAddress } from "../shared/address.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { cannot } from "../shared/cannot.ts";
import { healthFrom } from "../shared/health.ts";
import { createHttp, parseJson } from "../shared/http.ts";
import { whereOf } from "../shared/location.ts";
import { isOutOfMemory } from "../shared/memory-words.ts";
import { poll } from "../shared/poll.ts";
import { featuresOn, fixedOn, modelNamed, offerOn, readinessOn } from "../shared/server-model.ts";
import { fittedPicture, wholePicture } from "../shared/start-image.ts";
import { cannotEnlarge, enlarged } from "./enlarge.ts";
import { inspectionOf } from "./inspection.ts";
import {
  acceptedSchema,
  bodyOf,
  type Capabilities,
  capabilitiesSchema,
  jobSchema,
  lackOf,
  lorasThere,
  NAME,
  picturesTaken,
  type SdcppJob,
  upscalerOf,
  usedMsOf,
} from "./wire.ts";

const CANCEL_WITHIN_MS = 1500;
const EXCHANGE_MS = 30_000;
/** Of further pictures: about what models of this kind look at. */
const EDIT_SIDE_MAX_PX = 1024;
/** A long list of LoRAs is a few 100 kB. */
const FACTS_MAX_BYTES = 4 * 1024 * 1024;
/** The largest picture we ask for has 7 MB of pixels, a third more as base64. */
const PICTURE_MAX_BYTES = 24 * 1024 * 1024;

export interface SdcppOptions {
  readonly server: ServerAddress;
  /** Default 600 s. */
  readonly timeoutMs?: number;
  /** Between two questions about a picture. Default 1 s. */
  readonly pollMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

const FEATURES: BackendFeatures = {
  styles: "listed",
  loraScale: true,
  loras: LORAS_MAX,
  guidance: true,
  trueCfg: true,
  negativePrompt: true,
  variation: "image",
  initImage: true,
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: false,
  preview: false,
  queuePosition: true,
  reproducible: true,
  abortedRun: "works_on",
};

/** sd-server by its own API. Source: BACKENDS reference, 8. */
export function createSdcpp(options: SdcppOptions): Backend {
  const pollMs = options.pollMs ?? 1000;
  const { url: baseUrl, headers } = options.server;
  const http = createHttp({ backend: NAME, baseUrl, headers, clock: options.clock ?? systemClock });
  /** As last told: `lacks` answers from memory. */
  let known: Capabilities | undefined;
  /** What is being made there cannot be stopped; only one picture of ours may wait behind it. */
  const queue = createSemaphore();

  async function capabilities(signal: AbortSignal): Promise<Capabilities> {
    known = await http.json(capabilitiesSchema, {
      path: "/sdcpp/v1/capabilities",
      signal,
      timeoutMs: EXCHANGE_MS,
      maxBytes: FACTS_MAX_BYTES,
    });
    return known;
  }

  /** "gone": it was restarted, or keeps the result no longer. */
  const jobOf = (id: string, signal: AbortSignal): Promise<SdcppJob | "gone"> =>
    poll(
      http.clock,
      async () => {
        const request = { path: `/sdcpp/v1/jobs/${id}`, signal, timeoutMs: EXCHANGE_MS, maxBytes: PICTURE_MAX_BYTES };
        const answer = await http.send(request);
        if (answer.status === 404 || answer.status === 410) return "gone";
        if (answer.status !== 200) throw http.errorOf(answer);
        return parseJson(NAME, jobSchema, answer.bytes);
      },
      pollMs,
      signal,
    );

  /** Takes a waiting picture out of the queue. One that is being made stays: the server cannot stop it. */
  async function cancel(id: string): Promise<void> {
    const signal = http.clock.deadline(CANCEL_WITHIN_MS);
    // A 409 can also mean that the queue changed in the same moment: the second answer is the true one.
    for (let tries = 0; tries < 2; tries += 1) {
      const answer = await http.send({ method: "POST", path: `/sdcpp/v1/jobs/${id}/cancel`, signal });
      if (answer.status !== 409) return;
    }
  }

  async function submit(found: Capabilities, input: GenerateInput): Promise<string> {
    const { request, style, signal } = input;
    const init = input.initBytes && (await fittedPicture(NAME, input.initBytes, request));
    const edited = await Promise.all(
      (input.editBytes ?? []).map((bytes, at) =>
        // The first as the result will be, so that what stays can stay where it is.
        at === 0 ? fittedPicture(NAME, bytes, request) : wholePicture(NAME, bytes, EDIT_SIDE_MAX_PX),
      ),
    );
    signal.throwIfAborted();
    const delayed = delayedAbort(http.clock, signal, CANCEL_WITHIN_MS);
    try {
      const { id } = await http.json(acceptedSchema, {
        method: "POST",
        path: "/sdcpp/v1/img_gen",
        json: bodyOf(found, { request, style, loras: lorasThere(found, request, style), init, edited }),
        signal: delayed.signal,
        timeoutMs: EXCHANGE_MS,
        maxBytes: FACTS_MAX_BYTES,
      });
      return id;
    } catch (error) {
      // What we ask for was checked before, so a refusal speaks of this server.
      if (error instanceof BackendError && error.code === "rejected")
        throw cannot(NAME, sentence("backend.error.rejected"));
      throw error;
    } finally {
      delayed.end();
    }
  }

  async function* generate(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    const { request, style, signal } = input;
    signal.throwIfAborted();
    const found = await capabilities(signal);
    const lack = lackOf(found, request, style);
    if (lack !== undefined) throw cannot(NAME, lack);
    const before = input.attachKey === undefined ? undefined : await pickedUp(input.attachKey, signal);
    let begun = () => {};
    let id = before;
    let ended = false;
    let resumable = false;
    try {
      if (id === undefined) {
        begun = await queue.acquire(NAME, 1, signal);
        id = await submit(found, input);
        signal.throwIfAborted();
      }
      yield { type: "attached", key: id };
      resumable = true;
      const { picture, usedMs } = yield* follow(id, begun, signal);
      ended = true;
      yield {
        type: "image",
        bytes: picture,
        seed: request.seed,
        model: found.model.stem === "" ? found.model.name : found.model.stem,
        ...usedLoras(lorasThere(found, request, style).map(({ path, scale }) => ({ reference: path, scale }))),
        ...fixedOn(modelNamed(found.model.name), request, style),
        ...(usedMs === undefined ? {} : { usedMs }),
        notes: [],
      };
    } finally {
      begun();
      // It may have gone, or be out of reach: nothing more can be done about it then.
      if (id !== undefined && !ended && !(resumable && isStopping(signal))) await cancel(id).catch(() => undefined);
    }
  }

  /** The key of a picture that is still known there. One that somebody took back is made anew. */
  async function pickedUp(key: string, signal: AbortSignal): Promise<string | undefined> {
    if (!acceptedSchema.safeParse({ id: key }).success) return undefined;
    const job = await jobOf(key, signal);
    return job === "gone" || job.status === "cancelled" ? undefined : key;
  }

  async function* follow(
    id: string,
    begun: () => void,
    signal: AbortSignal,
  ): AsyncGenerator<BackendEvent, { readonly picture: Uint8Array; readonly usedMs: number | undefined }> {
    let shown: number | "working" | undefined;
    for (;;) {
      const job = await jobOf(id, signal);
      if (job === "gone")
        throw new BackendError(NAME, "offline", "no longer knows the picture", {
          memberText: sentence("backend.error.restarted"),
        });
      switch (job.status) {
        case "queued": {
          const position = Math.max(0, (job.queue_position ?? 1) - 1);
          if (shown !== position) yield { type: "waiting", position };
          shown = position;
          break;
        }
        case "generating":
          begun();
          // It tells no steps; that it is at work is all there is to say.
          if (shown !== "working") yield { type: "progress", fraction: 0 };
          shown = "working";
          break;
        case "completed":
          return { picture: pictureOf(job), usedMs: usedMsOf(job) };
        case "failed":
          if (isOutOfMemory(job.error?.message)) throw new BackendError(NAME, "out_of_memory", "ran out of memory");
          throw new BackendError(NAME, "bad_response", "could not make the picture", {
            memberText: sentence("backend.error.perhaps-smaller"),
          });
        case "cancelled":
          throw new BackendError(NAME, "stopped", "the picture was taken out of its queue");
      }
      await pauseMs(http.clock, pollMs, signal);
    }
  }

  const health = (signal: AbortSignal): Promise<Health> =>
    healthFrom(async () => {
      const { model, supported_modes } = await capabilities(signal);
      if (!supported_modes.includes("img_gen")) return { up: false, reason: sentence("backend.error.no-model") };
      return { up: true, detail: model.name };
    });

  async function inspect(styles: readonly Style[], signal: AbortSignal): Promise<Inspection> {
    known = undefined;
    const startedMs = performance.now();
    const answer = await health(signal);
    return inspectionOf(answer, Math.round(performance.now() - startedMs), known, styles);
  }

  return {
    name: NAME,
    title: verbatim("stable-diffusion.cpp"),
    where: whereOf(options.server.url),
    at: [options.server.url],
    drawnBy: "model",
    get features() {
      const edit = picturesTaken(known);
      const upscaler = known && upscalerOf(known);
      return {
        ...featuresOn(FEATURES, modelNamed(known?.model.name)),
        ...(edit > 0 ? { edit } : {}),
        ...(upscaler === undefined ? {} : { enlarges: { model: upscaler } }),
      };
    },
    concurrency: 2,
    timeoutMs: options.timeoutMs ?? 600_000,
    cancelWithinMs: 2000,
    costWeight: whereOf(options.server.url) === "remote" ? 1 : 0,
    // A 12 GB card with a quantised FLUX.1-dev.
    firstGuess: { perMegapixelStepMs: 4000, overheadMs: 5000 },
    health,
    lacks: (request, style) => known && lackOf(known, request, style),
    models: () => known && [offerOn(modelNamed(known.model.name), known.model.name)],
    readiness: (_request, style) => known && readinessOn(modelNamed(known.model.name), style),
    inspect,
    generate,
    cannotEnlarge,
    enlarge: (input) => enlarged({ http, capabilities }, input),
    close: () => http.close(),
  };
}

function pictureOf(job: SdcppJob): Uint8Array {
  const [image] = job.result?.images ?? [];
  const bytes = image && bytesOfBase64(image.b64_json);
  if (!bytes) throw new BackendError(NAME, "bad_response", "ended without a picture");
  return bytes;
}
