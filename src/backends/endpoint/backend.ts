import { z } from "zod";
import { withoutEngineTags } from "../../domain/prompt.ts";
import { SIDE_MAX_PX, seedSchema } from "../../domain/recipe.ts";
import { lorasFor, type Style } from "../../domain/style.ts";
import { text } from "../../domain/text.ts";
import { eventStream } from "../../lib/event-stream.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
  type Health,
} from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import type { ModuleServices } from "../../ports/module.ts";
import type { ServerAddress } from "../shared/address.ts";
import { bytesOfBase64 } from "../shared/base64.ts";
import { downReason } from "../shared/health.ts";
import { createHttp, type Http, type HttpAnswer, parseJson } from "../shared/http.ts";
import { asBackendError, fetchOver } from "../shared/huggingface/library.ts";
import { explainHf, type LoadingPatience, whileLoading } from "../shared/huggingface/loading.ts";
import { bearer } from "../shared/huggingface/settings.ts";
import { whereOf } from "../shared/location.ts";
import { loraSteps } from "../shared/lora-advice.ts";
import { fittedPicture } from "../shared/start-image.ts";
import type { EndpointSettings } from "./settings.ts";

const NAME = "endpoint";
const TIMEOUT_MS = 600_000;
/** A scaled-down endpoint starts in some minutes; what is left of `TIMEOUT_MS` then is for the picture. */
const PATIENCE: LoadingPatience = {
  waitsMax: 45,
  pauseMaxMs: 30_000,
  pauseMs: 10_000,
  why: sentence("backend.endpoint.starting"),
};

const FEATURES: BackendFeatures = {
  styles: "listed",
  loraScale: true,
  guidance: true,
  trueCfg: true,
  negativePrompt: true,
  variation: "image",
  initImage: true,
  maxPixels: SIDE_MAX_PX * SIDE_MAX_PX,
  progress: false,
  preview: false,
  queuePosition: false,
  reproducible: true,
  abortedRun: "works_on",
};

export function createEndpoint(
  settings: EndpointSettings,
  { clock }: Pick<ModuleServices, "clock">,
  patience: LoadingPatience = PATIENCE,
): Backend | undefined {
  const { HF_ENDPOINT_URL: at, HF_ENDPOINT_ANSWER: answers, HF_TOKEN: token } = settings;
  if (at === undefined) return undefined;
  const where = whereOf(at.url);
  const http = createHttp({
    backend: NAME,
    baseUrl: at.url,
    headers: { ...bearerFor(at, token), ...at.headers },
    explain: explainHf(NAME),
    clock,
  });
  /** Asking an endpoint how it is would start it, and its hours cost: what it last did has to tell. */
  let last: { readonly atMs: number; readonly error?: BackendError } | undefined;

  async function make(input: GenerateInput, tell: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    try {
      const asked = {
        clock,
        ask: () => ask(http, { url: (at as ServerAddress).url, answers }, input, signal),
        patience,
        tell,
      };
      const made = await whileLoading(asked, signal);
      last = { atMs: clock.nowMs() };
      tell({ type: "image", ...made, ...loraIn(input), notes: [] });
    } catch (error) {
      if (error instanceof BackendError) last = { atMs: clock.nowMs(), error };
      throw error;
    }
  }

  return {
    name: NAME,
    title: text("backend.endpoint.title"),
    where,
    at: [at.url],
    drawnBy: "model",
    paid: where === "remote",
    features: FEATURES,
    concurrency: settings.HF_ENDPOINT_CONCURRENCY,
    timeoutMs: TIMEOUT_MS,
    cancelWithinMs: 1000,
    costWeight: where === "remote" ? 1 : 0,
    firstGuess: { perMegapixelStepMs: 700, overheadMs: 3000 },
    async health() {
      if (!last) return { up: true, detail: "not used yet: asking would start it" };
      const { error } = last;
      if (error?.code === "offline" || error?.code === "auth") return { up: false, reason: error.memberText };
      const agoMin = Math.max(0, Math.floor((clock.nowMs() - last.atMs) / 60_000));
      return { up: true, detail: `${error ? "last failed" : "last answered"} ${agoMin} min ago` };
    },
    async inspect(styles, signal) {
      const startedAtMs = performance.now();
      // Unlike its health this may start it: somebody is looking.
      const health = await lookAt(http, signal);
      const latencyMs = Math.round(performance.now() - startedAtMs);
      if (!health.up)
        return {
          health,
          models: [],
          loras: [],
          nextSteps: [
            "Open your endpoint at ui.endpoints.huggingface.co: is it running or scaled to zero, and is HF_ENDPOINT_URL its address? If it is protected, HF_TOKEN must be a token of its owner.",
          ],
        };
      return { health, latencyMs, models: [], loras: [], nextSteps: nextSteps(styles) };
    },
    async *generate(input) {
      input.signal.throwIfAborted();
      yield* eventStream<BackendEvent>(input.signal, (tell, signal) => make(input, tell, signal));
    },
    close: () => http.close(),
  };
}

/** To the endpoint itself, and never in the open over other people's networks. */
const bearerFor = ({ url }: ServerAddress, token: string | undefined) =>
  url.startsWith("https:") || whereOf(url) === "local" ? bearer(token) : {};

async function lookAt(http: Http, signal: AbortSignal): Promise<Health> {
  try {
    const { status } = await http.send({ path: "/health", signal, timeoutMs: 8000 });
    if (status === 401 || status === 403) return { up: false, reason: sentence("backend.error.auth") };
    return status === 503 ? { up: true, detail: "it was asleep and is starting now" } : { up: true };
  } catch (error) {
    return { up: false, reason: downReason(error) };
  }
}

const nextSteps = (styles: readonly Style[]) =>
  loraSteps(NAME, styles, undefined, () => "set it to what your handler calls the LoRA");

type Asked = Pick<GenerateInput, "request" | "style">;

const loraIn = ({ request, style }: Asked): { readonly lora?: { readonly reference: string } } => {
  const [lora] = lorasFor(style, NAME, request.loraScale);
  return lora ? { lora: { reference: lora.file } } : {};
};

const answerSchema = z.object({
  image: z.string().min(1),
  seed: seedSchema.nullish(),
  model: z.string().max(200).nullish(),
});

interface Answered {
  readonly bytes: Uint8Array;
  readonly seed?: number;
  readonly model: string;
}

async function ask(
  http: Http,
  { url, answers }: { readonly url: string; readonly answers: "image" | "json" },
  input: GenerateInput,
  signal: AbortSignal,
): Promise<Answered> {
  const { request, initBytes } = input;
  let told: z.output<typeof answerSchema> | undefined;
  const read = (answer: HttpAnswer): HttpAnswer => {
    if (answers === "image") return picture(answer);
    told = parseJson(NAME, answerSchema, answer.bytes);
    const bytes = bytesOfBase64(told.image);
    if (!bytes) throw new BackendError(NAME, "bad_response", "answered with an image that is no base64");
    return { ...answer, bytes, mime: "image/png" };
  };
  // The library would ask again without a pause, for ever; and it does some of its fetching past the one it is given.
  const options = { fetch: fetchOver(http, () => "", read, { signal }), signal, retry_on_error: false };
  // Some 100 ms and 20 MB that nobody needs who has no endpoint.
  const { InferenceClient } = await import("@huggingface/inference");
  const client = new InferenceClient();
  const parameters = parametersOf(input);
  const prompt = withoutEngineTags(request.finalPrompt);
  try {
    const blob =
      request.init && initBytes
        ? await client.imageToImage(
            {
              endpointUrl: url,
              inputs: new Blob([new Uint8Array(await fittedPicture(NAME, initBytes, request))], { type: "image/png" }),
              parameters: { ...parameters, prompt, strength: request.init.strength },
            },
            options,
          )
        : await client.textToImage(
            { endpointUrl: url, inputs: prompt, parameters },
            { ...options, outputType: "blob" },
          );
    const seed = told?.seed ?? undefined;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return { bytes, ...(seed === undefined ? {} : { seed }), model: told?.model ?? "the model of our endpoint" };
  } catch (error) {
    throw asBackendError(NAME, error, signal);
  }
}

function picture(answer: HttpAnswer): HttpAnswer {
  if (answer.mime === "application/json")
    throw new BackendError(
      NAME,
      "bad_response",
      "answered with JSON: set HF_ENDPOINT_ANSWER=json if its handler does so",
    );
  if (!/^image\/|^application\/octet-stream$/u.test(answer.mime))
    throw new BackendError(NAME, "bad_response", `${answer.mime.slice(0, 60)} instead of a picture`);
  return answer;
}

/** What the handler is given besides the prompt; docs/pictures/endpoint.md tells its author what each means. */
function parametersOf({ request, style }: Asked): Record<string, unknown> {
  const { lora } = loraIn({ request, style });
  return {
    num_inference_steps: request.steps,
    guidance_scale: request.guidance,
    true_cfg_scale: request.trueCfg,
    seed: request.seed,
    width: request.widthPx,
    height: request.heightPx,
    ...(request.negativePrompt === undefined ? {} : { negative_prompt: withoutEngineTags(request.negativePrompt) }),
    ...(lora ? { lora: lora.reference, lora_scale: request.loraScale } : {}),
  };
}
