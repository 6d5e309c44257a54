import { mkdirSync } from "node:fs";
import type { Loopback } from "../../adapters/loopback/shape.ts";
import { loopback } from "../../adapters/loopback.ts";
import { webCapabilities } from "../../adapters/web/limits.ts";
import type { App } from "../../src/app/app.ts";
import type { FakeOptions } from "../../src/backends/fake/options.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { newSeed } from "../../src/domain/seed.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { appOver } from "../fakes/app.ts";

export interface Bench {
  readonly app: App;
  readonly chat: Loopback;
}

/** The whole program but for its platforms and backends: real commands, real store on disk, chat in memory. */
export async function openBench(folder: string, backend: FakeOptions): Promise<Bench> {
  mkdirSync(folder, { recursive: true });
  // Edits at the pace of the web chat, the quickest platform there is.
  const { editMinIntervalMs } = webCapabilities;
  const chat = loopback({ capabilities: { editMinIntervalMs }, refusesQuickEdits: false });
  const app = await appOver(folder, {
    adapters: [chat],
    backends: [fakeBackend(backend)],
    styles: [
      styleSchema.parse({ id: "rca", title: "RCA", trigger: "rca style", defaults: { width: 256, height: 256 } }),
    ],
    installation: {
      maxOpenJobs: 10_000,
      allowance: { capacityGpuMs: 1_000_000_000, refillGpuMsPerHour: 0, resetMs: 0 },
    },
    newSeed,
  });
  await app.start();
  return { app, chat };
}

/** From the first command to the last picture shown. */
export async function throughput(
  folder: string,
  jobs: number,
): Promise<{ readonly perSecond: number; readonly cpuMsPerJob: number; readonly mainCpuMsPerJob: number }> {
  const { app, chat } = await openBench(folder, { delayMs: 0, steps: 1, usedMs: 1, facts: { concurrency: 4 } });
  const cpuBefore = process.cpuUsage();
  const mainBefore = process.threadCpuUsage();
  const startedAtMs = performance.now();
  for (let sent = 0; sent < jobs; sent += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => chat.type(`m${index % 10}`, `/rca a red fox seed:${sent + index}`)),
    );
  }
  await app.idle();
  const tookMs = performance.now() - startedAtMs;
  const msEach = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000 / jobs;
  const cpuMsPerJob = msEach(process.cpuUsage(cpuBefore));
  const mainCpuMsPerJob = msEach(process.threadCpuUsage(mainBefore));
  const shown = [...chat.messages.values()].filter((message) => message.view.tone === "good").length;
  await app.stop();
  if (shown !== jobs) throw new Error(`${shown} of ${jobs} pictures were shown`);
  return { perSecond: jobs / (tookMs / 1000), cpuMsPerJob, mainCpuMsPerJob };
}

/** `atOnce` commands in one burst, `bursts` times, while the backend works on earlier ones. */
export async function acknowledgement(
  folder: string,
  atOnce: number,
  bursts: number,
): Promise<{ readonly p50Ms: number; readonly p99Ms: number }> {
  const { app, chat } = await openBench(folder, { delayMs: 20, steps: 2, usedMs: 1, facts: { concurrency: 2 } });
  const tookMs: number[] = [];
  for (let burst = 0; burst < bursts; burst += 1) {
    const before = chat.acknowledgedAfterMs.length;
    const sending = Promise.all(Array.from({ length: atOnce }, (_, index) => chat.type(`m${index}`, "/rca a red fox")));
    await sending;
    tookMs.push(...chat.acknowledgedAfterMs.slice(before));
  }
  await app.stop();
  if (tookMs.length !== atOnce * bursts) throw new Error(`${tookMs.length} acknowledgements of ${atOnce * bursts}`);
  return { p50Ms: quantile(tookMs, 0.5), p99Ms: quantile(tookMs, 0.99) };
}

/** One command after the other; from the command to the picture shown, less the backend's own time. */
export async function addedByCore(
  folder: string,
  jobs: number,
): Promise<{ readonly medianMs: number; readonly p95Ms: number; readonly backendMs: number }> {
  const backendMs = 100;
  const { app, chat } = await openBench(folder, { delayMs: backendMs, steps: 4, facts: { concurrency: 1 } });
  const addedMs: number[] = [];
  for (let job = 0; job < jobs; job += 1) {
    const startedAtMs = performance.now();
    await chat.type("ann", `/rca a red fox seed:${job}`);
    await chat.waitFor(
      () => [...chat.messages.values()].at(-1)?.view.tone === "good" && chat.messages.size === job + 1,
    );
    addedMs.push(performance.now() - startedAtMs - backendMs);
  }
  await app.stop();
  return { medianMs: quantile(addedMs, 0.5), p95Ms: quantile(addedMs, 0.95), backendMs };
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
