import { describe, expect, it } from "vitest";
import { FAMILIES } from "../../src/families/shared/known.ts";
import { familyOfLora, recognise, type SeenFile } from "../../src/families/shared/recognise.ts";

/** "family/kind", and how it draws: by so many steps, or "-" for not from words. */
function told(file: SeenFile): string {
  const found = recognise(file, FAMILIES);
  if (!found) return "unknown";
  const steps = found.kind.draws?.steps.usual;
  return [
    `${found.family.id}/${found.kind.id}`,
    ...(found.format === "plain" ? [] : [found.format]),
    steps ?? "-",
  ].join(" ");
}

/** Names as they are published: in ComfyUI's templates (November 2026), on Hugging Face, in galleries of models. */
const NAMES: Readonly<Record<string, string>> = {
  "flux1-dev.safetensors": "flux1/dev 28",
  "FLUX1/flux1-dev-fp8.safetensors": "flux1/dev 28",
  "flux1-schnell.safetensors": "flux1/schnell 4",
  "flux1-krea-dev_fp8_scaled.safetensors": "flux1/krea 28",
  "flux1-fill-dev.safetensors": "flux1/fill -",
  "flux1-dev-OneReward.safetensors": "flux1/fill -",
  "flux1-dev-kontext_fp8_scaled.safetensors": "flux1/kontext -",
  "flux1-canny-dev.safetensors": "unknown",
  "svdq-int4_r32-flux.1-dev.safetensors": "flux1/dev nunchaku 28",
  "flux1-dev-Q4_0.gguf": "flux1/dev gguf 28",
  "flux1-dev-bnb-nf4-v2.safetensors": "flux1/dev nf4 28",
  "flux2-vae.safetensors": "unknown",
  "flux2_dev_fp8mixed.safetensors": "flux2-dev/dev 20",
  "flux-2-klein-4b.safetensors": "flux2-klein-4b/distilled 4",
  "flux-2-klein-base-4b.safetensors": "flux2-klein-4b/base 20",
  "flux-2-klein-base-9b-fp8.safetensors": "flux2-klein-9b/base 20",
  "flux-2-klein-9b-kv-fp8.safetensors": "unknown",
  "flux3-image-klein-int8-convrot.safetensors": "flux3-klein/distilled 16",
  "flux3-image-klein-base-bf16.safetensors": "flux3-klein/base 50",
  "chroma-unlocked-v35-flux.safetensors": "chroma/hd 26",
  "Chroma1-HD-fp8mixed.safetensors": "chroma/hd 26",
  "chroma-radiance-x0.safetensors": "chroma/other -",
  "krea2_turbo_fp8_scaled.safetensors": "krea2/turbo 8",
  "krea2_raw_bf16.safetensors": "krea2/other -",
  "z_image_turbo_bf16.safetensors": "z-image/turbo 8",
  "z_image_bf16.safetensors": "z-image/base 25",
  "qwen_image_fp8_e4m3fn.safetensors": "qwen-image/plain 20",
  "qwen_image_2512_fp8_e4m3fn.safetensors": "qwen-image/2512 50",
  "qwen_image_edit_2509_fp8_e4m3fn.safetensors": "qwen-image/edit -",
  "qwen_image_edit_2511_fp8mixed.safetensors": "qwen-image/edit-2511 -",
  "Qwen-Image-Edit-2509-Lightning-8steps-merged.safetensors": "qwen-image/edit-lightning -",
  "qwen_image_layered_bf16.safetensors": "qwen-image/layered -",
  "Qwen-Image-Lightning-4steps-merged.safetensors": "qwen-image/lightning 4",
  "qwen_image_2.1_int8_convrot.safetensors": "qwen-image-21/plain 25",
  "qwen_image_2.1_turbo_int8_convrot.safetensors": "qwen-image-21/turbo -",
  "sd_xl_base_1.0.safetensors": "sdxl/base 25",
  "sd_xl_refiner_1.0.safetensors": "sdxl/refiner -",
  "sd_xl_turbo_1.0_fp16.safetensors": "sdxl/turbo 4",
  "sdxl_lightning_4step.safetensors": "sdxl/lightning 4",
  "juggernautXL_v9Lightning.safetensors": "sdxl/lightning 8",
  "realvisxlV50_v50LightningBakedvae.safetensors": "sdxl/lightning 8",
  "ponyDiffusionV6XL.safetensors": "sdxl/base 25",
  "sd3.5_large_fp8_scaled.safetensors": "sd35/large 20",
  "sd3.5_medium.safetensors": "sd35/medium 40",
  "sd3.5_large_turbo.safetensors": "sd35/turbo 4",
  "sd3_medium_incl_clips.safetensors": "unknown",
  "wan2.2_t2v_high_noise_14B.safetensors": "unknown",
  "v1-5-pruned-emaonly.safetensors": "unknown",
  "flux/model.safetensors": "flux1/dev 28",
};

describe("a model's file", () => {
  it.each(Object.entries(NAMES))("%s is %s by its name", (name, expected) => {
    expect(told({ name })).toBe(expected);
  });

  it.each<[string, SeenFile, string]>([
    [
      "whatever it is called",
      { name: "mine.safetensors", metadata: { "modelspec.architecture": "flux-1-dev" } },
      "flux1/dev 28",
    ],
    [
      "though its name says another",
      { name: "not-flux.safetensors", metadata: { "modelspec.architecture": "stable-diffusion-xl-v1-base" } },
      "sdxl/base 25",
    ],
    [
      "and the kind by its name",
      { name: "flux1-fill-dev.safetensors", metadata: { "modelspec.architecture": "flux-1-dev" } },
      "flux1/fill -",
    ],
    [
      "never by what is no text",
      { name: "sdxl.safetensors", metadata: { "modelspec.architecture": { flux: 1 } } },
      "sdxl/base 25",
    ],
    [
      "never by what nobody knows",
      { name: "sdxl.safetensors", metadata: { "modelspec.architecture": "wan-2-2" } },
      "sdxl/base 25",
    ],
  ])("is known by its header %s", (_why, file, expected) => {
    expect(told(file)).toBe(expected);
  });

  it("is never two families at once with equal right", () => {
    for (const name of Object.keys(NAMES)) {
      const all = recognise({ name }, FAMILIES)?.family.id;
      const turned = recognise({ name }, FAMILIES.toReversed())?.family.id;
      expect(turned, name).toBe(all);
    }
  });
});

it.each([
  ["ss_base_model_version", "flux1", "flux1"],
  ["modelspec.architecture", "flux-1-dev/lora", "flux1"],
  ["ss_base_model_version", "sdxl_base_v1-0", "sdxl"],
  ["modelspec.architecture", "stable-diffusion-xl-v1-base/lora", "sdxl"],
  ["ss_base_model_version", "flux.2", "flux2-dev"],
  ["ss_base_model_version", "flux2_klein_4b", "flux2-klein-4b"],
  ["ss_base_model_version", "zimage:turbo", "z-image"],
  ["ss_base_model_version", "qwen_image", "qwen-image"],
  ["ss_base_model_version", "wan22", undefined],
  ["something_else", "flux1", undefined],
])("a LoRA says in %s that it is for %s", (key, value, family) => {
  expect(familyOfLora({ [key]: value }, FAMILIES)?.id).toBe(family);
});
