import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { FLUX_2_VAE, QWEN_3_VL_4B } from "./shared/parts.ts";

const SOURCE = "https://huggingface.co/black-forest-labs/flux-3-image-klein-comfy";
/** Nobody here has read it: what it allows is to be looked up before anything is sold. */
const LICENCE: Licence = { name: "see its page", commercial: false, source: SOURCE };

const BASE: Drawing = {
  steps: { usual: 50, least: 20, most: 50 },
  guidance: { by: "second-pass", strength: { usual: 3.5, least: 2, most: 8 } },
  sampler: "euler",
  scheduler: "simple",
  honours: { negative: true, trueCfg: false, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 4_194_304 },
};

/** Sources: ComfyUI's templates `image_flux3_klein_t2i` and `image_flux3_klein_distilled_t2i` (ComfyUI 0.41 and newer). */
export const family = defineFamily({
  id: "flux3-klein",
  title: "FLUX.3 klein",
  rank: 45,
  kinds: [
    {
      id: "distilled",
      title: "FLUX.3 klein",
      marks: {
        names: /flux-?3-(?:image-)?klein/,
        never: /base|-vae/,
        architectures: /^flux-?3-(?:image-)?klein(?:$|\/)/,
      },
      draws: {
        ...BASE,
        steps: { usual: 16, least: 8, most: 24 },
        guidance: { by: "none" },
        honours: { negative: false, trueCfg: false, startPicture: true },
      },
      edits: { references: 3 },
      licence: LICENCE,
    },
    {
      id: "base",
      title: "FLUX.3 klein base",
      marks: { names: /flux-?3-(?:image-)?klein-base/, never: /-vae/, architectures: /^flux-?3-(?:image-)?klein-base/ },
      draws: BASE,
      edits: { references: 3 },
      licence: LICENCE,
    },
  ],
  parts: [QWEN_3_VL_4B, FLUX_2_VAE],
  loras: /^flux-?3/,
  prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English" },
  example: { file: "flux3-image-klein-int8-convrot.safetensors", folder: "diffusion_models", source: SOURCE },
});
