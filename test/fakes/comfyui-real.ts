import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChildServer, startServer } from "./child-server.ts";
import { freePort } from "./free-port.ts";
import { writeSafetensors } from "./safetensors.ts";
import { tinyEsrgan } from "./tiny-models.ts";

/** A checkout of ComfyUI, and a Python that has what it needs. */
const FOLDER = process.env["COMFYUI_DIR"] ?? "";
const PYTHON = process.env["COMFYUI_PYTHON"] ?? "python3";
const TINY = new URL("./comfyui/tiny/placard_tiny.py", import.meta.url).pathname;
const START = new URL("./comfyui/tiny/start.py", import.meta.url).pathname;
/** Importing torch alone takes a slow processor half a minute. */
const START_MS = 300_000;

/** Of the checkout that COMFYUI_DIR names; `undefined`: there is none. */
export function comfyuiVersion(): string | undefined {
  const path = join(FOLDER, "comfyui_version.py");
  if (FOLDER === "" || !existsSync(path)) return undefined;
  return /__version__ = "(.+)"/.exec(readFileSync(path, "utf8"))?.[1];
}

/** ComfyUI on the processor with tiny random models of every family that it knows, in a folder of its own. */
export async function openRealComfyui(): Promise<ChildServer> {
  const port = await freePort();
  const base = mkdtempSync(join(tmpdir(), "placard-comfyui-"));
  const folders = ["custom_nodes", "input", "output", "temp", "user", "web", "models/upscale_models"];
  for (const folder of folders) mkdirSync(join(base, folder), { recursive: true });
  copyFileSync(TINY, join(base, "custom_nodes", "placard_tiny.py"));
  writeSafetensors(join(base, "models/upscale_models/RealESRGAN_x4plus.safetensors"), tinyEsrgan());
  const gone = () => rmSync(base, { recursive: true, force: true });
  try {
    const server = await startServer({
      command: PYTHON,
      args: [
        ...[START, join(FOLDER, "main.py"), "--cpu"],
        ...["--port", String(port), "--base-directory", base],
        // Its page is a package of its own, which nobody opens here.
        ...["--front-end-root", join(base, "web"), "--disable-api-nodes", "--database-url", "sqlite:///:memory:"],
      ],
      port,
      ready: "/system_stats",
      withinMs: START_MS,
      cwd: FOLDER,
      env: { PLACARD_TINY: "all", PYTHONDONTWRITEBYTECODE: "1", TORCHINDUCTOR_CACHE_DIR: join(base, "inductor") },
    });
    return {
      ...server,
      async close() {
        await server.close();
        gone();
      },
    };
  } catch (error) {
    gone();
    throw error;
  }
}
