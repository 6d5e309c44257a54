import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createSpace, module } from "../../src/backends/space.ts";
import { readSettings } from "../../src/settings.ts";
import { styleSchema } from "../../src/style.ts";
import { quantile } from "./core.ts";

// node test/bench/space.ts: what the Space backend adds to the Space's own time, and how long it keeps the event loop.
const STEPS = 4;
const STEP_MS = 500;
const IN_FLIGHT = 50;
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

interface Measured {
  readonly addedMs: readonly number[];
  readonly longestStallMs: number;
  readonly megabytes: number;
  /** Of this process. */
  readonly cpuMsPerJob: number;
}

/** Keeps `IN_FLIGHT` jobs under way until `jobs` are done. They start spread over the time of one, as members do. */
async function measure(
  url: string,
  jobs: number,
  size: { readonly widthPx: number; readonly heightPx: number },
): Promise<Measured> {
  const settings = readSettings("space", module.env, { HF_SPACE: "bench/gallery", HF_HUB_URL: url });
  const log = { debug: none, info: none, warn: none, error: none };
  const backend = createSpace(settings as Parameters<typeof createSpace>[0], { log, nowMs: Date.now });
  if (!backend) throw new Error("no backend");
  const addedMs: number[] = [];
  let bytes = 0;
  let begun = 0;
  const one = async (seed: number) => {
    const startedAtMs = performance.now();
    const request = { ...asked, ...size, seed };
    for await (const event of backend.generate({ request, style, signal: AbortSignal.timeout(120_000) })) {
      if (event.type === "image") bytes += event.bytes.length;
      if (event.type === "progress") bytes += event.preview?.length ?? 0;
    }
    addedMs.push(performance.now() - startedAtMs - STEPS * STEP_MS);
  };
  await one(0);
  addedMs.length = 0;
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async (_, lane) => {
      await new Promise((resolve) => setTimeout(resolve, (lane * STEPS * STEP_MS) / IN_FLIGHT));
      while (begun < jobs) {
        begun += 1;
        await one(begun);
      }
    }),
  );
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  await backend.close();
  return {
    addedMs,
    longestStallMs: delay.max / 1e6,
    megabytes: bytes / 1e6,
    cpuMsPerJob: (user + system) / 1000 / addedMs.length,
  };
}

const child = fork(fileURLToPath(new URL("./space-server.ts", import.meta.url)), [String(STEP_MS)]);
const [told] = await once(child, "message");
const { url } = z.object({ url: z.string() }).parse(told);
try {
  console.log(
    `${availableParallelism()} cores, Node ${process.version}; ${IN_FLIGHT} jobs in flight, each ${STEPS * STEP_MS} ms at the Space`,
  );
  const usual = await measure(url, 400, { widthPx: 832, heightPx: 1216 });
  note(
    "time added to the Space's own, median",
    quantile(usual.addedMs, 0.5),
    25,
    `p95 ${Math.round(quantile(usual.addedMs, 0.95))} ms, ${usual.addedMs.length} jobs, ${usual.cpuMsPerJob.toFixed(1)} ms of CPU each`,
  );
  const large = await measure(url, 150, { widthPx: 1536, heightPx: 1536 });
  note(
    "longest stall of the event loop, PNGs of 7 MB",
    large.longestStallMs,
    50,
    `${Math.round(large.megabytes)} MB came`,
  );
} finally {
  child.disconnect();
}

function note(what: string, measuredMs: number, targetMs: number, detail: string): void {
  const kept = measuredMs < targetMs;
  console.log(
    [
      what.padEnd(52),
      `${measuredMs.toFixed(1)} ms`.padStart(12),
      `< ${targetMs} ms`.padStart(14),
      kept ? "  kept  " : "  MISSED",
      detail,
    ].join("  "),
  );
  if (!kept) process.exitCode = 1;
}
