import type { tinyPng } from "../../src/backends/fake/png.ts";
import { configOf, type GradioApp, galleryApp, infoOf } from "./gradio-app.ts";
import { untilStopped } from "./gradio-parts.ts";
import { cancelBody, createGradioQueue, type JobState, joinBody } from "./gradio-queue.ts";
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeRoute,
  type FakeServer,
  multipart,
  openFakeServer,
} from "./http-server.ts";

export interface GradioFake
  extends Pick<FakeServer, "url" | "requests" | "fail" | "struck" | "heal" | "connections" | "close"> {
  /** Runs of the model, oldest first; selections are not among them. `selected`: the session's LoRA when it began. */
  jobs(): readonly { readonly data: readonly unknown[]; readonly selected: number | null; readonly state: JobState }[];
  /** Every step takes this long from now on. */
  stepsTake(ms: number): void;
  /** The next runs end with this error; `null` as Gradio hides one. */
  sayNo(error: string | null, title?: string, times?: number): void;
  /** Logged at the start of every run from now on. */
  notice(log: string, title?: string, level?: "info" | "warning"): void;
  /** Another program's job is at work; `finish` ends it. */
  foreign(): { state(): JobState; finish(): void };
  /** The process starts anew: sessions, jobs and streams are gone. */
  restart(): void;
  /** The next runs find that their session has lost its selection. */
  forgetSelection(times: number): void;
  wrongSize(): void;
  /** Somebody at the Space ends the jobs that run. */
  endRunning(): void;
  /** What the Hub says of the Space. Other than RUNNING, the Space itself shows the Hub's page. */
  stage(stage: string): void;
  readonly uploads: readonly Uint8Array[];
  /** Pictures are named at this address from now on, and are not there. */
  filesAt(url: string): void;
  /** Every run sends this into its stream, as it is; EVENT stands for its id. */
  raw(text: string): void;
  /** Joins of runs are taken and not answered, until the returned function is called. */
  holdJoins(): () => void;
}

export interface GradioFakeOptions {
  readonly app?: GradioApp;
  /** The Space is private: everything wants this token. */
  readonly token?: string;
  /** Runs at once. Default 1, as in Gradio. */
  readonly concurrency?: number;
  /** Waiting jobs the queue takes. Default: any number. */
  readonly maxSize?: number;
  /** owner/name on the fake Hub, which lives at the same address. */
  readonly spaceId?: string;
  /** As the Hub's `loras.json`. Default: the app's own. */
  readonly lorasJson?: unknown;
  /** Default: small two-colour pictures. */
  readonly draw?: typeof tinyPng;
}

/**
 * A Gradio server of protocol sse_v3 with a Space of the gallery family, and the Hub that knows it. Written from BACKENDS
 * reference, 5, and compared with Gradio 6.31, answer by answer.
 */
export async function openGradio(options: GradioFakeOptions = {}): Promise<GradioFake> {
  const app = options.app ?? galleryApp;
  const files = new Map<string, Uint8Array>();
  const uploads: Uint8Array[] = [];
  let stage = "RUNNING";
  let joinsHeld = Promise.resolve();
  const queue = createGradioQueue({
    app,
    concurrency: options.concurrency ?? 1,
    maxSize: options.maxSize,
    root: () => server.url,
    files,
    draw: options.draw,
  });

  function guard({ headers, path }: FakeRequest): FakeAnswer | undefined {
    const onHub = path.startsWith("/api/spaces/") || path.startsWith("/spaces/");
    if (onHub && !path.includes(`/spaces/${options.spaceId}/`))
      return { json: { error: "Repository not found" }, status: 404 };
    // The gate of a private Space answers so, whatever is behind it.
    if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`)
      return { json: { detail: "Not authenticated" }, status: 401 };
    if (!onHub && stage !== "RUNNING") return { text: "<html>This Space is sleeping</html>", status: 503 };
    return undefined;
  }

  async function keepUpload(request: FakeRequest): Promise<FakeAnswer> {
    const file = (await multipart(request)).get("files");
    if (!(file instanceof File)) return { json: { detail: "no file" }, status: 422 };
    uploads.push(new Uint8Array(await file.arrayBuffer()));
    return { json: [`/tmp/gradio/upload/${uploads.length}/${file.name}`] };
  }

  function fileOf({ params }: FakeRequest): FakeAnswer {
    const bytes = files.get(`${params["job"]}/${params["name"]}`);
    return bytes ? { bytes, mime: "image/png" } : { json: { detail: "File not allowed: /tmp" }, status: 403 };
  }

  const get = (path: string, exchange: string, handle: FakeRoute["handle"]): FakeRoute => ({
    method: "GET",
    path,
    exchange,
    handle,
  });
  const events = (parts: AsyncIterable<string>): FakeAnswer => ({ stream: parts, mime: "text/event-stream" });
  const server = await openFakeServer(
    [
      get("/config", "config", () => ({ json: configOf(app, server.url, options.spaceId ?? null) })),
      get("/gradio_api/info", "info", () => ({ json: infoOf(app) })),
      get("/gradio_api/heartbeat/:session", "heartbeat", ({ gone }) => events(alive(gone))),
      get("/gradio_api/queue/data", "data", (request) => events(queue.stream(request))),
      get("/gradio_api/file=/tmp/gradio/:job/:name", "file", fileOf),
      { method: "POST", path: "/gradio_api/upload", exchange: "upload", handle: keepUpload },
      {
        method: "POST",
        path: "/gradio_api/queue/join",
        exchange: "join",
        body: joinBody,
        async handle({ body }) {
          const answer = queue.join(joinBody.parse(body));
          if (queue.isRun(joinBody.parse(body).fn_index)) await joinsHeld;
          return answer;
        },
      },
      {
        method: "POST",
        path: "/gradio_api/cancel",
        exchange: "cancel",
        body: cancelBody,
        handle: ({ body }) => queue.cancel(cancelBody.parse(body)),
      },
      get("/api/spaces/:owner/:name/host", "host", () => ({ json: { host: server.url } })),
      get("/api/spaces/:owner/:name/runtime", "runtime", () => ({
        json: { stage, hardware: { current: "zero-a10g" } },
      })),
      get("/spaces/:owner/:name/resolve/main/loras.json", "loras", () => ({ json: options.lorasJson ?? app.loras })),
    ],
    { guard },
  );

  return {
    url: server.url,
    requests: server.requests,
    fail: server.fail,
    struck: server.struck,
    heal: server.heal,
    connections: server.connections,
    jobs: queue.runs,
    stepsTake(ms) {
      queue.mood.stepMs = ms;
    },
    sayNo(error, title = "Error", times = 1) {
      queue.mood.noes.push(...Array.from({ length: times }, () => ({ error, title })));
    },
    notice: (log, title = "ZeroGPU queue", level = "info") => void queue.mood.notices.push({ log, title, level }),
    foreign: queue.foreign,
    restart: queue.restart,
    forgetSelection(times) {
      queue.mood.forget = times;
    },
    wrongSize() {
      queue.mood.growPx = -64;
    },
    endRunning: queue.endRunning,
    stage(next) {
      stage = next;
    },
    uploads,
    filesAt(url) {
      queue.mood.filesAt = url;
    },
    raw(text) {
      queue.mood.raw = text;
    },
    holdJoins() {
      const { promise, resolve } = Promise.withResolvers<void>();
      joinsHeld = promise;
      return resolve;
    },
    async close() {
      queue.close();
      await server.close();
    },
  };
}

async function* alive(gone: AbortSignal): AsyncGenerator<string> {
  yield "data: ALIVE\n\n";
  await untilStopped(gone);
}
