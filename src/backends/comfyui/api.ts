import { FormData } from "undici";
import { text } from "../../domain/text.ts";
import type { Clock } from "../../lib/clock.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";
import { createHttp, type HttpRequest, parseJson } from "../shared/http.ts";
import { NAME, refusalOf, refused } from "./errors.ts";
import type { Graph } from "./node.ts";
import type { HostAddress } from "./settings.ts";
import type { ConcurrencyLimit } from "./wait.ts";
import {
  cancelledSchema,
  type HistoryEntry,
  historySchema,
  type Metadata,
  metadataSchema,
  type NodeInfo,
  namesSchema,
  nodeInfoSchema,
  type Queue,
  queueSchema,
  type SavedImage,
  type Stats,
  statsSchema,
  submittedSchema,
  uploadedSchema,
} from "./wire.ts";

export type ModelFolder = "loras" | "diffusion_models" | "checkpoints" | "text_encoders" | "vae" | "upscale_models";

/** The calls to one ComfyUI server. Every one: @throws BackendError, or the signal's reason */
export interface Api {
  stats(signal: AbortSignal): Promise<Stats>;
  names(folder: ModelFolder, signal: AbortSignal): Promise<readonly string[]>;
  /** What the header of a safetensors file says in words; `undefined`: nothing, or there is no such file. */
  metadata(folder: ModelFolder, name: string, signal: AbortSignal): Promise<Metadata | undefined>;
  /** What a class of nodes takes; `undefined`: there is none of this name. */
  node(classType: string, signal: AbortSignal): Promise<NodeInfo | undefined>;
  queue(signal: AbortSignal): Promise<Queue>;
  /** `undefined` while it waits or runs, and when it is not known. */
  history(id: string, signal: AbortSignal): Promise<HistoryEntry | undefined>;
  /** Resolves once the server has all of it in its queue. A partly refused graph is taken back. */
  submit(id: string, graph: Graph, clientId: string, signal: AbortSignal): Promise<void>;
  /** Takes exactly this job out of the queue, or stops it. Does nothing to a job that has ended or never was. */
  cancel(id: string, signal: AbortSignal): Promise<void>;
  /** @returns the name for a LoadImage node */
  upload(png: Uint8Array, name: string, signal: AbortSignal): Promise<string>;
  picture(image: SavedImage, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

const SMALL = { timeoutMs: 5000, maxBytes: 4 * 1024 * 1024 } as const;
/** The queue and the history hold whole graphs, other programs' too. */
const GRAPHS = { timeoutMs: 5000, maxBytes: 32 * 1024 * 1024 } as const;
/** The server reads the heads of all models that the graph names before it answers. */
const SUBMIT_TIMEOUT_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 60_000;
const PICTURE_TIMEOUT_MS = 60_000;
const SUBFOLDER = "placard";

export function createApi(
  { url, headers }: Pick<HostAddress, "url" | "headers">,
  concurrencyLimit: ConcurrencyLimit,
  clock: Clock,
): Api {
  const http = createHttp({ backend: NAME, baseUrl: url, headers, explain: refusalOf, clock });
  /** 0.3.64 and older do not have it. */
  let hasJobs = true;

  /** Of calls that answer with nothing. */
  async function tell(request: HttpRequest): Promise<void> {
    const answer = await http.send(request);
    if (answer.status < 200 || answer.status > 299) throw http.errorOf(answer);
  }

  /** @returns false where the server cannot say that the job is cancelled */
  async function cancelByJob(id: string, signal: AbortSignal): Promise<boolean> {
    if (!hasJobs) return false;
    const answer = await http.send({ method: "POST", path: `/api/jobs/${id}/cancel`, json: {}, signal, ...SMALL });
    if (answer.status === 404 || answer.status === 405) hasJobs = false;
    return answer.status === 200 && parseJson(NAME, cancelledSchema, answer.bytes).cancelled;
  }

  const api: Api = {
    stats: (signal) => http.json(statsSchema, { path: "/system_stats", signal, ...SMALL }),
    names: (folder, signal) => http.json(namesSchema, { path: `/models/${folder}`, signal, ...SMALL }),
    async metadata(folder, name, signal) {
      // Trainers write their whole settings into it, and the tags of every picture.
      const answer = await http.send({ path: `/view_metadata/${folder}`, query: { filename: name }, signal, ...SMALL });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw http.errorOf(answer);
      return parseJson(NAME, metadataSchema, answer.bytes);
    },
    node: async (classType, signal) => {
      const path = `/object_info/${encodeURIComponent(classType)}`;
      const told = await http.json(nodeInfoSchema, { path, signal, ...SMALL });
      return Object.hasOwn(told, classType) ? told[classType] : undefined;
    },
    queue: (signal) => http.json(queueSchema, { path: "/queue", signal, ...GRAPHS }),
    history: async (id, signal) => (await http.json(historySchema, { path: `/history/${id}`, signal, ...GRAPHS }))[id],
    async submit(id, graph, clientId, signal) {
      const answer = await http.json(submittedSchema, {
        method: "POST",
        path: "/prompt",
        // Newer servers make previews for a prompt that asks for them; older ones take no notice.
        json: { prompt: graph, prompt_id: id, client_id: clientId, extra_data: { preview_method: "auto" } },
        signal,
        timeoutMs: SUBMIT_TIMEOUT_MS,
        maxBytes: SMALL.maxBytes,
      });
      if (answer.prompt_id !== id) {
        await api.cancel(answer.prompt_id, signal);
        throw new BackendError(NAME, "bad_response", "gave the job another id than ours", {
          memberText: { ...sentence("backend.error.too-old"), more: text("backend.operator.update") },
        });
      }
      // One good output is enough for status 200: the rest was dropped, and that is not the picture that was asked for.
      if (Object.keys(answer.node_errors).length > 0) {
        await api.cancel(id, signal);
        throw refused("partly refused", answer.node_errors);
      }
    },
    async cancel(id, signal) {
      if (await cancelByJob(id, signal).catch(() => false)) return;
      // Each does nothing in the other state; this order leaves no gap between waiting and running.
      const dropped = await settled(tell({ method: "POST", path: "/queue", json: { delete: [id] }, signal, ...SMALL }));
      await tell({ method: "POST", path: "/interrupt", json: { prompt_id: id }, signal, ...SMALL });
      if (dropped) throw dropped.error;
    },
    async upload(png, name, signal) {
      const form = new FormData();
      form.set("image", new Blob([Buffer.from(png)], { type: "image/png" }), name);
      form.set("type", "input");
      form.set("subfolder", SUBFOLDER);
      form.set("overwrite", "true");
      const saved = await http.json(uploadedSchema, {
        method: "POST",
        path: "/upload/image",
        form,
        signal,
        timeoutMs: UPLOAD_TIMEOUT_MS,
        maxBytes: SMALL.maxBytes,
      });
      return saved.subfolder === "" ? saved.name : `${saved.subfolder}/${saved.name}`;
    },
    picture: ({ filename, subfolder, type }, signal) =>
      concurrencyLimit(
        () =>
          http.picture({ path: "/view", query: { filename, subfolder, type }, signal, timeoutMs: PICTURE_TIMEOUT_MS }),
        signal,
      ),
    close: () => http.close(),
  };
  return api;
}

const settled = (work: Promise<void>): Promise<{ readonly error: unknown } | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
