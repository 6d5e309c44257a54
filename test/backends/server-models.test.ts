import { describe, expect, it, onTestFinished } from "vitest";
import { createSdcpp } from "../../src/backends/sdcpp/backend.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { type Style, styleSchema } from "../../src/domain/style.ts";
import type { Backend, BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";
import { openFakeSdcpp } from "../fakes/sdcpp.ts";
import { openFakeWebui } from "../fakes/webui.ts";
import { english } from "../words.ts";
import { bodiesOf, withSignIn } from "./sdcpp-rig.ts";
import { at, signIn } from "./webui-rig.ts";

const styleOf = (family: string): Style =>
  styleSchema.parse({ ...someStyle, id: "mine", title: "Mine", family, lora: { webui: "rca", sdcpp: "rca" } });
const plain = styleSchema.parse({ ...someStyle, id: "plain", title: "Plain" });
/** Of a member who names nothing. */
const requestOf = (style: Style, change: Partial<ImageRequest> = {}): ImageRequest => ({
  ...someRequest,
  steps: style.defaults.steps,
  guidance: style.defaults.cfg,
  ...change,
});
const make = (backend: Backend, style: Style, change: Partial<ImageRequest> = {}): Promise<BackendEvent[]> =>
  Array.fromAsync(backend.generate({ request: requestOf(style, change), style, signal: AbortSignal.timeout(10_000) }));

async function webuiWith(model: string, flavour: "forge" | "a1111" | "sdnext" = "forge") {
  const server = await openFakeWebui({ signIn, flavour });
  server.holds({ models: [model], options: { sd_model_checkpoint: model } });
  const backend = at(server);
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  await backend.health(AbortSignal.timeout(5000));
  return { server, backend, body: () => server.work[0]?.body };
}
async function sdcppWith(model: string) {
  const server = await openFakeSdcpp();
  server.holds({ model });
  const backend = createSdcpp({ server: withSignIn(server.url), pollMs: 5 });
  onTestFinished(async () => {
    await backend.close();
    await server.close();
  });
  await backend.health(AbortSignal.timeout(5000));
  return { server, backend, body: () => bodiesOf(server)[0] };
}

describe("a web UI sends the numbers of the model it has loaded", () => {
  it.each([
    [
      "forge",
      "flux1-dev.safetensors [abc]",
      { steps: 28, cfg_scale: 1, distilled_cfg_scale: 3, sampler_name: "Euler", scheduler: "Simple" },
    ],
    ["forge", "flux1-schnell-fp8.safetensors", { steps: 4, cfg_scale: 1 }],
    [
      "forge",
      "sd_xl_base_1.0.safetensors [31e35c80fc]",
      { steps: 28, cfg_scale: 7, sampler_name: "DPM++ 2M", scheduler: "Karras" },
    ],
    [
      "forge",
      "models/sdxl_lightning_4step.safetensors",
      { steps: 4, cfg_scale: 1, sampler_name: "Euler", scheduler: "SGM Uniform" },
    ],
    ["forge", "z_image_turbo_bf16.safetensors", { steps: 8, cfg_scale: 1, scheduler: "Simple" }],
    ["a1111", "juggernautXL_v9.safetensors", { steps: 28, cfg_scale: 7, sampler_name: "DPM++ 2M" }],
    ["a1111", "sd15.safetensors", { steps: 28, cfg_scale: 3, sampler_name: "Euler" }],
    ["sdnext", "qwen_image_fp8_e4m3fn", { steps: 28, cfg_scale: 3 }],
  ] as const)("%s: %s", async (flavour, model, fields) => {
    const { backend, body } = await webuiWith(model, flavour);
    await make(backend, plain);
    expect(body()).toMatchObject(fields);
    expect("distilled_cfg_scale" in (body() ?? {})).toBe("distilled_cfg_scale" in fields);
  });

  it("and what a member asked for by name, with the numbers in the recipe", async () => {
    const { backend, body } = await webuiWith("sd_xl_base_1.0.safetensors");
    expect((await make(backend, plain, { guidance: 4.5, steps: 9 })).at(-1)).toMatchObject({
      fixed: { steps: 9, guidance: 4.5 },
    });
    expect(body()).toMatchObject({ steps: 9, cfg_scale: 4.5 });
  });

  it("and promises what that model takes", async () => {
    const { backend } = await webuiWith("sd_xl_base_1.0.safetensors");
    expect(backend.features).toMatchObject({ guidance: true, trueCfg: false, negativePrompt: true });
    const turbo = await webuiWith("sd_xl_turbo_1.0_fp16.safetensors");
    expect(turbo.backend.features).toMatchObject({ guidance: false, trueCfg: false, negativePrompt: false });
  });
});

describe("sd-server is sent the numbers of the model it has loaded", () => {
  it.each([
    [
      "flux1-dev-Q4_0.gguf",
      {
        sample_steps: 28,
        sample_method: "euler",
        scheduler: "simple",
        guidance: { txt_cfg: 1, distilled_guidance: 3 },
      },
    ],
    [
      "sd_xl_base_1.0.safetensors",
      { sample_steps: 28, scheduler: "karras", guidance: { txt_cfg: 7, distilled_guidance: 3 } },
    ],
    ["z_image_turbo-Q8_0.gguf", { sample_steps: 8, guidance: { txt_cfg: 1, distilled_guidance: 3 } }],
    // Which it is nobody knows: as FLUX.1, as ever.
    ["model.gguf", { sample_steps: 28, guidance: { txt_cfg: 1, distilled_guidance: 3 } }],
  ])("%s", async (model, sample_params) => {
    const { backend, body } = await sdcppWith(model);
    await make(backend, plain);
    expect(body()).toMatchObject({ sample_params });
  });
});

describe("a LoRA of another family", () => {
  const REASON = "it does not have FLUX.1, which the style Mine is made for.";

  it.each([
    ["webui", () => webuiWith("sd_xl_base_1.0.safetensors")],
    ["sdcpp", () => sdcppWith("sd_xl_base_1.0.safetensors")],
  ])("is refused by name on %s, and its own goes on", async (_name, open) => {
    const { backend, body } = await open();
    expect(english(backend.lacks?.(requestOf(styleOf("flux1")), styleOf("flux1")))).toBe(REASON);
    const refused = await make(backend, styleOf("flux1")).catch((error: unknown) => error);
    expect(english(refused)).toMatchObject({ code: "rejected", elsewhere: true, memberText: REASON });
    expect(body()).toBeUndefined();
    await make(backend, styleOf("sdxl"));
    expect(body()).toBeDefined();
    const steps = (await backend.inspect?.([styleOf("flux1")], AbortSignal.timeout(5000)))?.nextSteps;
    expect(steps).toContainEqual(expect.stringMatching(/Mine is made for FLUX\.1, and the model there is SDXL/));
  });

  it("is refused by what its header says", async () => {
    const { server, backend } = await webuiWith("flux1-dev.safetensors");
    server.holds({ headers: { rca: { ss_base_model_version: "sdxl_base_v1-0" } } });
    const refused = await make(backend, styleOf("flux1")).catch((error: unknown) => error);
    // What it knew before is what it goes by until it looks again.
    expect(refused).toBeInstanceOf(Array);
    const fresh = at(server);
    onTestFinished(() => fresh.close());
    expect(english(await make(fresh, styleOf("flux1")).catch((error: unknown) => error))).toMatchObject({
      memberText: "it cannot use the file rca for the style Mine: it is made for SDXL.",
    });
  });

  it("is not judged where nobody knows the model", async () => {
    const { backend, body } = await sdcppWith("model.gguf");
    await make(backend, styleOf("sdxl"));
    expect(body()).toMatchObject({ lora: [{ path: "rca.safetensors" }] });
  });
});

describe("several LoRAs of a style", () => {
  const two = styleSchema.parse({
    ...someStyle,
    lora: { webui: ["rca", { file: "ink", scale: 0.5 }], sdcpp: ["rca", { file: "ink", scale: 0.5 }] },
  });
  it("are tags in the prompt of a web UI, and multipliers at sd-server", async () => {
    const webui = await webuiWith("flux1-dev.safetensors");
    webui.server.holds({ loras: ["rca", "ink"] });
    const image = (await make(webui.backend, two, { loraScale: 0.8 })).at(-1);
    expect(webui.body()?.["prompt"]).toMatch(/ <lora:rca:0\.8> <lora:ink:0\.4>$/);
    expect(image).toMatchObject({ lora: [{ reference: "rca" }, { reference: "ink", scale: 0.4 }] });
    const sdcpp = await sdcppWith("flux1-dev");
    sdcpp.server.holds({ loras: ["rca.safetensors", "ink.safetensors"] });
    await make(sdcpp.backend, two, { loraScale: 0.8 });
    expect(sdcpp.body()).toMatchObject({
      lora: [
        { path: "rca.safetensors", multiplier: 0.8 },
        { path: "ink.safetensors", multiplier: 0.4 },
      ],
    });
  });
});
