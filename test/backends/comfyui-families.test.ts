import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ComfyuiOptions } from "../../src/backends/comfyui/backend.ts";
import { failureOf } from "../../src/backends/comfyui/errors.ts";
import { GRAPHS, graphsIn, OWN_GRAPHS } from "../../src/backends/comfyui/family-graphs.ts";
import { historySchema } from "../../src/backends/comfyui/wire.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import type { Family } from "../../src/families/shared/family.ts";
import { FAMILIES, familiesIn, OWN_FAMILIES } from "../../src/families/shared/known.ts";
import { cannotHonour, featuresFor } from "../../src/jobs/router/compatibility.ts";
import { planFor } from "../../src/jobs/router/plan.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { type FakeComfyuiOptions, openFakeComfyui } from "../fakes/comfyui.ts";
import { english } from "../words.ts";
import { backendAt, rca } from "./comfyui-rig.ts";

const NEWEST = "0.41.0";
const plain = styleSchema.parse({ ...someStyle, id: "plain", title: "Plain" });
const styleOf = (family: string, more: object = {}): Style =>
  styleSchema.parse({ ...someStyle, id: "s", title: "Mine", family, lora: { comfyui: "other" }, ...more });

async function opened(
  server: FakeComfyuiOptions,
  options: ComfyuiOptions = {},
  env: Readonly<Record<string, string>> = {},
) {
  const fake = await openFakeComfyui({ version: NEWEST, ...server });
  const backend = backendAt([fake.url], env, options);
  onTestFinished(async () => {
    await backend.close();
    await fake.close();
  });
  await backend.health(AbortSignal.timeout(5000));
  return { fake, backend };
}
const requestOf = (style: Style, change: Partial<ImageRequest> = {}): ImageRequest => ({
  ...someRequest,
  steps: style.defaults.steps,
  guidance: style.defaults.cfg,
  widthPx: 512,
  heightPx: 512,
  ...change,
});
const make = (backend: Backend, style: Style, change: Partial<ImageRequest> = {}): Promise<BackendEvent[]> =>
  Array.fromAsync(backend.generate({ request: requestOf(style, change), style, signal: AbortSignal.timeout(15_000) }));
const lackOf = (backend: Backend, style: Style) => {
  const lack = backend.lacks?.(requestOf(style), style);
  return lack && english(lack);
};

/** A server with all that one family needs, by its own examples. */
const holding = (families: readonly Family[]): NonNullable<FakeComfyuiOptions["files"]> => ({
  diffusion_models: families.flatMap(({ example }) => (example.folder === "diffusion_models" ? [example.file] : [])),
  checkpoints: families.flatMap(({ example }) => (example.folder === "checkpoints" ? [example.file] : [])),
  text_encoders: families.flatMap(({ parts }) =>
    parts.flatMap(({ role, example }) => (role === "vae" ? [] : [example.split(" ")[0] ?? ""])),
  ),
  vae: families.flatMap(({ parts }) => parts.flatMap(({ role, example }) => (role === "vae" ? [example] : []))),
  loras: ["other.safetensors"],
});

describe.each(FAMILIES.map((family) => [family.id, family] as const))("%s", (id, family) => {
  it("is drawn with its own numbers, from words and from a picture, varied and with a LoRA of its own", async () => {
    const { fake, backend } = await opened({ files: holding([family]) });
    const style = styleOf(id);
    const draws = family.kinds.find((kind) => kind.draws)?.draws;
    expect((await make(backend, plain)).at(-1)).toMatchObject({ type: "image", fixed: { steps: expect.any(Number) } });
    await make(backend, style, { variation: { seed: 5, strength: 0.2 } });
    const [first, varied] = fake.jobs().map(({ graph }) => graph);
    expect(first?.["41"]).toMatchObject({ inputs: { sampler_name: draws?.sampler } });
    expect(Object.values(varied ?? {}).map(({ class_type }) => class_type)).toContainEqual(
      expect.stringMatching(/^LoraLoader/),
    );
    const classes = Object.values(first ?? {}).map(({ class_type }) => class_type);
    expect(classes.includes("CFGGuider")).toBe(draws?.guidance.by === "second-pass");
    expect(classes.includes("FluxGuidance")).toBe(draws?.guidance.by === "model");
  });

  it("from separate files too", async () => {
    const [kind] = family.kinds;
    const held = holding([family]);
    const name = family.example.file;
    const { fake, backend } = await opened({ files: { ...held, checkpoints: [], diffusion_models: [name] } });
    expect(kind.draws).toBeDefined();
    await make(backend, plain);
    expect(fake.jobs()[0]?.graph["10"]).toMatchObject({ class_type: "UNETLoader", inputs: { unet_name: name } });
  });
});

describe("several models side by side", () => {
  const both = FAMILIES.filter(({ id }) => id === "flux1" || id === "z-image");

  it("each draw the styles of their family", async () => {
    const { fake, backend } = await opened({ files: holding(both) });
    for (const style of [plain, styleOf("z-image"), styleOf("flux1")]) await make(backend, style);
    const models = fake.jobs().map(({ graph }) => Object.values(graph["10"]?.inputs ?? {})[0]);
    expect(models).toEqual([
      "flux1-dev-fp8.safetensors",
      "z_image_turbo_bf16.safetensors",
      "flux1-dev-fp8.safetensors",
    ]);
  });

  it("what the operator named draws what needs no other", async () => {
    const { fake, backend } = await opened({ files: holding(both) }, {}, { COMFYUI_MODEL: "z_image_turbo_bf16" });
    for (const style of [plain, styleOf("flux1")]) await make(backend, style);
    const models = fake.jobs().map(({ graph }) => Object.values(graph["10"]?.inputs ?? {})[0]);
    expect(models).toEqual(["z_image_turbo_bf16.safetensors", "flux1-dev-fp8.safetensors"]);
  });

  it("promise for each style what its model takes", async () => {
    const { backend } = await opened({ files: holding(both) });
    const featuresOf = (style: Style) => featuresFor(backend, requestOf(style), style);
    expect(featuresOf(styleOf("flux1"))).toMatchObject({ guidance: true, trueCfg: true });
    expect(featuresOf(styleOf("z-image"))).toMatchObject({ guidance: false, trueCfg: false, negativePrompt: false });
    const asked = {
      request: requestOf(plain),
      count: 1,
      asked: ["cfg" as const],
      advice: [],
      seedFrom: "drawn" as const,
    };
    const reason = cannotHonour("comfyui", featuresOf(styleOf("z-image")), asked, styleOf("z-image"));
    expect(reason && english(reason)).toBe("it takes no cfg.");
  });
});

describe("a model that a member names", () => {
  const flux = FAMILIES.filter(({ id }) => id === "flux1");
  const held = holding(flux);
  const files = { ...held, checkpoints: [...(held.checkpoints ?? []), "flux1-schnell-fp8.safetensors"] };
  const modelOf = (graph: Readonly<Record<string, { readonly inputs: object }>>) =>
    Object.values(graph["10"]?.inputs ?? {})[0];

  it("draws, also with its family's LoRA, by its own numbers; one that is away is refused with what is there", async () => {
    const { fake, backend } = await opened({ files });
    expect(backend.models?.(plain)?.map(({ title }) => title)).toEqual(["FLUX.1 dev", "FLUX.1 schnell"]);
    const image = (await make(backend, plain, { model: "FLUX.1 schnell" })).at(-1);
    expect(image).toMatchObject({ fixed: { steps: 4 }, model: expect.stringContaining("flux1-schnell-fp8") });
    expect(backend.readiness?.(requestOf(plain), plain)).toEqual({ fits: true, isLoaded: false });
    await make(backend, styleOf("flux1"), { model: "FLUX.1 schnell" });
    expect(fake.jobs().map(({ graph }) => modelOf(graph))).toEqual(Array(2).fill("flux1-schnell-fp8.safetensors"));
    const away = requestOf(plain, { model: "Z-Image-Turbo" });
    expect(featuresFor(backend, away, plain).styles).toBe("listed");
    const lack = backend.lacks?.(away, plain);
    expect(lack && english(lack)).toBe("it does not have the model Z-Image-Turbo. It has: FLUX.1 dev, FLUX.1 schnell.");
  });

  it("goes to the machine that has it in memory", async () => {
    const fakes = await Promise.all([0, 1].map(() => openFakeComfyui({ version: NEWEST, files })));
    const backend = backendAt(fakes.map(({ url }) => url));
    onTestFinished(async () => {
      await backend.close();
      await Promise.all(fakes.map((fake) => fake.close()));
    });
    const asked = ["FLUX.1 dev", "FLUX.1 schnell", "FLUX.1 schnell", "FLUX.1 dev", "FLUX.1 schnell"];
    for (const [seed, model] of asked.entries()) await make(backend, plain, { model, seed });
    const drawn = fakes.map((fake) => fake.jobs().map(({ graph }) => modelOf(graph)));
    expect(drawn.map((models) => new Set(models).size)).toEqual([1, 1]);
    expect(drawn.map(({ length }) => length).toSorted()).toEqual([2, 3]);
  });
});

describe("several LoRAs of a style", () => {
  it("are loaded one behind the other, each by its strength times the scale, and all are in the recipe", async () => {
    const files = {
      ...holding(FAMILIES.filter(({ id }) => id === "sdxl")),
      loras: ["one.safetensors", "two.safetensors"],
    };
    const { fake, backend } = await opened({ files });
    const style = styleOf("sdxl", { lora: { comfyui: ["one", { file: "two", scale: 0.6 }] } });
    const image = (await make(backend, style, { loraScale: 0.5 })).at(-1);
    const { graph } = fake.jobs()[0] ?? expect.fail("no job");
    expect(graph["20"]).toMatchObject({
      inputs: { lora_name: "one.safetensors", strength_model: 0.5, model: ["10", 0] },
    });
    expect(graph["20-2"]).toMatchObject({
      inputs: { lora_name: "two.safetensors", strength_clip: 0.3, clip: ["20", 1] },
    });
    expect(graph["30"]?.inputs["clip"]).toEqual(["20-2", 1]);
    expect(image).toMatchObject({
      lora: [
        { reference: "one.safetensors", scale: 0.5 },
        { reference: "two.safetensors", scale: 0.3 },
      ],
    });
    const gone = styleOf("sdxl", { lora: { comfyui: ["one", "three"] } });
    expect(lackOf(backend, gone)).toBe("it does not have the style’s file three.");
  });
});

describe("a LoRA of another family", () => {
  it("is refused by name where its style's model is not there", async () => {
    const { backend, fake } = await opened({});
    expect(lackOf(backend, rca)).toBeUndefined();
    const style = styleOf("sdxl");
    expect(lackOf(backend, style)).toBe("it does not have SDXL, which the style Mine is made for.");
    await expect(make(backend, style)).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    expect(fake.jobs()).toEqual([]);
    // Without it the style is only words.
    await make(backend, style, { loraScale: 0 });
  });

  it("is refused by what its header says, whatever the style says", async () => {
    const { backend, fake } = await opened({
      metadata: { "other.safetensors": { ss_base_model_version: "sdxl_base_v1-0" } },
    });
    await expect(make(backend, styleOf("flux1"))).rejects.toMatchObject({ code: "rejected", elsewhere: true });
    expect(lackOf(backend, styleOf("flux1"))).toBe(
      "it cannot use the file other.safetensors for the style Mine: it is made for SDXL.",
    );
    expect(fake.jobs()).toEqual([]);
  });

  it("goes to the backend that has its model", async () => {
    const { backend } = await opened({});
    const { backend: other } = await opened({ files: holding(FAMILIES.filter(({ id }) => id === "sdxl")) });
    const style = styleOf("sdxl");
    const order = { request: requestOf(style), count: 1, asked: [], advice: [], seedFrom: "drawn" as const };
    const among = { restOf: () => undefined, rules: { remote: true }, waitsMs: new Map() };
    const plan = planFor(order, style, { ...among, backends: [backend, other] });
    expect(plan.candidates).toEqual([other]);
    expect(plan.passedOver).toHaveLength(1);
  });
});

describe("a model file", () => {
  it("is known by its header where its name says nothing", async () => {
    const files = {
      ...holding(FAMILIES.filter(({ id }) => id === "qwen-image")),
      diffusion_models: ["mine.safetensors"],
    };
    const { fake, backend } = await opened({
      files,
      metadata: { "mine.safetensors": { "modelspec.architecture": "qwen-image" } },
    });
    await make(backend, plain);
    expect(fake.jobs()[0]?.graph["11"]).toMatchObject({ inputs: { type: "qwen_image" } });
  });

  it("that this ComfyUI is too old for is the operator's matter, said with the version", async () => {
    const files = holding(FAMILIES.filter(({ id }) => id === "flux2-klein-4b"));
    const { backend } = await opened({ version: "0.3.64", files });
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.health.up).toBe(false);
    expect(found?.nextSteps[0]).toBe(
      "Update ComfyUI for FLUX.2 klein 4B: 0.3.64 was found, 0.3.72 or newer is needed.",
    );
  });

  it.each([
    ["svdq-int4_r32-flux.1-dev.safetensors", /FLUX\.1 dev for Nunchaku/],
    ["flux1-dev-Q4_0.gguf", /FLUX\.1 dev as GGUF/],
    ["flux1-dev-OneReward.safetensors", /FLUX\.1 Fill, which does not draw from words alone/],
  ])("%s is not used, and why is said", async (name, why) => {
    const { backend } = await opened({ files: { diffusion_models: [name], checkpoints: [] } });
    const found = await backend.inspect?.([], AbortSignal.timeout(5000));
    expect(found?.nextSteps).toContainEqual(expect.stringMatching(why));
    const named = await opened({ files: { diffusion_models: [name] } }, {}, { COMFYUI_MODEL: name });
    expect((await named.backend.inspect?.([], AbortSignal.timeout(5000)))?.nextSteps[0]).toMatch(why);
  });
});

it("reads the history of the fork that writes each message as a line", () => {
  const messages = ["execution_start", "execution_error: out of memory: 3 GB"];
  const told = historySchema.parse({ a: { outputs: {}, status: { status_str: "error", completed: false, messages } } });
  expect(told["a"]?.status?.messages).toEqual([
    ["execution_start", {}],
    ["execution_error", { exception_message: "out of memory: 3 GB" }],
  ]);
  expect(told["a"] && failureOf(told["a"])).toMatchObject({ code: "out_of_memory" });
});

describe("a new family", () => {
  const FAMILY = `
export const family = {
  id: "newcomer", title: "Newcomer", rank: 90,
  kinds: [{
    id: "one", title: "Newcomer One", marks: { names: /newcomer/, architectures: /^newcomer/ },
    draws: {
      steps: { usual: 11, least: 5, most: 15 }, guidance: { by: "second-pass", strength: { usual: 6, least: 5, most: 8 } },
      sampler: "heun", scheduler: "normal",
      honours: { negative: true, trueCfg: false, startPicture: true },
      sizes: { multiple: 16, usualPixels: 1048576, mostPixels: 1048576 },
    },
    licence: { name: "MIT", commercial: true, source: "https://example.org" },
  }],
  parts: [
    { role: "llm", names: /newcomer-words/, example: "newcomer_words.safetensors", source: "https://example.org" },
    { role: "vae", names: /newcomer-vae/, example: "newcomer_vae.safetensors", source: "https://example.org" },
  ],
  loras: /^newcomer/,
  prompt: { maxTokens: 100, reads: "sentences", languages: "English" },
  example: { file: "newcomer.safetensors", folder: "diffusion_models", source: "https://example.org" },
};`;
  const GRAPH = `
export const graph = { families: ["newcomer"], encoderType: "sd3", emptyLatent: "EmptySD3LatentImage" };`;
  const folderWith = (name: string, text: string): URL => {
    const folder = mkdtempSync(path.join(tmpdir(), "placard-newcomer-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, name), text);
    return pathToFileURL(`${folder}/`);
  };

  it("is one new file and its graph: recognised, routed, drawn", async () => {
    const families = await familiesIn([OWN_FAMILIES, folderWith("newcomer.ts", FAMILY)]);
    const graphs = await graphsIn([OWN_GRAPHS, folderWith("newcomer.ts", GRAPH)]);
    expect(families).toHaveLength(FAMILIES.length + 1);
    const files = holding(families.filter(({ id }) => id === "newcomer"));
    const metadata = { "other.safetensors": { ss_base_model_version: "newcomer" } };
    const { fake, backend } = await opened({ files, metadata }, { families, graphs });
    expect((await backend.inspect?.([], AbortSignal.timeout(5000)))?.health.up).toBe(true);
    expect(lackOf(backend, styleOf("newcomer"))).toBeUndefined();
    expect(lackOf(backend, styleOf("flux1"))).toMatch(/made for Newcomer|does not have FLUX\.1/);
    const events = await make(backend, styleOf("newcomer"));
    expect(events.at(-1)).toMatchObject({ type: "image", fixed: { steps: 11, guidance: 6 } });
    expect(fake.jobs()[0]?.graph).toMatchObject({
      "10": { inputs: { unet_name: "newcomer.safetensors" } },
      "11": { class_type: "CLIPLoader", inputs: { clip_name: "newcomer_words.safetensors", type: "sd3" } },
      "41": { inputs: { sampler_name: "heun" } },
      "42": { inputs: { scheduler: "normal", steps: 11 } },
      "43": { class_type: "CFGGuider", inputs: { cfg: 6 } },
    });
    const unknown = await opened({ files });
    expect((await unknown.backend.inspect?.([], AbortSignal.timeout(5000)))?.health.up).toBe(false);
  });

  it("without a graph draws nothing", async () => {
    const graphs = new Map([...GRAPHS].filter(([id]) => id !== "sdxl"));
    const { backend } = await opened({ files: holding(FAMILIES.filter(({ id }) => id === "sdxl")) }, { graphs });
    expect((await backend.inspect?.([], AbortSignal.timeout(5000)))?.health.up).toBe(false);
  });
});
