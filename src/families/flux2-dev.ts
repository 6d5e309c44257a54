import { defineFamily } from "./shared/family.ts";
import { FLUX_2_VAE } from "./shared/parts.ts";

/** Source: ComfyUI's template `image_flux2_text_to_image`; the model's card. */
export const family = defineFamily({
  id: "flux2-dev",
  title: "FLUX.2 dev",
  rank: 60,
  kinds: [
    {
      id: "dev",
      title: "FLUX.2 dev",
      marks: {
        names: /flux-?2(?:-dev)?/,
        never: /klein|vae|-ae$/,
        architectures: /^flux-?2(?:-dev)?(?:$|\/)/,
      },
      draws: {
        steps: { usual: 20, least: 8, most: 50 },
        guidance: { by: "model", strength: { usual: 4, least: 1, most: 10 } },
        sampler: "euler",
        scheduler: "simple",
        honours: { negative: false, trueCfg: false, startPicture: true },
        sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 4_194_304 },
      },
      edits: { references: 3 },
      licence: {
        name: "FLUX [dev] non-commercial",
        commercial: false,
        source: "https://huggingface.co/black-forest-labs/FLUX.2-dev",
      },
    },
  ],
  parts: [
    {
      role: "llm",
      names: /mistral-?3-small-flux-?2|mistral.*small/,
      example: "mistral_3_small_flux2_bf16.safetensors",
      source: "https://huggingface.co/Comfy-Org/flux2-dev",
    },
    FLUX_2_VAE,
  ],
  loras: /^flux-?2(?:-dev)?(?:$|\/)/,
  prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English and other languages" },
  example: {
    file: "flux2_dev_fp8mixed.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/flux2-dev",
  },
});
