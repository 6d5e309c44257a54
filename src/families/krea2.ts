import { defineFamily, type Licence } from "./shared/family.ts";
import { QWEN_3_VL_4B, QWEN_IMAGE_VAE } from "./shared/parts.ts";

const SOURCE = "https://huggingface.co/Comfy-Org/Krea-2";
/** Nobody here has read it: what it allows is to be looked up before anything is sold. */
const LICENCE: Licence = { name: "see its page", commercial: false, source: SOURCE };

/** Source: ComfyUI's template `image_krea2_turbo_t2i` (ComfyUI 0.24.1 and newer). */
export const family = defineFamily({
  id: "krea2",
  title: "Krea 2",
  rank: 50,
  kinds: [
    {
      id: "turbo",
      title: "Krea 2 Turbo",
      marks: { names: /krea-?2.*turbo/, architectures: /^krea-?2-turbo/ },
      draws: {
        steps: { usual: 8, least: 4, most: 12 },
        guidance: { by: "none" },
        sampler: "euler",
        scheduler: "simple",
        honours: { negative: false, trueCfg: false, startPicture: true },
        sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 2_359_296 },
      },
      licence: LICENCE,
    },
    {
      id: "other",
      title: "Krea 2, another than Turbo",
      marks: { names: /krea-?2/, never: /turbo/, architectures: /^krea-?2(?!-turbo)/ },
      licence: LICENCE,
    },
  ],
  parts: [QWEN_3_VL_4B, QWEN_IMAGE_VAE],
  loras: /^krea-?2/,
  prompt: { maxTokens: 512, reads: "sentences", languages: "English" },
  example: { file: "krea2_turbo_fp8_scaled.safetensors", folder: "diffusion_models", source: SOURCE },
});
