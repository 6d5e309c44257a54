import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { FLUX_VAE, QWEN_3_4B } from "./shared/parts.ts";

const LICENCE: Licence = {
  name: "Apache-2.0",
  commercial: true,
  source: "https://huggingface.co/Tongyi-MAI/Z-Image-Turbo",
};

const TURBO: Drawing = {
  steps: { usual: 8, least: 4, most: 12 },
  guidance: { by: "none" },
  sampler: "res_multistep",
  scheduler: "simple",
  shift: 3,
  honours: { negative: false, trueCfg: false, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 4_194_304 },
};

/** Sources: ComfyUI's templates `image_z_image_turbo` and `image_z_image`; the model's card. */
export const family = defineFamily({
  id: "z-image",
  title: "Z-Image",
  rank: 20,
  kinds: [
    {
      id: "turbo",
      title: "Z-Image-Turbo",
      marks: { names: /z-?image.*turbo/, never: /edit|controlnet|de-?turbo/, architectures: /^z-?image[-:]?turbo/ },
      draws: TURBO,
      licence: LICENCE,
    },
    {
      id: "base",
      title: "Z-Image",
      marks: {
        names: /z-?image/,
        never: /edit|omni|controlnet|-turbo(?<!de-turbo)/,
        architectures: /^z-?image(?:$|\/)/,
      },
      draws: {
        ...TURBO,
        steps: { usual: 25, least: 16, most: 50 },
        guidance: { by: "second-pass", strength: { usual: 4, least: 2.5, most: 8 } },
        honours: { negative: true, trueCfg: false, startPicture: true },
      },
      licence: LICENCE,
    },
    {
      id: "edit",
      title: "Z-Image-Edit",
      marks: { names: /z-?image.*(?:edit|omni)/, architectures: /^z-?image-(?:edit|omni)/ },
      edits: { references: 1 },
      licence: LICENCE,
    },
  ],
  parts: [QWEN_3_4B, FLUX_VAE],
  loras: /^z-?image/,
  prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English and Chinese" },
  example: {
    file: "z_image_turbo_bf16.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/z_image_turbo",
  },
});
