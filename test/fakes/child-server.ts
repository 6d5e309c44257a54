import { type ChildProcess, spawn } from "node:child_process";

export interface ChildServer {
  readonly url: string;
  /** The end of what it wrote, for whoever wonders why it failed. */
  told(): string;
  close(): Promise<void>;
}

const TOLD_MAX = 8000;

/**
 * Starts a real server and waits until it answers.
 *
 * @param options.ready what it answers 200 to when it is up
 * @throws Error with the end of what it wrote, when it ends first or is not up in time
 */
export async function startServer(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly ready: string;
  readonly withinMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<ChildServer> {
  const { command, args, port, ready, withinMs, cwd, env } = options;
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (part: Buffer) => {
      text = (text + part.toString("utf8")).slice(-TOLD_MAX);
    });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.on("exit", end).on("error", (error) => {
      text += error.message;
      end();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  const giveUpAt = Date.now() + withinMs;
  while (Date.now() < giveUpAt && !ended) {
    const up = await fetch(url + ready, { signal: AbortSignal.timeout(5000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return { url, told: () => text, close };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await close();
  throw new Error(`${command} ${ended ? "ended" : "did not answer in time"}:\n${text}`);
}
