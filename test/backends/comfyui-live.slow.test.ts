import { afterAll, beforeAll } from "vitest";
import type { ChildServer } from "../fakes/child-server.ts";
import { comfyuiVersion, openRealComfyui } from "../fakes/comfyui-real.ts";
import type { LiveComfyui } from "./comfyui-live.ts";
import { editLiveChecks } from "./comfyui-live-edit.ts";
import { enlargeLiveChecks } from "./comfyui-live-enlarge.ts";
import { familyLiveChecks } from "./comfyui-live-families.ts";
import { flux1LiveChecks } from "./comfyui-live-flux1.ts";

/** One that somebody started, with models of their own or `placard_tiny.py` in its custom_nodes. */
const started = process.env["COMFYUI_LIVE_URL"] ?? "";
const version = started === "" ? comfyuiVersion() : undefined;
const START_MS = 330_000;

let server: ChildServer | undefined;
beforeAll(async () => {
  if (version !== undefined) server = await openRealComfyui();
}, START_MS);
afterAll(() => server?.close());

const live: LiveComfyui = {
  url: () => server?.url ?? started,
  needs: "needs ComfyUI: COMFYUI_DIR, a checkout, and COMFYUI_PYTHON with its requirements; or COMFYUI_LIVE_URL",
  ours: version !== undefined,
};
const name = version === undefined ? "a real ComfyUI" : `a real ComfyUI ${version}`;
flux1LiveChecks(name, live);
familyLiveChecks(name, live);
editLiveChecks(name, live);
enlargeLiveChecks(name, live);
