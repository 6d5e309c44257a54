import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GRAPHS } from "../../src/backends/comfyui/family-graphs.ts";
import { drawGraph } from "../../src/backends/comfyui/graph.ts";
import type { GraphInput, ModelFiles } from "../../src/backends/comfyui/graph-input.ts";
import { chooseModels } from "../../src/backends/comfyui/models.ts";
import type { Listed, Wanted } from "../../src/backends/comfyui/parts.ts";
import { promptForComfyui } from "../../src/backends/comfyui/prompt.ts";
import { sameFile } from "../../src/backends/shared/same-file.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { FAMILIES } from "../../src/families/shared/known.ts";
import { numbersFor } from "../../src/families/shared/numbers.ts";
import { recognise } from "../../src/families/shared/recognise.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { checkGraph } from "../fakes/comfyui/check.ts";
import { FAKE_FILES } from "../fakes/comfyui.ts";

const partsOf = (diffusion: string): ModelFiles => ({
  kind: "parts",
  diffusion,
  encoders: ["clip_l.safetensors", "t5xxl_fp16.safetensors"],
  vae: "ae.safetensors",
});
const dev = partsOf("flux1-dev.safetensors");
const schnell = partsOf("flux1-schnell.safetensors");
const whole: ModelFiles = { kind: "checkpoint", checkpoint: "flux1-dev-fp8.safetensors" };
const lora = { file: "posters.safetensors", scale: 0.95 };
const request: ImageRequest = {
  ...someRequest,
  finalPrompt: "poster of a red fox",
  guidance: 3.5,
  steps: 28,
  seed: 1234567890,
  widthPx: 1024,
  heightPx: 1024,
};
interface Parts extends Partial<Omit<GraphInput, "loras">> {
  readonly lora?: typeof lora | undefined;
}
/** As a member asked for it by name: a style's own numbers are a matter of `numbersFor`. */
function graphOf(change: Partial<ImageRequest> = {}, parts: Parts = {}, files: ModelFiles = dev) {
  const asked = { ...request, ...change };
  const found = recognise({ name: files.kind === "parts" ? files.diffusion : files.checkpoint }, FAMILIES);
  const drawing = found?.kind.draws;
  const own = GRAPHS.get(found?.family.id ?? "");
  if (!drawing || !own) throw new Error("a model that draws");
  const style = { defaults: { ...someStyle.defaults, steps: 0, cfg: 0 } };
  const numbers = numbersFor(drawing, asked, style);
  const { lora: wanted, ...others } = { lora, ...parts };
  const withLora = wanted === undefined ? {} : { loras: [wanted] };
  return drawGraph(own, { request: asked, jobId: "job", files, drawing, numbers, ...withLora, ...others });
}
const image = { image: "placard/init-1.png" };

/** The reference's graph for text to image: BACKENDS, 6. */
const TEXT_TO_IMAGE = {
  "10": { class_type: "UNETLoader", inputs: { unet_name: "flux1-dev.safetensors", weight_dtype: "default" } },
  "11": {
    class_type: "DualCLIPLoader",
    inputs: { clip_name1: "clip_l.safetensors", clip_name2: "t5xxl_fp16.safetensors", type: "flux" },
  },
  "12": { class_type: "VAELoader", inputs: { vae_name: "ae.safetensors" } },
  "20": {
    class_type: "LoraLoaderModelOnly",
    inputs: { model: ["10", 0], lora_name: "posters.safetensors", strength_model: 0.95 },
  },
  "21": {
    class_type: "ModelSamplingFlux",
    inputs: { model: ["20", 0], max_shift: 1.15, base_shift: 0.5, width: 1024, height: 1024 },
  },
  "30": { class_type: "CLIPTextEncode", inputs: { clip: ["11", 0], text: "poster of a red fox" } },
  "31": { class_type: "FluxGuidance", inputs: { conditioning: ["30", 0], guidance: 3.5 } },
  "40": { class_type: "RandomNoise", inputs: { noise_seed: 1234567890 } },
  "41": { class_type: "KSamplerSelect", inputs: { sampler_name: "euler" } },
  "42": { class_type: "BasicScheduler", inputs: { model: ["21", 0], scheduler: "simple", steps: 28, denoise: 1 } },
  "43": { class_type: "BasicGuider", inputs: { model: ["21", 0], conditioning: ["31", 0] } },
  "44": { class_type: "EmptySD3LatentImage", inputs: { width: 1024, height: 1024, batch_size: 1 } },
  "50": {
    class_type: "SamplerCustomAdvanced",
    inputs: { noise: ["40", 0], guider: ["43", 0], sampler: ["41", 0], sigmas: ["42", 0], latent_image: ["44", 0] },
  },
  "51": { class_type: "VAEDecode", inputs: { samples: ["50", 0], vae: ["12", 0] } },
  "91": { class_type: "SaveImage", inputs: { images: ["51", 0], filename_prefix: "placard/job" } },
};

describe("the FLUX graph", () => {
  it("is the reference's for text to image", () => {
    expect(graphOf()).toEqual(TEXT_TO_IMAGE);
  });

  it("starts from a picture with as many steps as its change is worth", () => {
    const { "44": _, ...rest } = TEXT_TO_IMAGE;
    expect(graphOf({ init: { key: "k", strength: 0.6 } }, image)).toEqual({
      ...rest,
      "42": {
        class_type: "BasicScheduler",
        inputs: { model: ["21", 0], scheduler: "simple", steps: 17, denoise: 0.6 },
      },
      "50": { ...rest["50"], inputs: { ...rest["50"].inputs, latent_image: ["62", 0] } },
      "60": { class_type: "LoadImage", inputs: { image: "placard/init-1.png" } },
      "61": {
        class_type: "ImageScale",
        inputs: { image: ["60", 0], upscale_method: "lanczos", width: 1024, height: 1024, crop: "center" },
      },
      "62": { class_type: "VAEEncode", inputs: { pixels: ["61", 0], vae: ["12", 0] } },
    });
  });

  const variation = { seed: 987654321, strength: 0.25 };
  const sample = (noise: string, sigmas: readonly [string, number], latent: string) => ({
    class_type: "SamplerCustomAdvanced",
    inputs: { noise: [noise, 0], guider: ["43", 0], sampler: ["41", 0], sigmas, latent_image: [latent, 0] },
  });
  it("takes the first step from each noise for a variation, and blends them", () => {
    expect(graphOf({ variation })).toEqual({
      ...TEXT_TO_IMAGE,
      "50": sample("71", ["73", 1], "76"),
      "71": { class_type: "DisableNoise", inputs: {} },
      "72": { class_type: "RandomNoise", inputs: { noise_seed: 987654321 } },
      "73": { class_type: "SplitSigmas", inputs: { sigmas: ["42", 0], step: 1 } },
      "74": sample("40", ["73", 0], "44"),
      "75": sample("72", ["73", 0], "44"),
      "76": {
        class_type: "LatentInterpolate",
        inputs: { samples1: ["75", 0], samples2: ["74", 0], ratio: 0.25 },
      },
    });
  });

  it("varies and starts from a picture at once", () => {
    const graph = graphOf({ variation, init: { key: "k", strength: 0.6 } }, image);
    expect(graph).toMatchObject({
      "42": { inputs: { steps: 17, denoise: 0.6 } },
      "74": sample("40", ["73", 0], "62"),
      "75": sample("72", ["73", 0], "62"),
      "50": sample("71", ["73", 1], "76"),
    });
    expect(graph).not.toHaveProperty("44");
  });

  it("adds true CFG with the negative prompt as a second pass, and an empty one without words", () => {
    const graph = graphOf({ trueCfg: 2, negativePrompt: "blurry (hands)" });
    expect(graph).toMatchObject({
      "32": { class_type: "CLIPTextEncode", inputs: { clip: ["11", 0], text: "blurry \\(hands\\)" } },
      "43": {
        class_type: "CFGGuider",
        inputs: { model: ["21", 0], positive: ["31", 0], negative: ["32", 0], cfg: 2 },
      },
    });
    expect(graphOf({ trueCfg: 1.5 })).toMatchObject({ "32": { inputs: { text: "" } } });
    expect(graphOf({ trueCfg: 1, negativePrompt: "blurry" })).not.toHaveProperty("32");
  });

  it("gives schnell neither shift nor guidance", () => {
    const graph = graphOf({ steps: 4 }, {}, schnell);
    expect(graph).not.toHaveProperty("21");
    expect(graph).not.toHaveProperty("31");
    expect(graph).toMatchObject({
      "42": { inputs: { model: ["20", 0], steps: 4 } },
      "43": { inputs: { model: ["20", 0], conditioning: ["30", 0] } },
    });
  });

  it("takes model, text encoders and VAE out of one file", () => {
    const graph = graphOf({ init: { key: "k", strength: 0.5 } }, image, whole);
    expect(Object.keys(graph)).not.toContain("11");
    expect(Object.keys(graph)).not.toContain("12");
    expect(graph).toMatchObject({
      "10": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "flux1-dev-fp8.safetensors" } },
      "20": { inputs: { model: ["10", 0] } },
      "30": { inputs: { clip: ["10", 1] } },
      "51": { inputs: { vae: ["10", 2] } },
      "62": { inputs: { vae: ["10", 2] } },
    });
  });

  it.each([
    ["at scale 0", { lora: { file: "posters.safetensors", scale: 0 } }],
    ["in a style without one", { lora: undefined }],
  ])("has no LoRA %s", (_why, parts) => {
    const graph = graphOf({}, parts);
    expect(graph).not.toHaveProperty("20");
    expect(graph).toMatchObject({ "21": { inputs: { model: ["10", 0] } } });
  });

  it.each([
    [0, 1],
    [0.01, 1],
    [0.5, 14],
    [1, 28],
  ])("makes change %d of 28 steps %i", (strength, steps) => {
    expect(graphOf({ init: { key: "k", strength } }, image)).toMatchObject({
      "42": { inputs: { steps, denoise: strength } },
    });
  });

  it("is taken by a strict server whatever is asked for", () => {
    const shelf = {
      files: {
        ...FAKE_FILES,
        loras: [lora.file],
        checkpoints: ["flux1-dev-fp8.safetensors"],
        diffusion_models: ["flux1-dev.safetensors", "flux1-schnell.safetensors"],
      },
      hasUpload: (name: string) => name === image.image,
    };
    const side = fc.integer({ min: 4, max: 24 }).map((n) => n * 64);
    const seed = fc.oneof(fc.constantFrom(0, 0xffff_ffff), fc.integer({ min: 0, max: 0xffff_ffff }));
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const anyRequest = fc.record(
      {
        finalPrompt: fc.string({ minLength: 1 }),
        negativePrompt: fc.string(),
        guidance: fc.double({ min: 1, max: 10, noNaN: true }),
        trueCfg: fc.constantFrom(1, 1.5, 10),
        steps: fc.integer({ min: 1, max: 50 }),
        seed,
        widthPx: side,
        heightPx: side,
        variation: fc.record({ seed, strength: unit }),
        init: fc.record({ key: fc.constant("k"), strength: unit }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(dev, schnell, whole), fc.boolean(), (change, files, withLora) => {
        const parts = { ...(change.init ? image : {}), lora: { ...lora, scale: withLora ? 1.5 : 0 } };
        // Over a socket it is JSON.
        const graph = JSON.parse(JSON.stringify(graphOf(change as Partial<ImageRequest>, parts, files)));
        const checked = checkGraph(graph, shelf);
        expect(checked.ok && checked.nodeErrors).toEqual({});
      }),
    );
  });
});

it.each([
  ["weights are words", "a (red:1.3) fox", "a \\(red:1.3\\) fox"],
  ["an escaped bracket stays what it was", "\\(", "\\\\("],
  ["square brackets mean nothing there", "[a] {b}", "[a] {b}"],
  ["no file is loaded", "embedding:evil, an embedding:x", "embedding :evil, an embedding :x"],
  ["LoRA tags of other programs go", "a fox <lora:x:1>", "a fox  "],
  ["lettering stays", 'the words "BREAD & ROSES (NOW)"', 'the words "BREAD & ROSES \\(NOW\\)"'],
])("prompt: %s", (_why, typed, sent) => {
  expect(promptForComfyui(typed)).toBe(sent);
});

describe("model files", () => {
  type Names = Readonly<Record<keyof Listed, readonly string[]>>;
  const full: Names = {
    diffusion: FAKE_FILES.diffusion_models,
    checkpoints: FAKE_FILES.checkpoints,
    textEncoders: FAKE_FILES.text_encoders,
    vae: FAKE_FILES.vae,
  };
  const seen = (names: readonly string[]) => names.map((name) => ({ name }));
  function choiceOf(over: Partial<Names>, wanted: Wanted = {}) {
    const { diffusion, checkpoints, ...parts } = { ...full, ...over };
    return chooseModels({ diffusion: seen(diffusion), checkpoints: seen(checkpoints), ...parts }, wanted, FAMILIES);
  }
  const chosen = (over: Partial<Names>, wanted: Wanted = {}) => {
    const choice = choiceOf(over, wanted);
    return choice.ok ? choice.models[0]?.files : choice.nextSteps.join("\n");
  };

  it("are chosen from a plain installation", () => {
    expect(chosen({})).toEqual(dev);
  });
  it.each<[string, Partial<Names>, Wanted, object]>([
    [
      "dev before schnell",
      { diffusion: ["a/flux1-schnell.safetensors", "flux1-dev-fp8.safetensors"] },
      {},
      { diffusion: "flux1-dev-fp8.safetensors" },
    ],
    [
      "schnell where there is no dev",
      { diffusion: ["flux1-schnell.safetensors", "wan2.safetensors"] },
      {},
      { diffusion: "flux1-schnell.safetensors" },
    ],
    [
      "no tool of the FLUX family, no FLUX.2",
      {
        diffusion: [
          "flux1-fill-dev.safetensors",
          "flux1-kontext-dev.safetensors",
          "flux2-dev.safetensors",
          "b/flux1-krea-dev.safetensors",
        ],
      },
      {},
      { diffusion: "b/flux1-krea-dev.safetensors" },
    ],
    [
      "the 8 bit text encoder for an 8 bit model",
      {
        diffusion: ["flux1-dev-fp8.safetensors"],
        textEncoders: ["clip_l.safetensors", "t5xxl_fp16.safetensors", "t5xxl_fp8_e4m3fn.safetensors"],
      },
      {},
      { encoders: ["clip_l.safetensors", "t5xxl_fp8_e4m3fn.safetensors"] },
    ],
    [
      "the 16 bit one otherwise",
      { textEncoders: ["clip_l.safetensors", "t5xxl_fp8_e4m3fn.safetensors", "t5xxl_fp16.safetensors"] },
      {},
      { encoders: ["clip_l.safetensors", "t5xxl_fp16.safetensors"] },
    ],
    [
      "a file in a subfolder",
      { vae: ["flux/ae.safetensors"], textEncoders: ["flux\\clip_l.safetensors", "flux\\t5xxl_fp16.safetensors"] },
      {},
      { vae: "flux/ae.safetensors", encoders: ["flux\\clip_l.safetensors", "flux\\t5xxl_fp16.safetensors"] },
    ],
    [
      "all in one where there is nothing else",
      { diffusion: [], checkpoints: ["v1-5-pruned.safetensors", "FLUX1/flux1-dev-fp8.safetensors"] },
      {},
      { kind: "checkpoint", checkpoint: "FLUX1/flux1-dev-fp8.safetensors" },
    ],
    [
      "what the operator named, without its ending",
      { diffusion: ["flux1-dev.safetensors", "x/Mine_v3.safetensors"] },
      { model: "mine_v3" },
      { diffusion: "x/Mine_v3.safetensors" },
    ],
    [
      "what the operator named, among the checkpoints",
      { checkpoints: ["mine.ckpt"] },
      { model: "mine.ckpt" },
      { kind: "checkpoint", checkpoint: "mine.ckpt" },
    ],
    ["a VAE that the server builds itself", { vae: [] }, { vae: "taef1" }, { vae: "taef1" }],
  ])("%s", (_why, over, wanted, files) => {
    expect(chosen(over, wanted)).toMatchObject(files);
  });
  it.each<[string, Partial<Names>, Wanted, RegExp]>([
    [
      "no model at all",
      { diffusion: [], checkpoints: [] },
      {},
      /Put flux1-dev-fp8\.safetensors .*models\/checkpoints.*COMFYUI_MODEL/,
    ],
    ["a model that is not there", {}, { model: "gone" }, /COMFYUI_MODEL .* Found: flux1-dev\.safetensors/],
    [
      "no CLIP-L",
      { textEncoders: ["t5xxl_fp16.safetensors"] },
      {},
      /clip_l\.safetensors into ComfyUI\/models\/text_encoders.*COMFYUI_CLIP/,
    ],
    [
      "only another T5",
      { textEncoders: ["clip_l.safetensors", "umt5_xxl_fp8.safetensors"] },
      {},
      /t5xxl.* into ComfyUI\/models\/text_encoders.*COMFYUI_T5/,
    ],
    [
      "only another VAE",
      { vae: ["sdxl_vae.safetensors"] },
      {},
      /ae\.safetensors into ComfyUI\/models\/vae.*COMFYUI_VAE/,
    ],
    ["a VAE that is not there", {}, { vae: "gone" }, /COMFYUI_VAE names a file that is not there/],
  ])("tell the next step: %s", (_why, over, wanted, step) => {
    expect(chosen(over, wanted)).toMatch(step);
  });

  it.each([
    ["as listed", "b/X.safetensors", "b/X.safetensors"],
    ["without its ending", "b/X", "b/X.safetensors"],
    ["in other capitals, with the other slash", "B\\x.SAFETENSORS", "b/X.safetensors"],
    ["without its subfolder", "x", "b/X.safetensors"],
    ["exactly, where another differs by capitals only", "fox.safetensors", "fox.safetensors"],
    ["never guessed between two", "same", undefined],
    ["never by a part of its name", "sam", undefined],
  ])("are found %s", (_why, meant, found) => {
    const names = ["b/X.safetensors", "fox.safetensors", "FOX.safetensors", "c/same.safetensors", "d/same.safetensors"];
    expect(sameFile(names, meant)).toBe(found);
  });
});
