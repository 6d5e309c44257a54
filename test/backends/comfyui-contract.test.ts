import { onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { backendContract } from "../contracts/backend.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, rca, withoutNames } from "./comfyui-rig.ts";

backendContract(
  "comfyui",
  async () => {
    const server = await openFakeComfyui();
    const slowServer = await openFakeComfyui();
    slowServer.hold();
    onTestFinished(async () => {
      await Promise.all([server.close(), slowServer.close()]);
    });
    return {
      backend: backendAt([server.url]),
      slow: backendAt([slowServer.url]),
      // The file's name has the job's id in it: as it is, every record would differ from every other.
      record: () => JSON.stringify(withoutNames(server.jobs().at(-1)?.graph ?? {})),
    };
  },
  { initBytes: tinyPng(256, 256, "start"), style: rca },
);
