import { z } from "zod";
import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { aboutModel } from "../../families/shared/recognise.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import { type Http, parseJson } from "../shared/http.ts";
import { foreignLora, modelNamed } from "../shared/server-model.ts";
import { type Stranger, strangerAt } from "./strangers.ts";
import { type Upscaler, upscalerIn } from "./upscalers.ts";

export const NAME = "webui";

/** "a1111" is the original, without FLUX, and "reforge" Forge as it was before it; "forge" and its forks; "sdnext". */
export type Flavour = "a1111" | "reforge" | "forge" | "sdnext";

/** What one look at the server told. */
export interface Known {
  readonly flavour: Flavour;
  /** One request's progress and position in the queue can be asked for by its task id. */
  readonly byTask: boolean;
  /** Requests name a scheduler. */
  readonly scheduler: boolean;
  /** SD.Next's job queue. */
  readonly jobs: boolean;
  /** LoRAs can be asked for. */
  readonly listsLoras: boolean;
  /** Of its settings, those that change a picture without being asked. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly loras: readonly Lora[];
  /** What it makes pictures larger with; absent: it has no model for that. */
  readonly upscaler?: Upscaler | undefined;
}

export interface Lora {
  /** The file's name without its ending. */
  readonly name: string;
  readonly alias?: string | null | undefined;
  /** Of its header, what tells the model it is for. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const LORAS = "/sdapi/v1/loras";
/** They have these with and without their API. */
const WITHOUT_API = ["/internal/ping", "/internal/progress", "/config", "/queue/join"];
const NOT_THERE_TEXT = forOperator(sentence("backend.error.other-program"));
export const NO_API_TEXT = forOperator(sentence("backend.webui.no-api"));
const LOOK_MS = 15_000;
/** The description of a server with many extensions has 1 MB; LoRA lists hold each file's training notes. */
const FACTS_MAX_BYTES = 4 * 1024 * 1024;
const LIST_MAX_BYTES = 16 * 1024 * 1024;
const OPTIONS = [
  "sd_model_checkpoint",
  "show_progress_every_n_steps",
  "enable_prompt_comments",
  "lora_add_hashes_to_infotext",
  "sd_lora",
] as const;

const apiSchema = z.object({
  paths: z.record(z.string(), z.unknown()),
  components: z
    .object({ schemas: z.record(z.string(), z.object({ properties: z.record(z.string(), z.unknown()).optional() })) })
    .optional(),
});
type Api = z.output<typeof apiSchema>;
const bodySchema = z.object({
  post: z.object({
    requestBody: z.object({
      content: z.object({ "application/json": z.object({ schema: z.object({ $ref: z.string() }) }) }),
    }),
  }),
});
const lorasSchema = z.array(
  z.object({
    name: z.string(),
    alias: z.string().nullish(),
    metadata: z
      .record(z.string(), z.unknown())
      .nullish()
      .catch(undefined)
      .transform((told) => aboutModel(told ?? undefined)),
  }),
);

/** Tells them apart by what they say of themselves. @throws BackendError */
export async function learn(http: Http, signal: AbortSignal): Promise<Known> {
  const about = await http.send({ path: "/openapi.json", signal, timeoutMs: LOOK_MS, maxBytes: FACTS_MAX_BYTES });
  if (about.status !== 404 && about.status !== 200) throw http.errorOf(about);
  const told = about.status === 404 ? await undescribed(http, signal) : described(apiIn(about.bytes));
  if (!told) throw elsewise(await strangerAt(http, signal));
  const options = await http.json(z.record(z.string(), z.unknown()), {
    path: "/sdapi/v1/options",
    signal,
    timeoutMs: LOOK_MS,
    maxBytes: FACTS_MAX_BYTES,
  });
  // The rest of the settings may hold the operator's keys for other services.
  const picked = Object.fromEntries(OPTIONS.flatMap((name) => (name in options ? [[name, options[name]]] : [])));
  const reforge = told.flavour === "a1111" && Object.keys(options).some((name) => name.startsWith("reforge_"));
  const flavour = reforge ? "reforge" : told.flavour;
  const loras = told.listsLoras ? await lorasOf(http, signal) : [];
  return { ...told, flavour, options: picked, loras, upscaler: await upscalerAt(http, signal) };
}

async function upscalerAt(http: Http, signal: AbortSignal): Promise<Upscaler | undefined> {
  const path = "/sdapi/v1/upscalers";
  const answer = await http.send({ path, signal, timeoutMs: LOOK_MS, maxBytes: FACTS_MAX_BYTES });
  return answer.status === 200 ? upscalerIn(answer.bytes) : undefined;
}

/** `undefined`: a page, as whatever serves web sites answers any address with, or another program's JSON. */
function apiIn(bytes: Uint8Array): Api | undefined {
  try {
    return parseJson(NAME, apiSchema, bytes);
  } catch {
    return undefined;
  }
}

const elsewise = (stranger: Stranger | undefined): BackendError =>
  new BackendError(NAME, "bad_response", `${stranger?.name ?? "something else"} answers`, {
    memberText: stranger?.told ?? NOT_THERE_TEXT,
  });

type Told = Omit<Known, "options" | "loras" | "upscaler">;

/** `undefined`: it is none of them. @throws BackendError where it is one whose API is off */
function described(api: Api | undefined): Told | undefined {
  if (!api) return undefined;
  if (!("/sdapi/v1/txt2img" in api.paths)) {
    if (WITHOUT_API.some((path) => path in api.paths)) throw noApi();
    return undefined;
  }
  const ref = bodySchema.safeParse(api.paths["/sdapi/v1/txt2img"]).data?.post.requestBody.content["application/json"];
  const fields = api.components?.schemas[ref?.schema.$ref.split("/").at(-1) ?? ""]?.properties ?? {};
  const sdnext = "/sdapi/v1/status" in api.paths;
  return {
    flavour: sdnext ? "sdnext" : "distilled_cfg_scale" in fields ? "forge" : "a1111",
    // SD.Next has the address too, but its API's requests are not in it.
    byTask: !sdnext && "/internal/progress" in api.paths && "force_task_id" in fields,
    scheduler: !sdnext && "scheduler" in fields,
    jobs: sdnext && "/sdapi/v2/jobs" in api.paths,
    // What has no extension for LoRAs has no address for their list either.
    listsLoras: LORAS in api.paths,
  };
}

/** SD.Next describes itself only when it was started with --docs. */
async function undescribed(http: Http, signal: AbortSignal): Promise<Told> {
  const status = await http.send({ path: "/sdapi/v1/status", signal, timeoutMs: LOOK_MS });
  if (status.status === 404) {
    const stranger = await strangerAt(http, signal);
    throw stranger ? elsewise(stranger) : noApi();
  }
  if (status.status !== 200) throw http.errorOf(status);
  parseJson(NAME, z.object({ status: z.string(), steps: z.number() }), status.bytes);
  const jobs = await http.send({ path: "/sdapi/v2/jobs", query: { limit: "1" }, signal, timeoutMs: LOOK_MS });
  return { flavour: "sdnext", byTask: false, scheduler: false, jobs: jobs.status === 200, listsLoras: true };
}

const noApi = () =>
  new BackendError(NAME, "bad_response", "has no /sdapi: it was started without --api", { memberText: NO_API_TEXT });

export const lorasOf = (http: Http, signal: AbortSignal): Promise<readonly Lora[]> =>
  http.json(lorasSchema, { path: LORAS, signal, timeoutMs: LOOK_MS, maxBytes: LIST_MAX_BYTES });

/** A styles file may name the file with its ending, its name, or the alias the server shows. */
export function findLora(loras: readonly Lora[], reference: string): Lora | undefined {
  const name = reference.replace(/\.(safetensors|ckpt|pt)$/i, "");
  return loras.find((each) => each.name === name) ?? loras.find((each) => each.alias === name);
}

/** As the server's menu names it: the one asked for by WEBUI_MODEL, else the one chosen there. */
export function modelOf({ options }: Known, wanted: string | undefined): string | undefined {
  const chosen = wanted ?? options["sd_model_checkpoint"];
  return typeof chosen === "string" ? chosen : undefined;
}

interface Wish {
  readonly request: ImageRequest;
  readonly style: Style;
  /** As the style names its LoRAs. */
  readonly references: readonly string[];
  /** Of the setting WEBUI_MODEL. */
  readonly model: string | undefined;
}

/** What this server cannot do of a request. `features` was a guess until it was known. */
export function lackOf(known: Known, { request, style, references, model }: Wish): BackendSentence | undefined {
  const { flavour } = known;
  // It drops the seed 0 and draws one by chance without telling.
  if (flavour === "sdnext" && request.seed === 0) return sentence("backend.webui.seed-zero");
  if (flavour === "sdnext" && request.variation) return sentence("backend.webui.vary-seed");
  if (flavour === "sdnext" && request.negativePrompt !== undefined) return sentence("backend.lacks.negative");
  if (flavour !== "forge" && request.trueCfg !== 1) return sentence("backend.lacks.true-cfg");
  const loaded = modelNamed(modelOf(known, model));
  for (const reference of references) {
    // Either would end the tag in the prompt.
    if (/[:<>]/.test(reference)) return sentence("backend.webui.file-name", { file: reference });
    const lora = findLora(known.loras, reference);
    if (!lora) return sentence("backend.lacks.file", { file: reference });
    const foreign = foreignLora(loaded, style, lora);
    if (foreign) return foreign;
  }
  return undefined;
}
