import { defineFamily, type Licence } from "./shared/family.ts";
import { FLUX_VAE, T5_XXL } from "./shared/parts.ts";

const LICENCE: Licence = {
  name: "Apache-2.0",
  commercial: true,
  source: "https://huggingface.co/lodestones/Chroma1-HD",
};

/** Source: ComfyUI's template `image_chroma_text_to_image`. */
export const family = defineFamily({
  id: "chroma",
  title: "Chroma",
  rank: 55,
  kinds: [
    {
      id: "hd",
      title: "Chroma",
      marks: {
        names: /chroma\d?(?:-hd|-base)?/,
        never: /radiance|flash|vae|chromakey/,
        architectures: /^chroma(?!.*radiance)/,
      },
      draws: {
        steps: { usual: 26, least: 15, most: 50 },
        guidance: { by: "second-pass", strength: { usual: 3.5, least: 2, most: 7 } },
        sampler: "euler",
        scheduler: "beta",
        shift: 1,
        honours: { negative: true, trueCfg: false, startPicture: true },
        sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 2_359_296 },
      },
      licence: LICENCE,
    },
    {
      // Pixels instead of latents, and a model taught fewer steps: graphs of their own.
      id: "other",
      title: "Chroma Radiance or Flash",
      marks: { names: /chroma.*(?:radiance|flash)/, never: /vae/, architectures: /^chroma.*radiance/ },
      licence: LICENCE,
    },
  ],
  parts: [T5_XXL, FLUX_VAE],
  loras: /^chroma/,
  prompt: { maxTokens: 512, reads: "sentences", languages: "English" },
  example: {
    file: "Chroma1-HD-fp8mixed.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/Chroma1-HD_repackaged",
  },
});
