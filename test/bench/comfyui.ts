import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { readSettings } from "../../src/app/settings.ts";
import { createComfyui } from "../../src/backends/comfyui/backend.ts";
import { module } from "../../src/backends/comfyui.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { pixels } from "../fakes/pixels.ts";
import { quantile } from "./core.ts";
import { longestStall, type Stall } from "./stall.ts";

const style: Style = styleSchema.parse({ id: "bench", title: "Bench" });
const request: ImageRequest = {
  prompt: "a red fox",
  finalPrompt: "a red fox",
  styleId: "bench",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: 4,
  seed: 1,
  widthPx: 512,
  heightPx: 768,
};

interface Server {
  readonly urls: readonly string[];
  /** By prompt id: how long the server had each job, its queue included. */
  ownMs(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

async function openServer(order: {
  readonly hosts: number;
  readonly stepMs: number;
  readonly noiseSidePx?: number;
}): Promise<Server> {
  const worker = new Worker(new URL("./comfyui-far-end.ts", import.meta.url), { workerData: order });
  const [urls] = (await once(worker, "message")) as [readonly string[]];
  return {
    urls,
    async ownMs() {
      worker.postMessage("jobs");
      const [jobs] = (await once(worker, "message")) as [
        readonly { readonly id: string; readonly receivedAtMs: number; readonly endedAtMs?: number }[],
      ];
      return new Map(jobs.map(({ id, receivedAtMs, endedAtMs = Number.NaN }) => [id, endedAtMs - receivedAtMs]));
    },
    async close() {
      worker.postMessage("close");
      await once(worker, "exit");
    },
  };
}

function backendFor({ urls }: Server, perHost: number): Backend {
  const settings = readSettings("comfyui", module.env, { COMFYUI_URL: urls.join(",") });
  // The border of `readSettings`: it gives what this module's own env parsed.
  const backend = createComfyui(settings as Parameters<typeof createComfyui>[0], moduleServices(), { perHost });
  if (!backend) throw new Error("COMFYUI_URL turns it on");
  return backend;
}

/** `around` gets each job's number and how to hear of its key; resolves once all are through, never more than `inFlight` at once. */
async function pool(jobs: number, inFlight: number, run: (job: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < jobs) {
      next += 1;
      await run(next);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/**
 * From the call to the picture, less the time the server had the job: choosing a host, sending, noticing the end and
 * fetching are ours. Jobs wait in the servers' queues, as real ones do.
 */
export async function addedByComfyui(
  jobs = 150,
  inFlight = 50,
): Promise<{ readonly medianMs: number; readonly p95Ms: number; readonly cpuMsPerJob: number }> {
  const server = await openServer({ hosts: 10, stepMs: 100 });
  const backend = backendFor(server, inFlight / 10);
  const whole = new Map<string, number>();
  const one = async (job: number) => {
    const startedMs = performance.now();
    let id = "";
    const input = { request: { ...request, seed: job }, style, signal: AbortSignal.timeout(60_000) };
    for await (const event of backend.generate(input))
      if (event.type === "attached") id = event.key.split(" ")[1] ?? "";
    whole.set(id, performance.now() - startedMs);
  };
  try {
    await pool(inFlight, inFlight, one);
    // The first jobs also read what each server has.
    whole.clear();
    const before = process.threadCpuUsage();
    await pool(jobs, inFlight, (job) => one(1000 + job));
    const { user, system } = process.threadCpuUsage(before);
    const ownMs = await server.ownMs();
    const added = [...whole].map(([id, ms]) => ms - (ownMs.get(id) ?? Number.NaN));
    return { medianMs: quantile(added, 0.5), p95Ms: quantile(added, 0.95), cpuMsPerJob: (user + system) / 1000 / jobs };
  } finally {
    await backend.close();
    await server.close();
  }
}

interface Stalls {
  readonly backend: Stall;
  readonly generatePicture: Stall;
  /** The same with nothing to do: what the machine itself adds. */
  readonly idle: Stall;
  readonly megabytes: number;
}

/** The longest time the event loop stood still while pictures of noise came in, `inFlight` at once. */
export async function stallsOfComfyui(jobs = 24, inFlight = 8, sidePx = 1536): Promise<Stalls> {
  const server = await openServer({ hosts: 4, stepMs: 1, noiseSidePx: sidePx });
  const backend = backendFor(server, inFlight / 4);
  let bytes = 0;
  const inputOf = (job: number) => ({
    request: { ...request, seed: job, widthPx: sidePx, heightPx: sidePx },
    style,
    signal: AbortSignal.timeout(120_000),
  });
  const generated = async (job: number) => {
    for await (const event of backend.generate(inputOf(job)) as AsyncIterable<BackendEvent>)
      if (event.type === "image") bytes = event.bytes.length;
  };
  // One for all, as in the program: they share the event loop.
  const deps = { clock: systemClock, yields: createYieldQueue(), pixels };
  const made = async (job: number) => {
    await generatePicture(backend, inputOf(job), { attached: async () => {}, happened: () => {} }, deps);
  };
  try {
    await pool(inFlight, inFlight, generated);
    const backendStall = await longestStall(() => pool(jobs, inFlight, (job) => generated(100 + job)));
    await pool(inFlight, inFlight, (job) => made(200 + job));
    const generatePictureStall = await longestStall(() => pool(jobs, inFlight, (job) => made(300 + job)));
    const idle = await longestStall(() => new Promise((resolve) => setTimeout(resolve, 2000)));
    return { backend: backendStall, generatePicture: generatePictureStall, idle, megabytes: bytes / 1_000_000 };
  } finally {
    await backend.close();
    await server.close();
  }
}
