import { randomUUID } from "node:crypto";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import { sniffImage } from "../../../src/lib/image-kind.ts";
import { withPngText } from "../../../src/lib/png.ts";
import type { FakeGraph } from "./check.ts";
import { fingerprint, inOrder, type Size, sizeOf, stepsOf } from "./plan.ts";

export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";

export interface FakeJob {
  readonly id: string;
  readonly number: number;
  readonly graph: FakeGraph;
  readonly clientId: string | undefined;
  readonly extraData: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  readonly receivedAtMs: number;
  state: JobState;
  /** When its end could first be seen in the history. */
  endedAtMs?: number;
}

export interface Pace {
  stepMs: number;
  /** Reading a model file, without a word meanwhile. */
  loadMs: number;
  historyLagMs: number;
  /** Every step waits for it. */
  gate: Promise<void> | undefined;
}

export interface WorkerDeps {
  readonly pace: Pace;
  readonly say: (clientId: string | undefined, type: string, data: object) => void;
  readonly show: (clientId: string | undefined, promptId: string, node: string) => void;
  readonly upload: (name: string) => Uint8Array | undefined;
  readonly save: (folder: string, name: string, bytes: Uint8Array) => void;
  readonly picture: (size: Size, key: string) => Uint8Array;
  /** What a node throws instead of working. */
  readonly breaksAt: (classType: string) => { readonly type: string; readonly message: string } | undefined;
}

interface Saved {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: "output" | "temp";
}
type Message = readonly [string, Readonly<Record<string, unknown>>];
export interface Entry {
  readonly prompt: readonly unknown[];
  readonly outputs: Readonly<Record<string, { readonly images: readonly Saved[] }>>;
  readonly status: { readonly status_str: string; readonly completed: boolean; readonly messages: readonly Message[] };
  readonly meta: object;
}

/** One process: a queue by number, one job at a time, a cache of the last graph, and a history in memory. */
export function createWorker(deps: WorkerDeps) {
  const queue: FakeJob[] = [];
  const jobs: FakeJob[] = [];
  const history = new Map<string, Entry>();
  /** Saved pictures by fingerprint of their node; nodes without pictures too. */
  let cache = new Map<string, readonly Saved[]>();
  let running: FakeJob | undefined;
  let counter = 0;
  let saved = 0;
  let isInterrupted = false;
  let wakeUp = Promise.withResolvers<void>();
  /** Rises with each restart: what an earlier process was doing never happened. */
  let life = 0;

  const remaining = () => ({
    status: { exec_info: { queue_remaining: queue.length + (running ? 1 : 0) } },
  });
  const queueChanged = () => deps.say(undefined, "status", remaining());

  async function work(): Promise<void> {
    const mine = life;
    while (life === mine) {
      const job = queue.toSorted((a, b) => a.number - b.number)[0];
      if (!job) {
        running = undefined;
        return;
      }
      queue.splice(queue.indexOf(job), 1);
      running = job;
      job.state = "running";
      isInterrupted = false;
      queueChanged();
      await run(job, () => life !== mine);
    }
  }

  async function run(job: FakeJob, isOver: () => boolean): Promise<void> {
    const messages: Message[] = [];
    const told = (type: string, data: object) => {
      const message = { ...data, prompt_id: job.id, timestamp: Date.now() };
      messages.push([type, message]);
      deps.say(job.clientId, type, message);
    };
    const say = (type: string, data: object) => deps.say(job.clientId, type, { ...data, prompt_id: job.id });
    const prints = new Map<string, string>();
    const printOf = (id: string) => fingerprint(job.graph, id, prints);
    told("execution_start", {});
    const cached = Object.keys(job.graph).filter((id) => cache.has(printOf(id)));
    told("execution_cached", { nodes: cached });
    const outputs: Record<string, { images: readonly Saved[] }> = {};
    const next = new Map<string, readonly Saved[]>();
    let state: "success" | "error" | "interrupted" = "success";
    for (const id of inOrder(job.graph, job.outputs)) {
      const classType = job.graph[id]?.class_type ?? "";
      const known = cache.get(printOf(id));
      if (known === undefined) {
        say("progress_state", { nodes: { [id]: { value: 0, max: 1, state: "running" } } });
        say("executing", { node: id, display_node: id });
        const ended = await execute(job, id, say);
        if (isOver()) return;
        if (ended !== "done") {
          state = ended === "interrupted" ? "interrupted" : "error";
          const where = { node_id: id, node_type: classType, executed: [...next.keys()] };
          if (ended === "interrupted") told("execution_interrupted", where);
          else
            told("execution_error", {
              ...where,
              exception_type: ended.type,
              exception_message: ended.message,
              traceback: ['  File "/home/somebody/ComfyUI/execution.py", line 515, in execute\n'],
              current_inputs: {},
              current_outputs: [],
            });
          break;
        }
      }
      const images = known ?? save(job, id, printOf);
      next.set(printOf(id), images);
      if (images.length > 0) {
        outputs[id] = { images };
        say("executed", { node: id, display_node: id, output: { images } });
      }
    }
    // What the last graph did not use is forgotten.
    cache = next;
    if (state === "success") told("execution_success", {});
    if (deps.pace.historyLagMs > 0) await pause(deps.pace.historyLagMs);
    if (isOver()) return;
    job.state = state === "success" ? "done" : state === "interrupted" ? "cancelled" : "failed";
    history.set(job.id, {
      prompt: entryOf(job),
      outputs,
      status: {
        status_str: state === "success" ? "success" : "error",
        completed: state === "success",
        messages,
      },
      meta: {},
    });
    job.endedAtMs = sharedNowMs();
    running = undefined;
    queueChanged();
    say("executing", { node: null });
  }

  type How = "done" | "interrupted" | { readonly type: string; readonly message: string };

  async function execute(job: FakeJob, id: string, say: (type: string, data: object) => void): Promise<How> {
    const classType = job.graph[id]?.class_type ?? "";
    if (isInterrupted) return "interrupted";
    const broken = deps.breaksAt(classType);
    if (broken) return broken;
    if (classType === "LoadImage") {
      const name = String(job.graph[id]?.inputs["image"]);
      if (!sniffImage(deps.upload(name) ?? new Uint8Array()))
        return { type: "PIL.UnidentifiedImageError", message: `cannot identify image file '/home/somebody/${name}'` };
    }
    if (classType.includes("Loader") && deps.pace.loadMs > 0) await pause(deps.pace.loadMs);
    const steps = stepsOf(job.graph, id);
    for (let at = 1; at <= steps; at += 1) {
      await Promise.race([deps.pace.gate ?? pause(deps.pace.stepMs), wakeUp.promise]);
      if (isInterrupted) return "interrupted";
      say("progress_state", { nodes: { [id]: { value: at, max: steps, state: "running" } } });
      deps.show(job.clientId, job.id, id);
      say("progress", { value: at, max: steps, node: id });
    }
    if (classType === "SaveImage") say("progress", { value: 0, max: 1, node: id });
    return "done";
  }

  function save(job: FakeJob, id: string, printOf: (id: string) => string): readonly Saved[] {
    const { class_type, inputs } = job.graph[id] ?? {};
    if (class_type !== "SaveImage" && class_type !== "PreviewImage") return [];
    const size = sizeOf(job.graph, id, (name) => deps.upload(name) ?? new Uint8Array());
    const from = inputs?.["images"];
    const key = Array.isArray(from) ? printOf(String(from[0])) : id;
    const bytes = withPngText(deps.picture(size, key), [{ keyword: "prompt", text: JSON.stringify(job.graph) }]);
    saved += 1;
    const prefix = class_type === "SaveImage" ? String(inputs?.["filename_prefix"]) : "ComfyUI_temp_abcde";
    const parts = prefix.split("/");
    const filename = `${parts.at(-1)}_${String(saved).padStart(5, "0")}_.png`;
    const image = {
      filename,
      subfolder: parts.slice(0, -1).join("/"),
      type: class_type === "SaveImage" ? "output" : "temp",
    } as const;
    deps.save(image.type, image.subfolder === "" ? filename : `${image.subfolder}/${filename}`, bytes);
    return [image];
  }

  return {
    history,
    jobs: jobs as readonly FakeJob[],
    remaining,
    queue: () => ({
      queue_running: running ? [entryOf(running)] : [],
      // A raw heap: in no order that means anything.
      queue_pending: queue.toReversed().map(entryOf),
    }),
    put(
      job: Omit<FakeJob, "number" | "state" | "receivedAtMs" | "endedAtMs">,
      options: { readonly number?: number; readonly front?: boolean } = {},
    ) {
      const number = options.number ?? (options.front ? -counter : counter);
      if (options.number === undefined) counter += 1;
      const made: FakeJob = { ...job, number, state: "waiting", receivedAtMs: sharedNowMs() };
      queue.push(made);
      jobs.push(made);
      queueChanged();
      if (!running && queue.length === 1) setImmediate(() => void (running ? undefined : work()));
      return made;
    },
    drop(id: string): boolean {
      const at = queue.findIndex((job) => job.id === id);
      const [job] = at < 0 ? [] : queue.splice(at, 1);
      if (!job) return false;
      job.state = "cancelled";
      queueChanged();
      return true;
    },
    /** Ends the step that runs; the real one ends it a little later. */
    interrupt(id?: string): boolean {
      if (!running || (id !== undefined && running.id !== id)) return false;
      isInterrupted = true;
      wakeUp.resolve();
      wakeUp = Promise.withResolvers();
      return true;
    },
    /** As after a crash: nothing is left but the files. */
    forgetAll() {
      life += 1;
      for (const job of jobs) if (job.state === "waiting" || job.state === "running") job.state = "cancelled";
      queue.length = 0;
      history.clear();
      cache.clear();
      running = undefined;
      counter = 0;
      wakeUp.resolve();
      wakeUp = Promise.withResolvers();
    },
    forgetEntry: (id: string) => history.delete(id),
  };
}

/** The same in every thread of this machine. */
const sharedNowMs = () => performance.timeOrigin + performance.now();

const entryOf = (job: FakeJob): readonly unknown[] => [
  job.number,
  job.id,
  job.graph,
  { ...job.extraData, ...(job.clientId === undefined ? {} : { client_id: job.clientId }) },
  job.outputs,
];

/** 0 still lets others have their turn. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)));

export const plainPicture = ({ widthPx, heightPx }: Size, key: string): Uint8Array => tinyPng(widthPx, heightPx, key);

/** A graph of nothing but a grey picture, as any program might send. */
export const foreignGraph = (steps: number): FakeGraph => ({
  "1": { class_type: "UNETLoader", inputs: { unet_name: "flux1-dev.safetensors", weight_dtype: "default" } },
  "2": {
    class_type: "DualCLIPLoader",
    inputs: { clip_name1: "clip_l.safetensors", clip_name2: "t5xxl_fp16.safetensors", type: "flux" },
  },
  "3": { class_type: "CLIPTextEncode", inputs: { clip: ["2", 0], text: randomUUID() } },
  "4": { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  "50": {
    class_type: "KSampler",
    inputs: {
      model: ["1", 0],
      seed: 1,
      steps,
      cfg: 1,
      sampler_name: "euler",
      scheduler: "simple",
      positive: ["3", 0],
      negative: ["3", 0],
      latent_image: ["4", 0],
      denoise: 1,
    },
  },
  "6": { class_type: "VAELoader", inputs: { vae_name: "ae.safetensors" } },
  "7": { class_type: "VAEDecode", inputs: { samples: ["50", 0], vae: ["6", 0] } },
  "91": { class_type: "PreviewImage", inputs: { images: ["7", 0] } },
});
