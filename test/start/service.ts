import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFailed, onTestFinished } from "vitest";

const SAID_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;
const root = join(import.meta.dirname, "../..");
/** What no copy of Placard has in it. */
const ELSEWHERE = ["node_modules", ".git", ".env", "data", "backups", "coverage", "test"];

/** Placard's folder as somebody unpacked it and ran `npm ci` in it. */
export function unpackedIn(folder: string): void {
  cpSync(root, folder, { recursive: true, filter: (path) => !ELSEWHERE.includes(basename(path)) });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

export interface Started {
  readonly said: () => string;
  says(pattern: RegExp): Promise<void>;
  /** The code it ended with. */
  readonly ended: Promise<number | null>;
  /** @returns the code it ended with, and how long that took */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

/** What whoever starts services would start, as a process of this machine. It has ended when the test has. */
export function started(service: {
  readonly exec: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
}): Started {
  for (const folder of service.folders ?? []) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [program = "", ...words] = service.exec;
  const child: ChildProcess = spawn(program, words, { cwd: service.cwd, env: service.environment });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  onTestFailed(() => {
    process.stderr.write(`\nWhat ${service.environment["ROLE"] ?? "it"} said:\n${said}`);
  });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  onTestFinished(async () => {
    if (isOver()) return;
    child.kill("SIGKILL");
    await ended;
  });
  return {
    said: () => said,
    ended,
    async says(pattern) {
      for (const untilMs = performance.now() + SAID_WITHIN_MS; !pattern.test(said); await sleep(LOOK_EVERY_MS))
        if (isOver() || performance.now() > untilMs) throw new Error(`it did not say ${pattern}, but:\n${said}`);
    },
    async stop(signal) {
      const fromMs = performance.now();
      if (!isOver()) child.kill(signal);
      return { code: await ended, tookMs: performance.now() - fromMs };
    },
  };
}
