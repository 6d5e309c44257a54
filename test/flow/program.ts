import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

/** `node src/main.ts` as an operator starts it, with these settings only. It has ended before what was registered earlier ends. */
export function startProgram(settings: Readonly<Record<string, string>>): {
  readonly printed: () => string;
  /** As a power cut ends it. */
  kill(): Promise<void>;
} {
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: root,
    env: { PATH: process.env["PATH"], WEB_PORT: "0", ...settings },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGTERM")) await ended;
  });
  return {
    printed: () => printed,
    async kill() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}
