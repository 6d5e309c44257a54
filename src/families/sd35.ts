import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { CLIP_G, CLIP_L, T5_XXL } from "./shared/parts.ts";

const COMMUNITY: Licence = {
  name: "Stability AI Community (free up to a yearly revenue)",
  commercial: true,
  source: "https://huggingface.co/stabilityai/stable-diffusion-3.5-large/blob/main/LICENSE.md",
};

const LARGE: Drawing = {
  steps: { usual: 20, least: 16, most: 50 },
  guidance: { by: "second-pass", strength: { usual: 4, least: 2.5, most: 7 } },
  sampler: "euler",
  scheduler: "sgm_uniform",
  honours: { negative: true, trueCfg: false, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 2_073_600 },
};

/** Sources: ComfyUI's template `sd3.5_simple_example`; the cards of large, medium and large turbo. */
export const family = defineFamily({
  id: "sd35",
  title: "Stable Diffusion 3.5",
  rank: 80,
  kinds: [
    {
      id: "large",
      title: "Stable Diffusion 3.5 Large",
      marks: {
        names: /sd-?3-?5(?:-large)?|stable-diffusion-3-?5/,
        never: /turbo|medium|canny|depth|blur|controlnet|vae/,
        architectures: /^stable-diffusion-v?3-?5(?:-large)?(?:$|\/)|^sd-?3-?5/,
      },
      draws: LARGE,
      licence: COMMUNITY,
    },
    {
      id: "medium",
      title: "Stable Diffusion 3.5 Medium",
      marks: { names: /(?:sd-?3-?5|stable-diffusion-3-?5).*medium/, never: /vae/, architectures: /3-?5-medium/ },
      draws: { ...LARGE, steps: { usual: 40, least: 16, most: 50 } },
      licence: COMMUNITY,
    },
    {
      id: "turbo",
      title: "Stable Diffusion 3.5 Large Turbo",
      marks: { names: /(?:sd-?3-?5|stable-diffusion-3-?5).*turbo/, never: /vae/, architectures: /3-?5-large-turbo/ },
      draws: {
        ...LARGE,
        steps: { usual: 4, least: 2, most: 8 },
        guidance: { by: "none" },
        honours: { negative: false, trueCfg: false, startPicture: true },
      },
      licence: COMMUNITY,
    },
  ],
  parts: [
    CLIP_L,
    CLIP_G,
    T5_XXL,
    {
      role: "vae",
      names: /sd-?3(?:-?5)?-?vae|vae-?sd-?3/,
      example: "sd3.5_vae.safetensors",
      source: "https://huggingface.co/stabilityai/stable-diffusion-3.5-large",
    },
  ],
  loras: /^(?:stable-diffusion-v?3|sd-?3)/,
  prompt: { maxTokens: 256, reads: "sentences", languages: "English" },
  example: {
    file: "sd3.5_large_fp8_scaled.safetensors",
    folder: "checkpoints",
    source: "https://huggingface.co/Comfy-Org/stable-diffusion-3.5-fp8",
  },
});
