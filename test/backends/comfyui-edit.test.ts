import { describe, expect, it, onTestFinished } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { type FakeComfyuiOptions, openFakeComfyui } from "../fakes/comfyui.ts";
import { english } from "../words.ts";
import { backendAt } from "./comfyui-rig.ts";

const NEWEST = "0.41.0";
const plain = styleSchema.parse({ ...someStyle, id: "plain", title: "Plain" });
const ofOtherFamily = styleSchema.parse({ ...someStyle, id: "s", title: "Mine", family: "sdxl" });

async function opened(files: FakeComfyuiOptions["files"], env: Readonly<Record<string, string>> = {}) {
  const fake = await openFakeComfyui({ version: NEWEST, ...(files ? { files } : {}) });
  const backend = backendAt([fake.url], env);
  onTestFinished(async () => {
    await backend.close();
    await fake.close();
  });
  await backend.health(AbortSignal.timeout(5000));
  return { fake, backend };
}

/** A server with all that one family needs beside these model files. */
function holding(id: string, ...diffusion_models: readonly string[]): NonNullable<FakeComfyuiOptions["files"]> {
  const parts = FAMILIES.find((family) => family.id === id)?.parts ?? [];
  const examples = (isVae: boolean) =>
    parts.flatMap(({ role, example }) => ((role === "vae") === isVae ? [example.split(" ")[0] ?? ""] : []));
  return { diffusion_models, checkpoints: [], text_encoders: examples(false), vae: examples(true), loras: [] };
}

const KEYS = ["one", "two", "three"];
const PICTURES = KEYS.map((name) => tinyPng(64, 96, name));
const requestOf = (style: Style, change: Partial<ImageRequest> = {}): ImageRequest => ({
  ...someRequest,
  steps: style.defaults.steps,
  guidance: style.defaults.cfg,
  loraScale: 0,
  widthPx: 512,
  heightPx: 512,
  ...change,
});
const make = (backend: Backend, style: Style, count: number, more: Partial<ImageRequest> = {}) =>
  Array.fromAsync(
    backend.generate({
      request: requestOf(style, { ...(count > 0 ? { edit: { keys: KEYS.slice(0, count) } } : {}), ...more }),
      style,
      ...(count > 0 ? { editBytes: PICTURES.slice(0, count) } : {}),
      signal: AbortSignal.timeout(15_000),
    }),
  );

describe("pictures changed by words", () => {
  it.each([
    ["flux1", "flux1-dev-kontext_fp8_scaled.safetensors", 2, ["ReferenceLatent", "FluxKontextImageScale"], 20, 2.5],
    ["qwen-image", "qwen_image_edit_2509_fp8_e4m3fn.safetensors", 3, ["TextEncodeQwenImageEditPlus", "CFGNorm"], 20, 4],
    ["qwen-image", "qwen_image_edit_2511_fp8mixed.safetensors", 3, ["FluxKontextMultiReferenceLatentMethod"], 40, 3],
    ["qwen-image-21", "qwen_image_2.1_int8_convrot.safetensors", 3, ["TextEncodeQwenImage21"], 25, 1],
    ["flux2-klein-4b", "flux-2-klein-4b.safetensors", 3, ["ReferenceLatent"], 4, 1],
    ["flux2-klein-9b", "flux-2-klein-base-9b.safetensors", 3, ["ReferenceLatent"], 20, 5],
    ["flux2-dev", "flux2_dev_fp8mixed.safetensors", 3, ["ReferenceLatent"], 20, 4],
    ["flux3-klein", "flux3-image-klein-base.safetensors", 3, ["ReferenceLatent"], 50, 3.5],
  ])("by %s, %s, with up to %i pictures", async (id, file, most, classes, steps, guidance) => {
    const { fake, backend } = await opened(holding(id, file));
    expect(backend.features.edit).toBe(most);
    expect((await make(backend, ofOtherFamily, most)).at(-1)).toMatchObject({
      type: "image",
      model: expect.stringContaining(file),
      fixed: { steps, guidance },
    });
    const graph = fake.jobs()[0]?.graph ?? {};
    const used = Object.values(graph).map(({ class_type }) => class_type);
    expect(used).toEqual(expect.arrayContaining(classes));
    // Each picture once, and the first in the size of the result.
    expect(new Set(fake.uploads()).size).toBe(most);
    expect(used.filter((name) => name === "LoadImage")).toHaveLength(most);
    expect(graph["83"]).toMatchObject({ class_type: "ImageScale", inputs: { width: 512, height: 512 } });
    expect(graph["44"]?.inputs).toMatchObject({ width: 512, height: 512 });
  });

  it("only where a model is there that can, and with no more pictures than it takes", async () => {
    const lacks = (backend: Backend, count: number) => {
      const lack = backend.lacks?.(requestOf(plain, count > 0 ? { edit: { keys: KEYS.slice(0, count) } } : {}), plain);
      return lack && english(lack);
    };
    const { backend: none } = await opened(undefined);
    expect(none.features.edit).toBeUndefined();
    expect(lacks(none, 1)).toBe("it cannot change a picture by words.");
    const { backend } = await opened(holding("flux1", "flux1-kontext-dev.safetensors"));
    expect(lacks(backend, 3)).toMatch(/2 pictures/);
    expect(lacks(backend, 1)).toBeUndefined();
    // It changes pictures, and draws none.
    expect(lacks(backend, 0)).toMatch(/no model/i);
    const told = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(told?.health.up).toBe(true);
    expect(told?.families?.[0]?.what).toBe("FLUX.1 Kontext by its name, changes pictures by words");
    expect(told?.nextSteps[0]).toMatch(/No model that can draw was found/);
  });

  it("by the editor beside the model that draws, which the operator may have named", async () => {
    const files = holding("flux1", "flux1-kontext-dev.safetensors", "flux1-dev.safetensors");
    for (const COMFYUI_MODEL of ["flux1-dev.safetensors", "flux1-kontext-dev.safetensors"]) {
      const { fake, backend } = await opened(files, { COMFYUI_MODEL });
      await make(backend, plain, 0);
      await make(backend, plain, 1, { variation: { seed: 5, strength: 0.2 } });
      expect(fake.jobs().map(({ graph }) => graph["10"]?.inputs["unet_name"])).toEqual([
        "flux1-dev.safetensors",
        "flux1-kontext-dev.safetensors",
      ]);
    }
  });
});
