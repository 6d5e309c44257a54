import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

const run = promisify(execFile);
/** A Python that has Gradio; set GRADIO_PYTHON where it is not `python3`. */
const PYTHON = process.env["GRADIO_PYTHON"] ?? "python3";
const APP = new URL("./gradio_app.py", import.meta.url).pathname;

/** Of the real Gradio on this machine; `undefined`: there is none. */
export const gradioVersion = (): Promise<string | undefined> =>
  run(PYTHON, ["-c", "import importlib.metadata as m; print(m.version('gradio'))"], { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

export interface RealGradio {
  readonly url: string;
  close(): Promise<void>;
}

/** A real Gradio server with the mock Space of `gradio_app.py`. Takes some seconds to start. */
export async function openRealGradio(environment: Readonly<Record<string, string>>): Promise<RealGradio> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "placard-gradio-"));
  const own = { GRADIO_ANALYTICS_ENABLED: "False", GRADIO_TEMP_DIR: join(folder, "gradio"), PORT: String(port) };
  const child = spawn(PYTHON, [APP], {
    env: { ...process.env, ...own, ...environment },
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 600; tries += 1) {
    const up = await fetch(`${url}/config`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return { url, close };
    if (child.exitCode !== null) throw new Error(`gradio_app.py ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await close();
  throw new Error("gradio_app.py did not start within a minute");
}
