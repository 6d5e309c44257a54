import { createHash } from "node:crypto";
import { type ImageRequest, LORAS_MAX, SEED_MAX, usedLoras } from "../../domain/recipe.ts";
import { lorasFor, type Style } from "../../domain/style.ts";
import { type Text, text } from "../../domain/text.ts";
import { pauseMs } from "../../lib/abort.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
  type Health,
  isStopping,
} from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { cannot } from "../shared/cannot.ts";
import { healthFrom } from "../shared/health.ts";
import { createHttp } from "../shared/http.ts";
import { explain } from "./errors.ts";
import { inspectWith } from "./inspect.ts";
import { pictureOf } from "./picture.ts";
import { requestsOver } from "./requests.ts";
import {
  FACTS_MAX_BYTES,
  FIXED,
  heartbeatSchema,
  lackOf,
  MODEL,
  modelsSchema,
  NAME,
  PICTURE_MAX_BYTES,
} from "./wire.ts";

const REFUSED_MAX = 500;

export interface HordeOptions {
  readonly apiKey: string;
  readonly url: string;
  readonly contact?: string | undefined;
  /** Between two questions about a picture. Default 2.5 s: its people ask for no more. */
  readonly pollMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

const FEATURES: BackendFeatures = {
  styles: "listed",
  loraScale: true,
  // It takes five.
  loras: LORAS_MAX,
  guidance: false,
  trueCfg: false,
  negativePrompt: false,
  variation: "image",
  initImage: true,
  // Above about 1024² kudos are asked for in advance.
  maxPixels: 1024 * 1024,
  progress: false,
  preview: false,
  queuePosition: true,
  // Each picture is made on another machine.
  reproducible: false,
  abortedRun: "works_on",
};

/** AI Horde, the last resort. Source: BACKENDS reference, 9. */
export function createHorde(options: HordeOptions): Backend {
  const pollMs = options.pollMs ?? 2500;
  const http = createHttp({
    backend: NAME,
    baseUrl: options.url,
    headers: { apikey: options.apiKey, "client-agent": `placard:0.1.0:${options.contact ?? "unknown"}` },
    explain,
    clock: options.clock ?? systemClock,
  });
  const requests = requestsOver(http, pollMs);
  /** Fingerprints of words its filter refused: sent again, they count against our address, up to a block. */
  const refused = new BoundedMap<true>(REFUSED_MAX);
  const lacks = (request: ImageRequest, style: Style): BackendSentence | undefined =>
    refused.has(fingerprint(request)) ? sentence("backend.horde.refused-before") : lackOf(request, style);

  async function* generate(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    const { request, style, signal } = input;
    signal.throwIfAborted();
    const lack = lacks(request, style);
    if (lack !== undefined) throw cannot(NAME, lack);
    let id = input.attachKey === undefined ? undefined : await requests.pickedUp(input.attachKey, signal);
    let ended = false;
    let resumable = false;
    try {
      if (id === undefined) {
        const accepted = await requests.submit(input);
        id = accepted.id;
        signal.throwIfAborted();
        if (accepted.nobody) throw nobody();
      }
      yield { type: "attached", key: id };
      resumable = true;
      const { kudos, usedMs } = yield* follow(id, signal);
      const generation = await requests.generation(id, signal);
      ended = true;
      yield {
        type: "image",
        bytes: await pictureOf(http, generation, signal, PICTURE_MAX_BYTES),
        seed: seedIn(generation.seed) ?? request.seed,
        model: generation.model,
        fixed: FIXED,
        ...usedLoras(lorasFor(style, NAME, request.loraScale).map(({ file, scale }) => ({ reference: file, scale }))),
        usedMs,
        notes: notesOf(kudos),
      };
    } catch (error) {
      // At the door, or by the machine that made it.
      if (error instanceof BackendError && error.code === "moderated") refused.set(fingerprint(request), true);
      throw error;
    } finally {
      if (id !== undefined && !ended && !(resumable && isStopping(signal)))
        await requests.takeBack(id).catch(() => undefined);
    }
  }

  async function* follow(
    id: string,
    signal: AbortSignal,
  ): AsyncGenerator<BackendEvent, { readonly kudos: number | undefined; readonly usedMs: number }> {
    let begunMs: number | undefined;
    let shown = "";
    for (;;) {
      const askedMs = performance.now();
      const check = await requests.check(id, signal);
      if (check === "gone")
        throw new BackendError(NAME, "timeout", "no longer knows the request", {
          memberText: sentence("backend.error.timeout"),
        });
      if (check.faulted)
        throw new BackendError(NAME, "bad_response", "faulted", { memberText: sentence("backend.horde.none-could") });
      if (check.done)
        return { kudos: check.kudos ?? undefined, usedMs: Math.round(performance.now() - (begunMs ?? askedMs)) };
      if (!check.is_possible) throw nobody();
      if (check.processing > 0) {
        begunMs ??= askedMs;
        // No steps are told; that somebody works on it is all there is to say.
        if (shown !== "working") yield { type: "progress", fraction: 0 };
        shown = "working";
      } else {
        // 0 would be nothing left to wait for.
        const position = Math.max(0, check.queue_position - 1);
        const etaMs = check.wait_time * 1000;
        if (shown !== `${position} ${etaMs}`) yield { type: "waiting", position, etaMs };
        shown = `${position} ${etaMs}`;
      }
      await pauseMs(http.clock, pollMs, signal);
    }
  }

  const health = (signal: AbortSignal): Promise<Health> =>
    healthFrom(async () => {
      const facts = { signal, maxBytes: FACTS_MAX_BYTES };
      const { message } = await http.json(heartbeatSchema, { path: "/status/heartbeat", ...facts });
      if (message === "DOWN") return { up: false, reason: sentence("backend.horde.down") };
      const models = await http.json(modelsSchema, { path: "/status/models", query: { type: "image" }, ...facts });
      const workers = models.find(({ name }) => name === MODEL)?.count ?? 0;
      if (workers === 0) return { up: false, reason: sentence("backend.horde.nobody-flux") };
      return { up: true, detail: `${workers} machines serve FLUX` };
    });

  return {
    name: NAME,
    title: text("backend.horde.title"),
    where: "remote",
    at: [options.url],
    drawnBy: "model",
    lastResort: true,
    features: FEATURES,
    concurrency: 2,
    timeoutMs: 1_200_000,
    cancelWithinMs: 2000,
    costWeight: 1,
    firstGuess: { perMegapixelStepMs: 300, overheadMs: 5000 },
    health,
    lacks,
    inspect: (styles, signal) => inspectWith({ http, health, anonymous: /^0+$/.test(options.apiKey) }, styles, signal),
    generate,
    close: () => http.close(),
  };
}

/** A number in words; without one the seed is the one that was asked for. */
const seedIn = (text: string | null | undefined): number | undefined =>
  /^\d{1,10}$/.test(text ?? "") && Number(text) <= SEED_MAX ? Number(text) : undefined;

const nobody = () =>
  new BackendError(NAME, "offline", "has no worker for this", { memberText: sentence("backend.horde.nobody") });

const fingerprint = ({ finalPrompt }: ImageRequest): string =>
  createHash("sha256").update(finalPrompt.toLowerCase()).digest("base64");

const notesOf = (kudos: number | undefined): readonly Text[] => [
  text("backend.horde.note.volunteers"),
  text("backend.horde.note.fixed", { steps: FIXED.steps }),
  ...(kudos === undefined || kudos === 0 ? [] : [text("backend.horde.note.kudos", { kudos })]),
];
