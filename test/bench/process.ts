import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pauseMs } from "node:timers/promises";
import { quantile } from "./core.ts";

const root = join(import.meta.dirname, "../..");
const IDLE_MS = 3000;

/** The real program in a process of its own: how soon it is ready, and what it then holds. */
export async function idleProcess(
  folder: string,
  times: number,
): Promise<{ readonly startMs: number; readonly rssMb: number }> {
  const startMs: number[] = [];
  let rssMb = Number.NaN;
  for (let time = 0; time < times; time += 1) {
    const startedAtMs = performance.now();
    const child = spawn(process.execPath, ["src/main.ts"], {
      cwd: root,
      env: { PATH: process.env["PATH"], DATA_DIR: folder, WEB_PORT: "0", LOG_LEVEL: "warn" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ready = Promise.withResolvers<void>();
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("web chat:")) ready.resolve();
    });
    child.once("exit", (code) => ready.reject(new Error(`the program ended by itself: ${code}`)));
    await ready.promise;
    startMs.push(performance.now() - startedAtMs);
    if (time === times - 1) {
      await pauseMs(IDLE_MS);
      rssMb = residentMb(child.pid ?? 0);
    }
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  return { startMs: quantile(startMs, 0.5), rssMb };
}

/** Linux only; elsewhere not a number, which misses the target visibly. */
function residentMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kb) / 1024;
}
