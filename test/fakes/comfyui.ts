import { randomUUID } from "node:crypto";
import { z } from "zod";
import { checkGraph, type FakeGraph, graphSchema } from "./comfyui/check.ts";
import { type Folder, folders, nodeInfoOf } from "./comfyui/nodes.ts";
import type { Size } from "./comfyui/plan.ts";
import { openSockets } from "./comfyui/sockets.ts";
import { createWorker, type FakeJob, foreignGraph, type JobState, type Pace, plainPicture } from "./comfyui/worker.ts";
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeServer,
  type Fault,
  multipart,
  openFakeServer,
} from "./http-server.ts";

export interface FakeComfyuiOptions {
  readonly version?: string;
  /** Has /api/jobs, wants UUIDs as prompt ids, makes previews for prompts that ask. */
  readonly isNewer?: boolean;
  readonly files?: Partial<Record<Folder, readonly string[]>>;
  /** What headers say, by file name. */
  readonly metadata?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** As started with `--preview-method auto`. Default true. */
  readonly previews?: boolean;
  /** Every request must carry this Authorization header. */
  readonly authorization?: string;
  readonly picture?: (size: Size, key: string) => Uint8Array;
}

export interface FakeComfyui
  extends Pick<FakeServer, "url" | "requests" | "connections" | "close" | "heal" | "struck"> {
  /** Exchanges: stats, models, headers, nodes, upload, prompt, queue, history, view, cancel, socket. */
  fail(exchange: string, fault: Fault, times?: number): void;
  readonly pace: Pace;
  /** Everything that was submitted here, oldest first. */
  jobs(): readonly Readonly<FakeJob>[];
  /** Steps wait until the returned function is called. */
  hold(): () => void;
  /** Submissions are on their way, and not there yet, until the returned function is called. */
  holdSubmits(): () => void;
  /** Another program's job. Without a client id, as scripts send them, its messages go to everybody. */
  foreign(options?: { readonly steps?: number; readonly clientId?: string; readonly graph?: FakeGraph }): {
    readonly id: string;
    state(): JobState;
  };
  /** The process ends; nothing answers until `up`. */
  crash(): { up(): void };
  /** Somebody removes or interrupts a job in ComfyUI's own window. */
  removeJob(id: string): void;
  dropSockets(): void;
  readonly sockets: () => number;
  /** From now on nodes of this class throw. */
  breakAt(classType: string, error: { readonly type: string; readonly message: string }): void;
  /** Pictures come out in this size. */
  wrongSize(size: Size): void;
  addFile(folder: Folder, name: string): void;
  removeFile(folder: Folder, name: string): void;
  /** Names of uploads. */
  uploads(): readonly string[];
}

export const FAKE_FILES: Readonly<Record<Folder, readonly string[]>> = {
  diffusion_models: ["flux1-dev.safetensors", "flux1-fill-dev.safetensors"],
  checkpoints: ["v1-5-pruned-emaonly.safetensors"],
  text_encoders: ["clip_l.safetensors", "t5xxl_fp16.safetensors", "umt5_xxl_fp8.safetensors"],
  vae: ["ae.safetensors", "sdxl_vae.safetensors"],
  loras: ["posters/RCA_v2.safetensors", "other.safetensors"],
  upscale_models: ["1xDeJPG.pth", "4x-UltraSharp.pth", "RealESRGAN_x4plus.pth"],
};

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const promptSchema = z.strictObject({
  prompt: graphSchema,
  client_id: z.string().optional(),
  prompt_id: z.string().optional(),
  extra_data: z.strictObject({ preview_method: z.enum(["auto", "latent2rgb", "taesd", "none"]).optional() }).optional(),
  number: z.number().optional(),
  front: z.boolean().optional(),
});

/**
 * ComfyUI as a strict small server: refuses graphs and fields the real one refuses (and unknown inputs, which the real one
 * overlooks), works through its queue one by one, caches, forgets at a crash. Written from the BACKENDS reference, 6, and
 * ComfyUI 0.3.64.
 */
export async function openFakeComfyui(options: FakeComfyuiOptions = {}): Promise<FakeComfyui> {
  const files = Object.fromEntries(
    folders.map((folder) => [folder, [...(options.files?.[folder] ?? FAKE_FILES[folder])]]),
  ) as Record<Folder, string[]>;
  const stored = new Map<string, Uint8Array>();
  const pace: Pace = { stepMs: 0, loadMs: 0, historyLagMs: 0, gate: undefined };
  let broken: { readonly classType: string; readonly type: string; readonly message: string } | undefined;
  let forcedSize: Size | undefined;
  let submitGate: Promise<void> | undefined;

  const sockets = await openSockets({ authorization: options.authorization, status: () => worker.remaining() });
  const worker = createWorker({
    pace,
    say: sockets.say,
    show(clientId, promptId, node) {
      if (options.previews !== false || options.isNewer) sockets.show(clientId, promptId, node);
    },
    upload: (name) => stored.get(`input/${name}`),
    save: (folder, name, bytes) => void stored.set(`${folder}/${name}`, bytes),
    picture: (size, key) => (options.picture ?? plainPicture)(forcedSize ?? size, key),
    breaksAt: (classType) => (broken?.classType === classType ? broken : undefined),
  });

  const refuse = (error: object, nodeErrors: object = {}): FakeAnswer => ({
    json: { error, node_errors: nodeErrors },
    status: 400,
  });

  function submit(body: z.output<typeof promptSchema>): FakeAnswer {
    const id = body.prompt_id ?? randomUUID();
    if (options.isNewer && !UUID.test(id))
      return refuse({
        type: "invalid_prompt_id",
        message: "prompt_id must be a valid UUID",
        details: "",
        extra_info: {},
      });
    const checked = checkGraph(body.prompt, { files, hasUpload: (name) => stored.has(`input/${name}`) });
    if (!checked.ok) return refuse(checked.error, checked.nodeErrors);
    const job = worker.put(
      {
        id,
        graph: body.prompt,
        clientId: body.client_id,
        extraData: body.extra_data ?? {},
        outputs: checked.outputs,
      },
      {
        ...(body.number === undefined ? {} : { number: body.number }),
        ...(body.front === undefined ? {} : { front: body.front }),
      },
    );
    return { json: { prompt_id: id, number: job.number, node_errors: checked.nodeErrors } };
  }

  async function upload(request: FakeRequest): Promise<FakeAnswer> {
    const form = await multipart(request);
    const image = form.get("image");
    const unknown = [...form.keys()].filter((key) => !["image", "type", "subfolder", "overwrite"].includes(key));
    if (!(image instanceof File) || image.name === "" || unknown.length > 0) return { text: "", status: 400 };
    const subfolder = String(form.get("subfolder") ?? "");
    if (/\.\.|^\//.test(`${subfolder}/${image.name}`)) return { text: "", status: 400 };
    const type = String(form.get("type") ?? "input");
    stored.set(
      `${type}/${subfolder === "" ? "" : `${subfolder}/`}${image.name}`,
      new Uint8Array(await image.arrayBuffer()),
    );
    return { json: { name: image.name, subfolder, type } };
  }

  function view({ query }: FakeRequest): FakeAnswer {
    const [filename, subfolder = ""] = [query.get("filename"), query.get("subfolder") ?? ""];
    if (!filename || /\.\.|^\//.test(filename)) return { text: "", status: 400 };
    const bytes = stored.get(`${query.get("type") ?? "output"}/${subfolder === "" ? "" : `${subfolder}/`}${filename}`);
    return bytes ? { bytes, mime: "image/png" } : { text: "", status: 404 };
  }

  const nothing: FakeAnswer = { text: "" };
  const server = await openFakeServer(
    [
      { method: "GET", path: "/system_stats", exchange: "stats", handle: () => ({ json: statsOf(options) }) },
      {
        method: "GET",
        path: "/models/:folder",
        exchange: "models",
        handle: ({ params }) => {
          const list = files[params["folder"] as Folder];
          return list ? { json: list } : { text: "", status: 404 };
        },
      },
      {
        method: "GET",
        path: "/view_metadata/:folder",
        exchange: "headers",
        handle({ params, query }) {
          const name = query.get("filename") ?? "";
          const held = files[params["folder"] as Folder]?.includes(name) && name.endsWith(".safetensors");
          const told = held ? options.metadata?.[name] : undefined;
          return told ? { json: told } : { text: "", status: 404 };
        },
      },
      {
        method: "GET",
        path: "/object_info/:name",
        exchange: "nodes",
        handle: ({ params }) => ({ json: nodeInfoOf(params["name"] ?? "", files) }),
      },
      { method: "POST", path: "/upload/image", exchange: "upload", handle: upload },
      {
        method: "POST",
        path: "/prompt",
        exchange: "prompt",
        body: promptSchema,
        handle: async ({ body }) => {
          await submitGate;
          return submit(body as z.output<typeof promptSchema>);
        },
      },
      { method: "GET", path: "/queue", exchange: "queue", handle: () => ({ json: worker.queue() }) },
      {
        method: "POST",
        path: "/queue",
        exchange: "cancel",
        body: z.strictObject({ delete: z.array(z.string()) }),
        handle: ({ body }) => {
          for (const id of (body as { readonly delete: readonly string[] }).delete) worker.drop(id);
          return nothing;
        },
      },
      {
        method: "POST",
        path: "/interrupt",
        exchange: "cancel",
        // The real one takes a body without an id for "whatever runs": never ours to send.
        body: z.strictObject({ prompt_id: z.string().min(1) }),
        handle: ({ body }) => {
          worker.interrupt((body as { readonly prompt_id: string }).prompt_id);
          return nothing;
        },
      },
      {
        method: "GET",
        path: "/history/:id",
        exchange: "history",
        handle: ({ params }) => {
          const entry = worker.history.get(params["id"] ?? "");
          return { json: entry ? { [params["id"] ?? ""]: entry } : {} };
        },
      },
      { method: "GET", path: "/view", exchange: "view", handle: view },
      ...(options.isNewer
        ? [
            {
              method: "POST" as const,
              path: "/api/jobs/:id/cancel",
              exchange: "cancel",
              handle: ({ params }: FakeRequest): FakeAnswer => {
                const id = params["id"] ?? "";
                return { json: { cancelled: worker.drop(id) || worker.interrupt(id) } };
              },
            },
          ]
        : []),
    ],
    {
      // Malformed bodies end in a stack trace there; the text is all a client gets.
      refuse: () => ({ text: "500 Internal Server Error\n\nServer got itself in trouble", status: 500 }),
      missing: { text: "405: Method Not Allowed", status: 405 },
      guard(request) {
        if (options.authorization !== undefined && request.headers.authorization !== options.authorization)
          return { text: "<html>401</html>", status: 401 };
        // A browser page would send one of another host.
        return request.headers["origin"] === undefined ? undefined : { text: "", status: 403 };
      },
    },
  );

  server.onUpgrade(sockets.upgrade);

  return {
    url: server.url,
    requests: server.requests,
    connections: server.connections,
    pace,
    jobs: () => worker.jobs,
    fail(exchange, fault, times) {
      if (exchange === "socket") sockets.fail(fault);
      else server.fail(exchange, fault, times);
    },
    struck: (exchange) => (exchange === "socket" ? sockets.struck() : server.struck(exchange)),
    heal() {
      sockets.fail(undefined);
      server.heal();
    },
    hold() {
      const gate = Promise.withResolvers<void>();
      pace.gate = gate.promise;
      return () => {
        pace.gate = undefined;
        gate.resolve();
      };
    },
    holdSubmits() {
      const gate = Promise.withResolvers<void>();
      submitGate = gate.promise;
      return gate.resolve;
    },
    foreign({ steps = 1000, clientId, graph = foreignGraph(steps) } = {}) {
      const job = worker.put({ id: randomUUID(), graph, clientId, extraData: {}, outputs: ["91"] });
      return { id: job.id, state: () => job.state };
    },
    crash() {
      worker.forgetAll();
      sockets.drop();
      sockets.fail("refuse");
      for (const exchange of ["stats", "models", "headers", "upload", "prompt", "queue", "history", "view", "cancel"])
        server.fail(exchange, "refuse");
      return {
        up() {
          sockets.fail(undefined);
          server.heal();
        },
      };
    },
    removeJob(id) {
      if (!worker.drop(id)) worker.interrupt(id);
    },
    dropSockets: sockets.drop,
    sockets: sockets.count,
    breakAt: (classType, error) => {
      broken = { classType, ...error };
    },
    wrongSize(size) {
      forcedSize = size;
    },
    addFile: (folder, name) => void files[folder].push(name),
    removeFile(folder, name) {
      files[folder] = files[folder].filter((each) => each !== name);
    },
    uploads: () => [...stored.keys()].filter((key) => key.startsWith("input/")),
    async close() {
      sockets.drop();
      worker.forgetAll();
      await server.close();
    },
  };
}

const statsOf = ({ version = "0.3.64", previews = true }: FakeComfyuiOptions) => ({
  system: {
    os: "posix",
    ram_total: 1,
    ram_free: 1,
    comfyui_version: version,
    python_version: "3.12",
    pytorch_version: "2.8.0",
    embedded_python: false,
    argv: ["/home/somebody/ComfyUI/main.py", ...(previews ? ["--preview-method", "auto"] : [])],
  },
  devices: [{ name: "cuda:0 NVIDIA GeForce RTX 3060", type: "cuda", index: 0, vram_total: 1, vram_free: 1 }],
});
