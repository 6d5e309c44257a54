import { FormData } from "undici";
import { withoutEngineTags } from "../../domain/prompt.ts";
import { EDIT_PICTURES_MAX, type ImageRequest, LORAS_MAX, SIDE_MAX_PX, usedLoras } from "../../domain/recipe.ts";
import { lorasFor, lorasOf, type Style, styleName } from "../../domain/style.ts";
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
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import type { ServerAddress } from "../shared/address.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { cannot } from "../shared/cannot.ts";
import { downReason } from "../shared/health.ts";
import { createHttp, type HttpRequest, parseJson } from "../shared/http.ts";
import { whereOf } from "../shared/location.ts";
import { offersNamed } from "../shared/server-model.ts";
import { wholePicture } from "../shared/start-image.ts";
import { type Dialect, dialectOf, type Extras, editsByWords, type Own, sizeThere, WISHES } from "./dialects.ts";
import { nextSteps } from "./inspection.ts";
import { explain, type MadeThere, madeIn, modelIds, modelsSchema, NAME, unknownField } from "./wire.ts";

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
  /** What else a member may ask for. */
  readonly others?: readonly string[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Default: by its address, its model and its list. */
  readonly dialect?: Dialect;
}

/** @param unknown fields that it is known not to know */
const featuresOf = (dialect: Dialect, model: string | undefined, unknown: ReadonlySet<string>): BackendFeatures => {
  const takesLora = dialect.takesLora && !unknown.has("image_loras");
  return {
    styles: takesLora ? "listed" : "none",
    loraScale: takesLora,
    ...(takesLora ? { loras: LORAS_MAX } : {}),
    guidance: dialect.name === "together" && !unknown.has("guidance_scale"),
    trueCfg: false,
    negativePrompt: dialect.takesNegative && !unknown.has("negative_prompt"),
    variation: "none",
    initImage: false,
    ...(editsByWords(dialect, model) ? { edit: EDIT_PICTURES_MAX } : {}),
    maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
    progress: false,
    preview: false,
    queuePosition: false,
    reproducible: false,
    abortedRun: "works_on",
  };
};

/** OpenAI's picture API, wherever it is spoken. Source: its reference of images/create and images/createEdit. */
export function createImages(options: ImagesOptions): Backend {
  const { server, key, model: usual, others = [], timeoutMs, clock } = options;
  const baseUrl = apiUrlOf(server.url);
  const where = whereOf(baseUrl);
  const http = createHttp({
    backend: NAME,
    baseUrl,
    headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...server.headers },
    explain,
    clock,
  });
  const title = verbatim(usual ?? new URL(baseUrl).host);
  const offers = offersNamed(usual === undefined ? [] : [usual, ...others]);
  const modelFor = ({ model: asked }: Pick<ImageRequest, "model">): string | undefined =>
    offers.find(({ offer }) => offer.title === asked)?.name ?? usual;
  /** Its own list; empty: not known. */
  let listed: readonly string[] = [];
  const dialectFor = (model: string | undefined): Dialect => options.dialect ?? dialectOf(baseUrl, model, listed);
  /** Its list is asked for once a picture is: until then it is taken by its host and model. */
  let isLookedAt = ["openai", "together"].includes(dialectFor(usual).name);
  /** Fields it has refused as unknown, by model: of these, wishes are not sent again, and what needs another is made elsewhere. */
  const refused = new Map<string | undefined, Set<string>>();
  const unknownTo = (model: string | undefined): Set<string> => refused.get(model) ?? new Set();

  async function models(signal: AbortSignal): Promise<readonly string[] | undefined> {
    const request = { path: "/models", signal, timeoutMs: LIST_WITHIN_MS, maxBytes: LIST_MAX_BYTES };
    const answer = await http.send(request);
    // Many have no such list, and draw.
    if (answer.status === 404 || answer.status === 405) return undefined;
    if (answer.status !== 200) throw http.errorOf(answer);
    const found = modelIds(parseJson(NAME, modelsSchema, answer.bytes));
    listed = found;
    isLookedAt = true;
    return found;
  }

  /** Until it takes all fields that are left. @throws BackendError where it does not know one that a picture needs */
  async function ask(
    { style, model, own }: Pick<GenerateInput, "style"> & Pick<Dialect, "own"> & { readonly model: string | undefined },
    extras: Extras,
    requestWith: (left: Extras) => HttpRequest,
  ): Promise<Asked> {
    const unknown = unknownTo(model);
    refused.set(model, unknown);
    for (;;) {
      const left = Object.fromEntries(
        Object.entries(extras).filter(([field]) => !(field in WISHES && unknown.has(field))),
      );
      const answer = await http.send(requestWith(left));
      const field = unknownField(answer, Object.keys(left));
      if (field !== undefined) unknown.add(field);
      const lack = field === undefined ? undefined : lackOf(field, style);
      if (lack) throw cannot(NAME, lack);
      if (field !== undefined && field in WISHES) continue;
      if (answer.status < 200 || answer.status > 299) throw http.errorOf(answer);
      return { made: madeIn(answer), own: ownIn(extras, left).union(new Set(own)) };
    }
  }

  async function make(input: GenerateInput): Promise<Asked> {
    const { request, signal } = input;
    if (!isLookedAt) await models(signal).catch(() => signal.throwIfAborted());
    const prompt = withoutEngineTags(request.finalPrompt);
    const model = modelFor(request);
    const dialect = dialectFor(model);
    const words = {
      prompt: dialect.prompt?.(prompt, request) ?? prompt,
      ...(model === undefined ? {} : { model }),
      n: 1,
    };
    const extras = dialect.extras(request, sizeThere(dialect, request), lorasOn(dialect, input));
    const asked = { style: input.style, model, own: dialect.own };
    const shared = { method: "POST", signal, maxBytes: ANSWER_MAX_BYTES } as const;
    const pictures = await Promise.all(
      (input.editBytes ?? []).map((bytes) => wholePicture(NAME, bytes, EDIT_SIDE_MAX_PX)),
    );
    if (pictures.length === 0)
      return ask(asked, extras, (left) => ({ ...shared, path: "/images/generations", json: { ...words, ...left } }));
    return ask(asked, extras, (left) => ({
      ...shared,
      path: "/images/edits",
      form: formOf({ ...words, ...left }, pictures),
    }));
  }

  async function* generate(input: GenerateInput): AsyncGenerator<BackendEvent, void> {
    input.signal.throwIfAborted();
    // It tells nothing until the picture is there.
    yield { type: "progress", fraction: 0 };
    const { made, own } = await make(input);
    const { base64, url, revised } = made;
    const bytes = base64 === undefined ? await downloaded(url, input.signal) : bytesOfBase64(base64);
    if (!bytes) throw new BackendError(NAME, "bad_response", "answered without a picture");
    const model = modelFor(input.request);
    const dialect = dialectFor(model);
    yield {
      type: "image",
      bytes,
      model: model ?? new URL(baseUrl).host,
      ...(dialect.sizes || own.has("size") ? { ownSize: true } : {}),
      ...usedLoras(lorasOn(dialect, input).map(({ file, scale }) => ({ reference: file, scale }))),
      notes: [...revisedNotes(revised, input.request), ...ownNotes(own, input, title)],
    };
  }

  const downloaded = (url: string | undefined, signal: AbortSignal): Promise<Uint8Array | undefined> =>
    url === undefined ? Promise.resolve(undefined) : http.download(url, { signal, timeoutMs: 60_000 });

  const lorasOn = ({ takesLora }: Dialect, { request, style }: Pick<GenerateInput, "request" | "style">) =>
    takesLora ? lorasFor(style, NAME, request.loraScale) : [];

  async function look(signal: AbortSignal): Promise<{ readonly health: Health; readonly found: readonly string[] }> {
    try {
      const found = await models(signal);
      if (!found) return { health: { up: true, detail: "it does not list its models" }, found: [] };
      const model = usual;
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
    return {
      ...known,
      nextSteps: nextSteps(
        { isUp: health.up, models: offers.map(({ name }) => name), found, takesLora: dialectFor(usual).takesLora },
        styles,
      ),
    };
  }

  return {
    name: NAME,
    title,
    where,
    drawnBy: "model",
    paid: where === "remote",
    get features() {
      return featuresOf(dialectFor(usual), usual, unknownTo(usual));
    },
    lacks(request, style) {
      const model = modelFor(request);
      const dialect = dialectFor(model);
      const fields = dialect.extras(request, request, lorasOn(dialect, { request, style }));
      const missing = Object.keys(fields).find((field) => unknownTo(model).has(field) && lackOf(field, style));
      return missing === undefined ? undefined : lackOf(missing, style);
    },
    featuresFor(request) {
      const model = modelFor(request);
      return featuresOf(dialectFor(model), model, unknownTo(model));
    },
    ...(offers.length > 1 ? { severalModels: true } : {}),
    models: (style) =>
      offers
        .map(({ offer }) => offer)
        .filter(({ family }) => lorasOf(style, NAME).length === 0 || family === undefined || family === style.family),
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

interface Asked {
  readonly made: MadeThere;
  readonly own: ReadonlySet<Own>;
}

/** What cannot be made where this field is not known; `undefined`: it can, or the field is none that members know. */
function lackOf(field: string, style: Style): BackendSentence | undefined {
  if (field === "negative_prompt") return sentence("backend.lacks.negative");
  if (field === "image_loras") return sentence("backend.lacks.style", { style: styleName(style) });
  return undefined;
}

/** What is the service's own, as it is told under none of its names. */
function ownIn(extras: Extras, left: Extras): ReadonlySet<Own> {
  const wishes = (sent: Extras) => new Set(Object.keys(sent).flatMap((field) => WISHES[field] ?? []));
  return wishes(extras).difference(wishes(left));
}

function revisedNotes(revised: string | undefined, request: ImageRequest): readonly Text[] {
  if (revised === undefined || revised === request.finalPrompt) return [];
  return [text("backend.images.revised", { words: verbatim(revised.slice(0, REVISED_MAX_CHARS)) })];
}

/** A number that nobody asked for is not missed; a seed is: the recipe would not bring the picture back. */
function ownNotes(
  own: ReadonlySet<Own>,
  { request, style: { defaults } }: GenerateInput,
  place: Text,
): readonly Text[] {
  return [
    ...(own.has("seed") ? [text("backend.images.own-seed")] : []),
    ...(own.has("steps") && request.steps !== defaults.steps ? [text("backend.lacks.steps", { place })] : []),
    ...(own.has("cfg") && request.guidance !== defaults.cfg ? [text("backend.lacks.cfg", { place })] : []),
  ];
}
