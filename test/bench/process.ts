import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pauseMs } from "node:timers/promises";
import { START_WORDS } from "../start-command.ts";
import { quantile } from "./core.ts";
import type { FarEndsAnswer, FarEndsOrder } from "./far-ends.ts";
import { procFile, residentMb } from "./resident.ts";

const root = join(import.meta.dirname, "../..");
const IDLE_MS = 3000;
const PATIENCE_MS = 180_000;

type Settings = Readonly<Record<string, string>>;

export interface IdleMeasured {
  /** All are medians of the starts. */
  readonly startMs: number;
  readonly startCpuMs: number;
  readonly rssMb: number;
}

/** The real program in a process of its own, as `npm start` starts it: how soon it is ready, and what it then holds. */
export async function idleProcess(folder: string, times: number, settings: Settings = {}): Promise<IdleMeasured> {
  const starts: IdleMeasured[] = [];
  // Not counted: it leaves what Node compiles of our TypeScript for the others.
  await ended(await started(folder, settings));
  for (let time = 0; time < times; time += 1) {
    const startedAtMs = performance.now();
    const child = await started(folder, settings);
    const startMs = performance.now() - startedAtMs;
    const startCpuMs = cpuMsOf(child);
    await pauseMs(IDLE_MS);
    starts.push({ startMs, startCpuMs, rssMb: residentMb(child.pid, "VmRSS") });
    await ended(child);
  }
  const median = (of: (each: IdleMeasured) => number) => quantile(starts.map(of), 0.5);
  return {
    startMs: median(({ startMs }) => startMs),
    startCpuMs: median(({ startCpuMs }) => startCpuMs),
    rssMb: median(({ rssMb }) => rssMb),
  };
}

export interface ConnectedMeasured {
  readonly idle: IdleMeasured;
  /** The most it ever held while so many pictures were in flight, the start included. */
  readonly inFlightMb: number;
}

/** With Discord, Telegram and ComfyUI on: idle, then with `pictures` of 0.9 MB asked for at once, twice. */
export async function connectedProcess(folder: string, times: number, pictures: number): Promise<ConnectedMeasured> {
  const farEnds = fork(join(import.meta.dirname, "far-ends.ts"), { execArgv: [] });
  try {
    const { settings } = await told(farEnds, "ready");
    const idle = await idleProcess(folder, times, settings);
    const child = await started(folder, settings);
    for (let round = 0; round < 2; round += 1) {
      farEnds.send({ pictures } satisfies FarEndsOrder);
      await told(farEnds, "shown");
    }
    const inFlightMb = residentMb(child.pid, "VmHWM");
    await ended(child);
    return { idle, inFlightMb };
  } finally {
    farEnds.disconnect();
  }
}

/** Resolves when it is ready. @throws Error when it ends before */
async function started(folder: string, settings: Settings): Promise<ChildProcess> {
  const child = spawn(process.execPath, START_WORDS, {
    cwd: root,
    env: { PATH: process.env["PATH"], DATA_DIR: folder, WEB_PORT: "0", LOG_LEVEL: "warn", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("web chat:")) ready.resolve();
  });
  child.once("exit", (code) => ready.reject(new Error(`the program ended by itself: ${code}`)));
  await ready.promise;
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function told<Op extends FarEndsAnswer["op"]>(
  farEnds: ChildProcess,
  op: Op,
): Promise<Extract<FarEndsAnswer, { op: Op }>> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  // The border of a process: what the far ends beside this file say, in answer to one order after the other.
  const [answer] = (await Promise.race([
    once(farEnds, "message", { signal }),
    once(farEnds, "exit", { signal }).then(([code]) =>
      Promise.reject(new Error(`the far ends ended: ${String(code)}`)),
    ),
  ])) as [FarEndsAnswer];
  if (answer.op !== op) throw new Error(`the far ends say ${answer.op}, not ${op}`);
  return answer as Extract<FarEndsAnswer, { op: Op }>;
}

/** What the kernel counts in, all over Linux. */
const TICK_MS = 10;

/** User and system time are the 14th and 15th field; the second, in brackets, may have blanks in it. */
function cpuMsOf({ pid }: ChildProcess): number {
  const stat = procFile(pid, "stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
