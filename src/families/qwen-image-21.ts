import { defineFamily, type Licence } from "./shared/family.ts";

const SOURCE = "https://huggingface.co/Comfy-Org/Qwen-Image-2.1";
/** Nobody here has read it: what it allows is to be looked up before anything is sold. */
const LICENCE: Licence = { name: "see its page", commercial: false, source: SOURCE };

/** Source: ComfyUI's template `image_qwen_image_2_1_t2i` (ComfyUI 0.37.2 and newer). */
export const family = defineFamily({
  id: "qwen-image-21",
  title: "Qwen-Image 2.1",
  rank: 35,
  kinds: [
    {
      id: "plain",
      title: "Qwen-Image 2.1",
      marks: { names: /qwen-image-2-?1/, never: /turbo|vae|-pe(?:-|$)/, architectures: /^qwen-?image-2-?1(?!-turbo)/ },
      draws: {
        steps: { usual: 25, least: 16, most: 50 },
        // Its makers draw in one pass; a second one is for those who want something kept out.
        guidance: { by: "none" },
        sampler: "euler",
        scheduler: "simple",
        honours: { negative: true, trueCfg: true, startPicture: true },
        sizes: { multiple: 32, usualPixels: 1_048_576, mostPixels: 4_194_304 },
      },
      edits: { references: 3 },
      licence: LICENCE,
    },
    {
      // Its noise schedule is a list of its own, which no core node but ManualSigmas makes.
      id: "turbo",
      title: "Qwen-Image 2.1 Turbo",
      marks: { names: /qwen-image-2-?1.*turbo/, architectures: /^qwen-?image-2-?1-turbo/ },
      edits: { references: 3 },
      licence: LICENCE,
    },
  ],
  parts: [
    {
      role: "llm",
      names: /qwen-?3-?vl-?8b/,
      example: "qwen3vl_8b_int8_convrot.safetensors",
      source: SOURCE,
    },
    {
      role: "vae",
      names: /qwen-image-2-?1-vae/,
      example: "qwen_image_2.1_vae_bf16.safetensors",
      source: SOURCE,
    },
  ],
  loras: /^qwen-?image-2-?1/,
  prompt: { maxTokens: 1024, reads: "sentences, and it sets words well", languages: "English and Chinese" },
  example: { file: "qwen_image_2.1_int8_convrot.safetensors", folder: "diffusion_models", source: SOURCE },
});
