import { usedLoras } from "../../domain/recipe.ts";
import { lorasFor } from "../../domain/style.ts";
import { text, verbatim } from "../../domain/text.ts";
import { untilAborted, within } from "../../lib/abort.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type EnlargeInput,
  type GenerateInput,
  type Health,
} from "../../ports/backend.ts";
import { forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { ServerAddress } from "../shared/address.ts";
import { cannot } from "../shared/cannot.ts";
import { healthFrom } from "../shared/health.ts";
import { createHttp } from "../shared/http.ts";
import { whereOf } from "../shared/location.ts";
import { fixedOn, modelNamed, numbersOn, offerOn, readinessOn } from "../shared/server-model.ts";
import { fittedPicture } from "../shared/start-image.ts";
import { imageOf } from "./answer.ts";
import { callAndWatch } from "./call.ts";
import { enlargedBy, OnlyResampled } from "./enlarge.ts";
import { explain } from "./errors.ts";
import { featuresOf } from "./features.ts";
import { hasModel, inspectWith, modelsOf, TITLES } from "./inspect.ts";
import { runJob } from "./jobs.ts";
import { findLora, type Known, lackOf, learn, lorasOf, modelOf, NAME } from "./known.ts";
import { callOf, jobOf, type Wanted } from "./request.ts";

const ENDINGS_WITHIN_MS = 1500;
const NO_FLUX_NOTE = text("backend.webui.note.no-flux");

export interface WebuiOptions {
  readonly server: ServerAddress;
  /** The checkpoint to ask for; absent: whichever is loaded. */
  readonly model?: string | undefined;
  /** Between two looks at a running picture. Default 1 s. */
  readonly pollMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** A1111, Forge and SD.Next. Source: BACKENDS reference, 7. */
export function createWebui(options: WebuiOptions): Backend {
  const { model } = options;
  const pollMs = options.pollMs ?? 1000;
  const { url: baseUrl, headers } = options.server;
  const http = createHttp({ backend: NAME, baseUrl, headers, explain, clock: options.clock ?? systemClock });
  const closing = new AbortController();
  let known: Known | undefined;
  /** Pictures under way, those included that are just being stopped. */
  const atWork = new Set<Promise<void>>();
  /** A look that takes longer than one question about its health goes on for the next one. */
  let learning: Promise<Known> | undefined;
  /** Somebody wanted a LoRA that was not there: its folder is worth another look. */
  let missed = false;

  /** Files of upscalers that it names and cannot load or fetch: asked again, it would work in vain each time. */
  const vain = new Set<string>();

  async function lookedAt(signal: AbortSignal): Promise<Known> {
    const found = await learn(http, signal);
    return found.upscaler && vain.has(found.upscaler.file) ? { ...found, upscaler: undefined } : found;
  }

  async function learned(signal: AbortSignal): Promise<Known> {
    if (known) return known;
    const found = await lookedAt(signal);
    if (model !== undefined && !hasModel(await modelsOf(http, signal), model))
      throw new BackendError(NAME, "bad_response", "has no model WEBUI_MODEL", {
        memberText: forOperator(sentence("backend.error.model-unset")),
      });
    known = found;
    return found;
  }

  async function lookedAgain(now: Known, signal: AbortSignal): Promise<Known> {
    if (!now.listsLoras) return now;
    await http.send({ method: "POST", path: "/sdapi/v1/refresh-loras", signal, timeoutMs: 30_000 });
    missed = false;
    known = { ...now, loras: await lorasOf(http, signal) };
    return known;
  }

  async function* atIt(signal: AbortSignal, work: AsyncIterable<BackendEvent>): AsyncGenerator<BackendEvent, void> {
    signal.throwIfAborted();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    atWork.add(ended);
    try {
      yield* work;
    } catch (error) {
      // Another program may stand there by now.
      if (error instanceof BackendError && error.code !== "stopped" && error.code !== "out_of_memory")
        known = undefined;
      throw error;
    } finally {
      atWork.delete(ended);
      end();
    }
  }

  async function* make(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    const { request, style, signal } = input;
    const loras = lorasFor(style, NAME, request.loraScale);
    const references = loras.map(({ file }) => file);
    const first = await learned(signal);
    const missing = references.some((reference) => !findLora(first.loras, reference));
    const now = missing ? await lookedAgain(first, signal) : first;
    const lack = lackOf(now, { request, style, references, model });
    if (lack !== undefined) throw cannot(NAME, lack);
    const loaded = modelNamed(modelOf(now, model));
    const wanted: Wanted = {
      request,
      loras: loras.map(({ file, scale }) => ({ name: findLora(now.loras, file)?.name ?? file, scale })),
      init: input.initBytes && (await fittedPicture(NAME, input.initBytes, request)),
      model,
      task: `task(placard-${crypto.randomUUID()})`,
      numbers: numbersOn(loaded, request, style),
      drawing: loaded?.kind.draws,
    };
    const notes = now.flavour === "a1111" || now.flavour === "reforge" ? [NO_FLUX_NOTE] : [];
    if (now.jobs) {
      const json = jobOf(wanted, now);
      const { bytes, usedMs } = yield* runJob({ http, json, wanted, pollMs, attachKey: input.attachKey }, signal);
      yield {
        type: "image",
        bytes,
        seed: request.seed,
        model: modelOf(now, model) ?? "unknown model",
        ...fixedOn(loaded, request, style),
        ...usedLoras(wanted.loras.map(({ name, scale }) => ({ reference: name, scale }))),
        ...(usedMs === undefined ? {} : { usedMs }),
        notes,
      };
      return;
    }
    const call = {
      http,
      ...callOf(wanted, now),
      task: now.byTask ? wanted.task : undefined,
      steps: wanted.numbers.steps,
    };
    const { answer, usedMs } = yield* callAndWatch({ ...call, pollMs, closing: closing.signal }, signal);
    yield { ...imageOf(answer.bytes, wanted), ...fixedOn(loaded, request, style), usedMs, notes };
  }

  async function* enlarged(input: EnlargeInput): AsyncGenerator<BackendEvent, void> {
    const { upscaler } = await learned(input.signal);
    if (!upscaler) throw cannot(NAME, sentence("backend.lacks.enlarge"));
    try {
      yield* enlargedBy(upscaler, input, { http, pollMs, closing: closing.signal });
    } catch (error) {
      if (error instanceof OnlyResampled) vain.add(error.file);
      throw error;
    }
  }

  const health = (signal: AbortSignal): Promise<Health> =>
    healthFrom(async () => {
      // Busy with our own picture, it may answer too late to count.
      if (atWork.size > 0 && known) return { up: true, detail: "at work" };
      learning ??= learned(closing.signal).finally(() => {
        learning = undefined;
      });
      const now = await untilAborted(learning, signal);
      const answer = await http.send({ path: "/sdapi/v1/memory", signal });
      if (answer.status !== 200) throw http.errorOf(answer);
      if (missed) await lookedAgain(now, signal);
      return { up: true, detail: TITLES[now.flavour] };
    }).then((answer) => {
      if (!answer.up) known = undefined;
      return answer;
    });

  const where = whereOf(options.server.url);
  return {
    name: NAME,
    get title() {
      return known ? verbatim(TITLES[known.flavour]) : text("backend.webui.title");
    },
    where,
    at: [options.server.url],
    drawnBy: "model",
    get features() {
      return featuresOf(known, model);
    },
    // An interrupt stops whatever runs, and a request in its queue cannot be taken out.
    concurrency: 1,
    timeoutMs: 600_000,
    cancelWithinMs: 2000,
    costWeight: where === "remote" ? 1 : 0,
    firstGuess: { perMegapixelStepMs: 2500, overheadMs: 8000 },
    health,
    lacks(request, style) {
      if (!known) return undefined;
      const references = lorasFor(style, NAME, request.loraScale).map(({ file }) => file);
      const { loras } = known;
      if (references.some((reference) => !findLora(loras, reference))) missed = true;
      return lackOf(known, { request, style, references, model });
    },
    // Another one would be loaded for everybody who works there.
    models() {
      const name = known && modelOf(known, model);
      return name === undefined ? undefined : [offerOn(modelNamed(name), name)];
    },
    readiness(_request, style) {
      const name = known && modelOf(known, model);
      return name === undefined ? undefined : readinessOn(modelNamed(name), style);
    },
    inspect: (styles, signal) =>
      inspectWith(
        {
          http,
          model,
          learn: async (within) => {
            known = await lookedAt(within);
            return known;
          },
        },
        styles,
        signal,
      ),
    generate: (input) => atIt(input.signal, make(input)),
    enlarge: (input) => atIt(input.signal, enlarged(input)),
    async close() {
      // An interrupt that is not sent any more leaves the machine at work for nobody.
      await within(http.clock, ENDINGS_WITHIN_MS, Promise.all(atWork));
      closing.abort();
      await http.close();
    },
  };
}
