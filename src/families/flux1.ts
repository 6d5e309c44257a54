import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { CLIP_L, FLUX_VAE, T5_XXL } from "./shared/parts.ts";

const NON_COMMERCIAL: Licence = {
  name: "FLUX.1 [dev] non-commercial",
  commercial: false,
  source: "https://huggingface.co/black-forest-labs/FLUX.1-dev/blob/main/LICENSE.md",
};

const DEV: Drawing = {
  steps: { usual: 28, least: 4, most: 50 },
  guidance: { by: "model", strength: { usual: 3.5, least: 1, most: 10 } },
  sampler: "euler",
  scheduler: "simple",
  honours: { negative: true, trueCfg: true, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 2_359_296 },
};

const KONTEXT: Drawing = {
  ...DEV,
  steps: { usual: 20, least: 8, most: 50 },
  guidance: { by: "model", strength: { usual: 2.5, least: 1, most: 10 } },
  honours: { negative: true, trueCfg: true, startPicture: false },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 1_572_864 },
};

/** Sources: the models' cards, and ComfyUI's templates `flux_dev_full_text_to_image`, `flux_schnell…`, `flux1_krea_dev`, `flux_kontext_dev_basic`. */
export const family = defineFamily({
  id: "flux1",
  title: "FLUX.1",
  rank: 10,
  kinds: [
    {
      id: "dev",
      title: "FLUX.1 dev",
      marks: {
        names: /flux-?1?-?dev|flux/,
        // Its other kinds have marks of their own; those that steer by a second picture need another graph.
        never: /flux-?[23]|canny|depth|redux|controlnet|control-|-vae|-ae$|uso|pulid|ip-?adapter/,
        architectures: /^flux-?1(?:-dev)?(?:$|\/)/,
      },
      draws: DEV,
      licence: NON_COMMERCIAL,
    },
    {
      id: "krea",
      title: "FLUX.1 Krea",
      marks: { names: /flux-?1?-?krea(?:-dev)?/, architectures: /^flux-?1-krea/ },
      draws: { ...DEV, guidance: { by: "model", strength: { usual: 4.5, least: 1, most: 10 } } },
      licence: NON_COMMERCIAL,
    },
    {
      id: "schnell",
      title: "FLUX.1 schnell",
      marks: { names: /flux-?1?-?schnell|flux.*schnell/, architectures: /^flux-?1-schnell/ },
      draws: { ...DEV, steps: { usual: 4, least: 1, most: 8 }, guidance: { by: "none" } },
      licence: {
        name: "Apache-2.0",
        commercial: true,
        source: "https://huggingface.co/black-forest-labs/FLUX.1-schnell",
      },
    },
    {
      id: "fill",
      title: "FLUX.1 Fill",
      marks: { names: /flux.*(?:fill|inpaint|onereward)(?:-dev)?/, architectures: /^flux-?1-(?:dev-)?fill/ },
      licence: NON_COMMERCIAL,
    },
    {
      id: "kontext",
      title: "FLUX.1 Kontext",
      marks: { names: /flux.*kontext(?:-dev)?/, architectures: /^flux-?1-(?:dev-)?kontext/ },
      edits: { references: 2, by: KONTEXT },
      licence: NON_COMMERCIAL,
    },
  ],
  parts: [CLIP_L, T5_XXL, FLUX_VAE],
  loras: /^flux(?:-?1)?(?:-(?:dev|schnell|krea|kontext|fill).*)?(?:$|\/)/,
  prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English" },
  example: {
    file: "flux1-dev-fp8.safetensors",
    folder: "checkpoints",
    source: "https://huggingface.co/Comfy-Org/flux1-dev",
  },
});
