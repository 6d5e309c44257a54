import sharp from "sharp";
import { z } from "zod";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type FakeAnswer, type FakeRoute, type FakeServer, openFakeServer } from "./http-server.ts";
import { bodyFor } from "./webui/bodies.ts";
import { enlargeBody, enlargedBy, UPSCALERS } from "./webui/enlarging.ts";
import { jobRoutes } from "./webui/jobs.ts";
import { type FakeWork, oneAtATime } from "./webui/lock.ts";
import { openApi } from "./webui/openapi.ts";

type FakeFlavour = "a1111" | "reforge" | "forge" | "sdnext";

export interface FakeWebuiOptions {
  readonly flavour: FakeFlavour;
  /** With its web page: requests can be asked about by task id. Not for SD.Next. Default true. */
  readonly page?: boolean;
  /** false: started without --api. */
  readonly api?: boolean;
  /** SD.Next: it describes itself (--docs); it has the job queue. */
  readonly docs?: boolean;
  readonly jobs?: boolean;
  /** `user:password`. */
  readonly signIn?: string;
}

/** A strict web UI: one lock, progress of the whole server, silence about what is missing. Source: BACKENDS reference, 7. */
export interface FakeWebui extends FakeServer {
  /** Ours and others', oldest first. */
  readonly work: readonly FakeWork[];
  takes(ms: number): void;
  /** The work at hand is done now. */
  finish(): void;
  /** Somebody else's picture takes its turn. */
  foreign(): FakeWork;
  /** Somebody presses Interrupt on the web page. */
  pressInterrupt(): void;
  wrongSize(): void;
  /** What lies in its folders, and whether a look is needed to see it. */
  holds(change: {
    readonly loras?: readonly string[];
    readonly unseen?: readonly string[];
    readonly models?: readonly string[];
    /** What headers of LoRAs say, by name. */
    readonly headers?: Readonly<Record<string, object>>;
    readonly options?: Readonly<Record<string, unknown>>;
  }): void;
  /** Pictures are made without any LoRA, or with another model, as happens. */
  drops(what: "lora" | "model"): void;
  /** What it lists for making pictures larger, as the real ones do it: by name, with the file or where it is fetched from. */
  upscalers(listed: unknown): void;
  /** What comes of making one larger from now on. */
  enlargesTo(png: Uint8Array): void;
  /** The next picture fails so. */
  failing(how: "memory" | "no_model" | "nothing"): void;
}

export async function openFakeWebui(options: FakeWebuiOptions): Promise<FakeWebui> {
  const { flavour } = options;
  const page = flavour !== "sdnext" && options.page !== false;
  const lock = oneAtATime();
  const { work, running, add, interrupt } = lock;
  const on = { wrong: false, failing: undefined as string | undefined, drops: new Set<string>() };
  let loras = ["rca", "other"];
  let unseen: readonly string[] = [];
  let headers: Readonly<Record<string, object>> = {};
  let upscalers: unknown = UPSCALERS;
  let made: Uint8Array | undefined;
  let models: readonly string[] = ["flux1-dev.safetensors [abc123]", "sd15.safetensors [def456]"];
  let settings: Record<string, unknown> = {
    sd_model_checkpoint: models[0],
    show_progress_every_n_steps: 10,
    enable_prompt_comments: true,
    lora_add_hashes_to_infotext: true,
    sd_lora: "None",
    some_service_key: "canary-7f3d0a55e1",
  };
  if (flavour === "reforge") settings = { ...settings, reforge_karras_rho: 7 };
  if (flavour === "sdnext") settings = { sd_model_checkpoint: "flux1-dev", lora_add_hashes_to_infotext: false };

  const usedLoras = (prompt: string) =>
    on.drops.has("lora")
      ? []
      : [...prompt.matchAll(/<lora:([^:>]+):/g)].flatMap(([, name = ""]) => (loras.includes(name) ? [name] : []));
  const modelFor = (body: Readonly<Record<string, unknown>>) => {
    const override = (body["override_settings"] as { sd_model_checkpoint?: string } | undefined)?.sd_model_checkpoint;
    const wanted = models.find((title) => override !== undefined && title.startsWith(override.replace(/ \[.*/, "")));
    const title = on.drops.has("model") ? models.at(-1) : (wanted ?? models[0]);
    return (title ?? "").replace(/\.\w+( \[.*)?$/, "");
  };
  function infoOf(body: Readonly<Record<string, unknown>>): unknown {
    const names = usedLoras(String(body["prompt"]));
    const params =
      names.length === 0
        ? {}
        : flavour === "sdnext"
          ? { "LoRA networks": names.join(", ") }
          : { "Lora hashes": names.map((name) => `${name}: 0123456789ab`).join(", ") };
    return { seed: body["seed"], sd_model_name: modelFor(body), extra_generation_params: params };
  }
  const sizeOf = (body: Readonly<Record<string, unknown>>) => {
    const [width, height] = [Number(body["width"]), Number(body["height"])];
    return [on.wrong ? width - 64 : width, height] as const;
  };
  const drawn = (body: Readonly<Record<string, unknown>>, partial: boolean) => {
    const { force_task_id: _own, ...counts } = body;
    return Buffer.from(tinyPng(...sizeOf(body), JSON.stringify([counts, partial])));
  };

  async function make({ body }: { readonly body: unknown }): Promise<FakeAnswer> {
    const checked = body as Readonly<Record<string, unknown>>;
    const wrongStart = await startComplaint(checked, flavour);
    if (wrongStart) return wrongStart;
    const own = add(checked, true, String(checked["force_task_id"] ?? `w${work.length + 1}`));
    await own.ended;
    const how = on.failing;
    on.failing = undefined;
    if (how === "memory") return error(500, { error: "OutOfMemoryError", errors: "CUDA out of memory. /srv/x" });
    if (how === "no_model") return error(500, { error: "AttributeError", errors: "'NoneType' object /srv/x" });
    if (how === "nothing") return { json: { images: [], parameters: {}, info: "" } };
    const image = drawn(checked, own.state === "cancelled").toString("base64");
    return { json: { images: [image], parameters: { prompt: "echo" }, info: JSON.stringify(infoOf(checked)) } };
  }

  const state = () => {
    const now = running();
    const body = now?.body ?? {};
    return {
      job: now ? (flavour === "sdnext" ? "API-TXT" : "scripts_txt2img") : "",
      job_count: now ? 1 : 0,
      job_no: 0,
      job_timestamp: "20260101000000",
      skipped: false,
      interrupted: lock.interrupted(),
      stopping_generation: false,
      sampling_step: now ? 1 : 0,
      sampling_steps: Number(body["steps"] ?? 0),
    };
  };
  const preview = () => Buffer.from(tinyPng(64, 64, "unfinished")).toString("base64");

  const routes: FakeRoute[] = [
    {
      method: "GET",
      path: "/sdapi/v1/progress",
      exchange: "progress",
      handle: ({ query }) => ({
        json: {
          progress: running() ? 0.25 : 0,
          eta_relative: 0,
          state: state(),
          current_image: running() && query.get("skip_current_image") !== "true" ? preview() : null,
          textinfo: null,
        },
      }),
    },
    {
      method: "POST",
      path: "/sdapi/v1/interrupt",
      exchange: "interrupt",
      handle() {
        interrupt();
        return { json: {} };
      },
    },
    { method: "GET", path: "/sdapi/v1/options", exchange: "options", handle: () => ({ json: settings }) },
    { method: "GET", path: "/sdapi/v1/memory", exchange: "health", handle: () => ({ json: { ram: {}, cuda: {} } }) },
    {
      method: "GET",
      path: "/sdapi/v1/loras",
      exchange: "loras",
      handle: () => ({
        json: loras.map((name) => ({
          name,
          alias: `${name} alias`,
          path: `/srv/${name}.safetensors`,
          metadata: headers[name] ?? {},
        })),
      }),
    },
    {
      method: "POST",
      path: "/sdapi/v1/refresh-loras",
      exchange: "refresh",
      handle() {
        loras = [...loras, ...unseen];
        unseen = [];
        return { json: null };
      },
    },
    {
      method: "GET",
      path: "/sdapi/v1/sd-models",
      exchange: "models",
      handle: () => ({ json: models.map((title) => ({ title, model_name: title.replace(/\..*/, ""), hash: null })) }),
    },
    { method: "GET", path: "/sdapi/v1/upscalers", exchange: "upscalers", handle: () => ({ json: upscalers }) },
    {
      method: "POST",
      path: "/sdapi/v1/extra-single-image",
      exchange: "enlarge",
      body: enlargeBody,
      handle: ({ body }) => enlargedBy(body as Readonly<Record<string, unknown>>, { lock, upscalers, made }),
    },
    { method: "POST", path: "/sdapi/v1/txt2img", exchange: "make", body: bodyFor(options, false), handle: make },
    { method: "POST", path: "/sdapi/v1/img2img", exchange: "make", body: bodyFor(options, true), handle: make },
  ];
  if (page)
    routes.push({
      method: "POST",
      path: "/internal/progress",
      exchange: "task",
      body: z.strictObject({ id_task: z.string(), id_live_preview: z.int(), live_preview: z.boolean() }),
      handle({ body }) {
        const { id_task, id_live_preview } = body as { id_task: string; id_live_preview: number };
        const own = work.find(({ id }) => id === id_task);
        const active = own?.state === "running";
        const waiting = work.filter((each) => each.state === "waiting");
        const exchange = own ? waiting.indexOf(own) : -1;
        return {
          json: {
            active,
            queued: exchange >= 0,
            completed: own?.state === "done" || own?.state === "cancelled",
            progress: active ? 0.25 : null,
            eta: null,
            live_preview: active && id_live_preview !== 1 ? `data:image/png;base64,${preview()}` : null,
            id_live_preview: active ? 1 : -1,
            textinfo: active ? null : exchange >= 0 ? `In queue: ${exchange + 1}/${waiting.length}` : "Waiting...",
          },
        };
      },
    });
  if (flavour === "sdnext") {
    routes.push({
      method: "GET",
      path: "/sdapi/v1/status",
      exchange: "openapi",
      handle: () => ({ json: { status: "idle", task: "", steps: 0, step: 0 } }),
    });
    routes.push({
      method: "GET",
      path: "/sdapi/v1/loaded-loras",
      exchange: "loaded",
      handle: () => ({ json: usedLoras(String(work.at(-1)?.body["prompt"] ?? "")) }),
    });
    if (options.jobs) routes.push(...jobRoutes(lock, (body) => drawn(body, false)));
  }
  const apiOff = options.api === false;
  const described = flavour !== "sdnext" || options.docs === true;
  const server = await openFakeServer(
    [
      ...(described
        ? [
            {
              method: "GET" as const,
              path: "/openapi.json",
              exchange: "openapi",
              handle: () => ({ json: openApi({ flavour, page, api: !apiOff, jobs: options.jobs === true }) }),
            },
          ]
        : []),
      ...(apiOff ? [] : routes),
    ],
    {
      guard({ path, headers }) {
        if (options.signIn === undefined || path === "/openapi.json" || path.startsWith("/internal/")) return undefined;
        const right = `Basic ${Buffer.from(options.signIn).toString("base64")}`;
        return headers.authorization === right
          ? undefined
          : error(401, { error: "HTTPException", detail: "Incorrect username or password" });
      },
    },
  );

  return {
    ...server,
    work,
    takes: lock.takes,
    finish: () => running()?.end(),
    foreign: () => add({ prompt: "somebody else's", steps: 20 }, false),
    pressInterrupt: interrupt,
    wrongSize() {
      on.wrong = true;
    },
    holds(change) {
      loras = [...(change.loras ?? loras)];
      unseen = change.unseen ?? unseen;
      models = change.models ?? models;
      headers = change.headers ?? headers;
      settings = { ...settings, ...change.options };
    },
    drops: (what) => void on.drops.add(what),
    upscalers(listed) {
      upscalers = listed;
    },
    enlargesTo(png) {
      made = png;
    },
    failing(how) {
      on.failing = how;
    },
    close() {
      lock.close();
      return server.close();
    },
  };
}

const error = (status: number, parts: { error: string; detail?: string; errors?: string }): FakeAnswer => ({
  json: { detail: "", body: "the prompt itself", errors: "", ...parts },
  status,
});

/** SD.Next takes the size of the picture it starts from, whatever was asked for: one of another size is our mistake. */
async function startComplaint(
  body: Readonly<Record<string, unknown>>,
  flavour: FakeFlavour,
): Promise<FakeAnswer | undefined> {
  const [start] = (body["init_images"] ?? []) as readonly string[];
  if (start === undefined) return undefined;
  const facts = await sharp(Buffer.from(start, "base64"))
    .metadata()
    .catch(() => undefined);
  if (!facts) return error(500, { error: "HTTPException", detail: "Invalid encoded image" });
  if (flavour === "sdnext" && (facts.width !== body["width"] || facts.height !== body["height"]))
    return error(500, { error: "SizeError" });
  return undefined;
}
