import { FormData } from "undici";
import { withoutEngineTags } from "../../domain/prompt.ts";
import { EDIT_PICTURES_MAX, type ImageRequest, SIDE_MAX_PX } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import type { Clock } from "../../lib/clock.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
  type Health,
  type Inspection,
} from "../../ports/backend.ts";
import type { ServerAddress } from "../shared/address.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { downReason } from "../shared/health.ts";
import { createHttp, type HttpAnswer, type HttpRequest, parseJson } from "../shared/http.ts";
import { whereOf } from "../shared/location.ts";
import { wholePicture } from "../shared/start-image.ts";
import { type Dialect, dialectOf, type Extras, editsByWords, sizeThere } from "./dialects.ts";
import { nextSteps } from "./inspection.ts";
import { explain, type MadeThere, madeIn, modelIds, modelsSchema, NAME, refusedField } from "./wire.ts";

const LIST_WITHIN_MS = 8000;
const LIST_MAX_BYTES = 4 * 1024 * 1024;
/** As base64 a third more. */
const ANSWER_MAX_BYTES = 64 * 1024 * 1024;
const EDIT_SIDE_MAX_PX = 2048;
const REVISED_MAX_CHARS = 500;

export interface ImagesOptions {
  readonly server: ServerAddress;
  readonly key: string | undefined;
  /** Absent: the service's own choice. */
  readonly model: string | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const featuresOf = (dialect: Dialect, model: string | undefined): BackendFeatures => ({
  styles: dialect.takesLora ? "listed" : "none",
  loraScale: dialect.takesLora,
  guidance: dialect.name === "together",
  trueCfg: false,
  negativePrompt: dialect.takesNegative,
  variation: "none",
  initImage: false,
  ...(editsByWords(dialect, model) ? { edit: EDIT_PICTURES_MAX } : {}),
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: false,
  preview: false,
  queuePosition: false,
  reproducible: false,
  abortedRun: "works_on",
});

/** OpenAI's picture API, wherever it is spoken. Source: its reference of images/create and images/createEdit. */
export function createImages({ server, key, model, timeoutMs, clock }: ImagesOptions): Backend {
  const baseUrl = apiUrlOf(server.url);
  const where = whereOf(baseUrl);
  const http = createHttp({
    backend: NAME,
    baseUrl,
    headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...server.headers },
    explain,
    clock,
  });
  let dialect = dialectOf(baseUrl, model, []);
  /** Its list is asked for once a picture is: until then it is taken by its host and model. */
  let isLookedAt = dialect.name === "openai" || dialect.name === "together";
  /** Fields it has refused: they are not sent again. */
  const refused = new Set<string>();

  async function models(signal: AbortSignal): Promise<readonly string[] | undefined> {
    const request = { path: "/models", signal, timeoutMs: LIST_WITHIN_MS, maxBytes: LIST_MAX_BYTES };
    const answer = await http.send(request);
    // Many have no such list, and draw.
    if (answer.status === 404 || answer.status === 405) return undefined;
    if (answer.status !== 200) throw http.errorOf(answer);
    const found = modelIds(parseJson(NAME, modelsSchema, answer.bytes));
    dialect = dialectOf(baseUrl, model, found);
    isLookedAt = true;
    return found;
  }

  /** Until it takes all fields that are left. */
  async function ask(extras: Extras, requestWith: (left: Extras) => HttpRequest): Promise<HttpAnswer> {
    for (;;) {
      const left = Object.fromEntries(Object.entries(extras).filter(([field]) => !refused.has(field)));
      const answer = await http.send(requestWith(left));
      const field = refusedField(answer, Object.keys(left));
      if (field === undefined) {
        if (answer.status < 200 || answer.status > 299) throw http.errorOf(answer);
        return answer;
      }
      refused.add(field);
    }
  }

  async function make(input: GenerateInput): Promise<MadeThere> {
    const { request, signal } = input;
    if (!isLookedAt) await models(signal).catch(() => signal.throwIfAborted());
    const prompt = withoutEngineTags(request.finalPrompt);
    const words = {
      prompt: dialect.prompt?.(prompt, request) ?? prompt,
      ...(model === undefined ? {} : { model }),
      n: 1,
    };
    const lora = loraOf(request, input.style);
    const extras = dialect.extras(request, sizeThere(dialect, request), lora);
    const shared = { method: "POST", signal, maxBytes: ANSWER_MAX_BYTES } as const;
    const pictures = await Promise.all(
      (input.editBytes ?? []).map((bytes) => wholePicture(NAME, bytes, EDIT_SIDE_MAX_PX)),
    );
    if (pictures.length === 0)
      return madeIn(
        await ask(extras, (left) => ({ ...shared, path: "/images/generations", json: { ...words, ...left } })),
      );
    return madeIn(
      await ask(extras, (left) => ({
        ...shared,
        path: "/images/edits",
        form: formOf({ ...words, ...left }, pictures),
      })),
    );
  }

  async function* generate(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    input.signal.throwIfAborted();
    // It tells nothing until the picture is there.
    yield { type: "progress", fraction: 0 };
    const { base64, url, revised } = await make(input);
    const bytes = base64 === undefined ? await downloaded(url, input.signal) : bytesOfBase64(base64);
    if (!bytes) throw new BackendError(NAME, "bad_response", "answered without a picture");
    const lora = loraOf(input.request, input.style);
    yield {
      type: "image",
      bytes,
      model: model ?? new URL(baseUrl).host,
      ...(dialect.sizes ? { ownSize: true } : {}),
      ...(lora === undefined ? {} : { lora: { reference: lora } }),
      notes: notesOf(dialect, revised, input.request),
    };
  }

  const downloaded = (url: string | undefined, signal: AbortSignal): Promise<Uint8Array | undefined> =>
    url === undefined ? Promise.resolve(undefined) : http.download(url, { signal, timeoutMs: 60_000 });

  const loraOf = ({ loraScale }: ImageRequest, style: Style): string | undefined =>
    loraScale > 0 && dialect.takesLora ? style.lora[NAME] : undefined;

  async function look(signal: AbortSignal): Promise<{ readonly health: Health; readonly found: readonly string[] }> {
    try {
      const found = await models(signal);
      if (!found) return { health: { up: true, detail: "it does not list its models" }, found: [] };
      const isUnknown = model !== undefined && found.length > 0 && !found.includes(model);
      // A list can be of chat models alone: that a name is missing there does not say that it cannot draw.
      return { health: { up: true, detail: isUnknown ? `${model} is not in its list` : (model ?? "") }, found };
    } catch (error) {
      return { health: { up: false, reason: downReason(error) }, found: [] };
    }
  }

  async function inspect(styles: readonly Style[], signal: AbortSignal): Promise<Inspection> {
    const startedAtMs = performance.now();
    const { health, found } = await look(signal);
    const latencyMs = Math.round(performance.now() - startedAtMs);
    const known = { health, latencyMs, models: found.slice(0, 100), loras: [] };
    return { ...known, nextSteps: nextSteps({ isUp: health.up, model, found, takesLora: dialect.takesLora }, styles) };
  }

  return {
    name: NAME,
    title: verbatim(model ?? new URL(baseUrl).host),
    where,
    drawnBy: "model",
    paid: where === "remote",
    get features() {
      return featuresOf(dialect, model);
    },
    concurrency: where === "remote" ? 2 : 1,
    timeoutMs,
    cancelWithinMs: 1000,
    costWeight: where === "remote" ? 1 : 0,
    firstGuess: { perMegapixelStepMs: 500, overheadMs: 8000 },
    health: async (signal) => (await look(signal)).health,
    inspect,
    generate,
    close: () => http.close(),
  };
}

/** Where only the host is written, the API is below /v1 everywhere. */
function apiUrlOf(url: string): string {
  return new URL(url).pathname === "/" ? `${url.replace(/\/+$/u, "")}/v1` : url;
}

function formOf(fields: Extras, pictures: readonly Buffer[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    form.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  // The older name takes one, and every service has it.
  const name = pictures.length === 1 ? "image" : "image[]";
  for (const [at, picture] of pictures.entries())
    form.append(name, new Blob([new Uint8Array(picture)], { type: "image/png" }), `picture-${at + 1}.png`);
  return form;
}

function notesOf(dialect: Dialect, revised: string | undefined, request: ImageRequest): readonly Text[] {
  const isOther = revised !== undefined && revised !== request.finalPrompt;
  return [
    ...(isOther ? [text("backend.images.revised", { words: verbatim(revised.slice(0, REVISED_MAX_CHARS)) })] : []),
    ...(dialect.takesSeed ? [] : [text("backend.images.own-seed")]),
  ];
}
