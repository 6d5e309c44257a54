import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest } from "../contracts/backend.ts";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { backendAt, rca, withoutNames } from "./comfyui-rig.ts";

const from = { widthPx: 128, heightPx: 192 };
const to = { widthPx: 256, heightPx: 384 };

async function rig(options: Parameters<typeof openFakeComfyui>[0] = {}) {
  const server = await openFakeComfyui(options);
  const backend = backendAt([server.url]);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  await backend.health(AbortSignal.timeout(5000));
  const enlarge = async (attachKey?: string) => {
    const events: BackendEvent[] = [];
    const input = { request: someRequest, style: rca, picture: tinyPng(128, 192, "x"), from, to };
    const signal = AbortSignal.timeout(10_000);
    for await (const event of backend.enlarge?.({ ...input, ...(attachKey ? { attachKey } : {}), signal }) ?? [])
      events.push(event);
    return events;
  };
  return { server, backend, enlarge };
}

describe("ComfyUI makes pictures larger", () => {
  it("with the best of the models it lists, to the very size that is wanted, by core nodes alone", async () => {
    const { server, backend, enlarge } = await rig();
    expect(backend.features.enlarges).toEqual({ model: "RealESRGAN_x4plus.pth" });
    const events = await enlarge();
    expect(events[0]).toMatchObject({ type: "attached" });
    const image = events.at(-1);
    if (image?.type !== "image") throw new Error("no image");
    expect(image.model).toMatch(/^RealESRGAN_x4plus \(ComfyUI/);
    expect(await sharp(image.bytes).metadata()).toMatchObject({ width: 256, height: 384 });
    expect(server.jobs().map(({ graph }) => withoutNames(graph))).toEqual([
      {
        "60": { class_type: "LoadImage", inputs: { image: expect.stringMatching(/^placard\/start-/) } },
        "63": { class_type: "UpscaleModelLoader", inputs: { model_name: "RealESRGAN_x4plus.pth" } },
        "64": { class_type: "ImageUpscaleWithModel", inputs: { upscale_model: ["63", 0], image: ["60", 0] } },
        "65": {
          class_type: "ImageScale",
          inputs: { image: ["64", 0], upscale_method: "lanczos", width: 256, height: 384, crop: "disabled" },
        },
        "91": { class_type: "SaveImage", inputs: { images: ["65", 0] } },
      },
    ]);
  });

  it("not without such a model, and says which one to get", async () => {
    const { backend, enlarge } = await rig({ files: { upscale_models: [] } });
    expect(backend.features.enlarges).toBeUndefined();
    await expect(enlarge()).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.upscaler).toBeUndefined();
    expect(found?.nextSteps.join(" ")).toContain("RealESRGAN_x2plus.pth into ComfyUI/models/upscale_models");
  });

  it("names the model and its licence to the operator", async () => {
    const { backend } = await rig();
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.upscaler).toBe(
      "RealESRGAN_x4plus.pth; licence BSD-3-Clause (https://github.com/xinntao/Real-ESRGAN)",
    );
    expect(found?.nextSteps.join(" ")).not.toContain("upscale_models");
  });
});
