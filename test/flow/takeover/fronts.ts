import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { START_FLAGS } from "../../start-command.ts";
import type { FromFront, FrontSettings } from "./wire.ts";

/** One process of several, and what it told. */
export interface Front {
  readonly told: readonly FromFront[];
  readonly leads: boolean;
  /** When it came to lead, the last time; undefined: never yet. */
  readonly gainedAtMs: number | undefined;
  /** What it logged, each with how often. */
  facts(): Readonly<Record<string, number>>;
  /** What it began to send since. */
  sentAfter(atMs: number): readonly string[];
  kill(): Promise<void>;
  /** Resolves with how long it took until it had ended. */
  stop(): Promise<number>;
  freeze(): void;
  thaw(): void;
}

const GAINED = "leader.gained";
const LATEST = { timeout: 90_000, interval: 5 };

/** Resolves when it listens, or stands by. */
export async function startFront(settings: FrontSettings): Promise<Front> {
  const child: ChildProcess = fork(join(import.meta.dirname, "front.ts"), [JSON.stringify(settings)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [...START_FLAGS],
  });
  const told: FromFront[] = [];
  child.on("message", (message: FromFront) => told.push(message));
  const facts = (name: string) => told.flatMap((each) => (each.op === "fact" && each.name === name ? [each.atMs] : []));
  const ended = once(child, "exit");
  const end = async (signal: "SIGKILL") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  onTestFinished(() => end("SIGKILL"));
  const isReady = () => told.some(({ op }) => op === "ready") || child.exitCode !== null;
  await expect.poll(isReady, LATEST).toBe(true);
  if (child.exitCode !== null) throw new Error(`the front ended by itself: ${child.exitCode}`);
  return {
    told,
    get leads() {
      return facts(GAINED).length > facts("leader.lost").length;
    },
    get gainedAtMs() {
      return facts(GAINED).at(-1);
    },
    facts() {
      const counts: Record<string, number> = {};
      for (const each of told) if (each.op === "fact") counts[each.name] = (counts[each.name] ?? 0) + 1;
      return counts;
    },
    sentAfter: (atMs) => told.flatMap((each) => (each.op === "sent" && each.atMs > atMs ? [each.what] : [])),
    kill: () => end("SIGKILL"),
    async stop() {
      const beganMs = Date.now();
      child.send("stop");
      await ended;
      return Date.now() - beganMs;
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
  };
}
