import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import { START_WORDS } from "../start-command.ts";

const root = new URL("../..", import.meta.url).pathname;

/** `npm start` as an operator starts it, with these settings only. It has ended before what was registered earlier ends. */
export function startProgram(settings: Readonly<Record<string, string>>): {
  readonly printed: () => string;
  /** As a power cut ends it. */
  kill(): Promise<void>;
} {
  const child = spawn(process.execPath, START_WORDS, {
    cwd: root,
    env: { PATH: process.env["PATH"], WEB_PORT: "0", ...settings },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  /** At once where it has ended by itself: no `exit` comes a second time. */
  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
  }
  onTestFinished(() => end("SIGTERM"));
  return {
    printed: () => printed,
    kill: () => end("SIGKILL"),
  };
}
