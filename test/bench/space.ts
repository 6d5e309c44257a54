import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { readSettings } from "../../src/app/settings.ts";
import { createSpace } from "../../src/backends/space/backend.ts";
import { module } from "../../src/backends/space.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { quantile } from "./core.ts";
import { longestStall, type Stall } from "./stall.ts";

// What the Space backend adds to the Space's own time, and how long it keeps the event loop.
const STEPS = 4;
const STEP_MS = 500;
const OWN_MS = STEPS * STEP_MS;
const style = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA style", lora: { space: "RCA" } });
const asked = {
  prompt: "a red fox",
  finalPrompt: "RCA style, a red fox",
  styleId: "rca",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: STEPS,
};
const none = () => undefined;

interface Run {
  readonly addedMs: readonly number[];
  readonly bytes: number;
  /** Of this process. */
  readonly cpuMsPerJob: number;
}

/** Keeps `inFlight` jobs under way until `jobs` are done. They start spread over the time of one, as members do. */
async function run(
  url: string,
  { jobs, inFlight, widthPx, heightPx }: { jobs: number; inFlight: number; widthPx: number; heightPx: number },
): Promise<Run> {
  const settings = readSettings("space", module.env, { HF_SPACE: "bench/gallery", HF_HUB_URL: url });
  const log = { debug: none, info: none, warn: none, error: none };
  // The border of `readSettings`: it gives what this module's own env parsed.
  const backend = createSpace(settings as Parameters<typeof createSpace>[0], { log, clock: systemClock });
  if (!backend) throw new Error("HF_SPACE turns it on");
  const addedMs: number[] = [];
  let bytes = 0;
  let begun = 0;
  const one = async (seed: number) => {
    const startedAtMs = performance.now();
    const request = { ...asked, widthPx, heightPx, seed };
    for await (const event of backend.generate({ request, style, signal: AbortSignal.timeout(120_000) })) {
      if (event.type === "image") bytes += event.bytes.length;
      if (event.type === "progress") bytes += event.preview?.length ?? 0;
    }
    addedMs.push(performance.now() - startedAtMs - OWN_MS);
  };
  // The first one finds out where the Space is.
  await one(0);
  addedMs.length = 0;
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: inFlight }, async (_, lane) => {
      await new Promise((resolve) => setTimeout(resolve, (lane * OWN_MS) / inFlight));
      while (begun < jobs) {
        begun += 1;
        await one(begun);
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  await backend.close();
  return { addedMs, bytes, cpuMsPerJob: (user + system) / 1000 / addedMs.length };
}

export interface SpaceMeasured {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly cpuMsPerJob: number;
  readonly stall: Stall;
  /** The same with nothing to do: what the machine itself adds. */
  readonly idle: Stall;
  readonly bytes: number;
}

/** A Space in a process of its own, whose pictures take `OWN_MS`: small ones many at once, then large ones. */
export async function throughSpace(): Promise<SpaceMeasured> {
  const child = fork(fileURLToPath(new URL("./space-server.ts", import.meta.url)), [String(STEP_MS)]);
  try {
    const { url } = z.object({ url: z.string() }).parse((await once(child, "message"))[0]);
    const usual = await run(url, { jobs: 400, inFlight: 50, widthPx: 832, heightPx: 1216 });
    let bytes = 0;
    const stall = await longestStall(async () => {
      ({ bytes } = await run(url, { jobs: 32, inFlight: 8, widthPx: 1536, heightPx: 1536 }));
    });
    const idle = await longestStall(() => new Promise((resolve) => setTimeout(resolve, 2000)));
    const { addedMs, cpuMsPerJob } = usual;
    return { medianMs: quantile(addedMs, 0.5), p95Ms: quantile(addedMs, 0.95), cpuMsPerJob, stall, idle, bytes };
  } finally {
    child.disconnect();
  }
}
