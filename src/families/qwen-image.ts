import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { QWEN_IMAGE_VAE } from "./shared/parts.ts";

const LICENCE: Licence = {
  name: "Apache-2.0",
  commercial: true,
  source: "https://huggingface.co/Qwen/Qwen-Image",
};

const PLAIN: Drawing = {
  steps: { usual: 20, least: 12, most: 50 },
  guidance: { by: "second-pass", strength: { usual: 4, least: 2.5, most: 8 } },
  sampler: "euler",
  scheduler: "simple",
  shift: 3.1,
  honours: { negative: true, trueCfg: false, startPicture: true },
  sizes: { multiple: 16, usualPixels: 1_763_584, mostPixels: 2_359_296 },
};

const EDIT: Drawing = {
  ...PLAIN,
  shift: 3,
  honours: { negative: true, trueCfg: false, startPicture: false },
  sizes: { multiple: 16, usualPixels: 1_048_576, mostPixels: 1_572_864 },
};

/**
 * Sources: ComfyUI's templates `image_qwen_image`, `image_qwen_Image_2512`, `image_qwen_image_edit_2509` and
 * `image_qwen_image_edit_2511`; the model's card.
 */
export const family = defineFamily({
  id: "qwen-image",
  title: "Qwen-Image",
  rank: 30,
  kinds: [
    {
      id: "2512",
      title: "Qwen-Image 2512",
      marks: { names: /qwen-image-2512/, never: /edit|layered|lightning/, architectures: /^qwen-image-2512/ },
      draws: { ...PLAIN, steps: { usual: 50, least: 12, most: 50 } },
      licence: LICENCE,
    },
    {
      id: "plain",
      title: "Qwen-Image",
      marks: {
        names: /qwen-image/,
        never: /edit|layered|lightning|2512|controlnet|image-2-?1|image-vae|inpaint/,
        architectures: /^qwen-?image(?:$|\/)/,
      },
      draws: PLAIN,
      licence: LICENCE,
    },
    {
      id: "lightning",
      title: "Qwen-Image Lightning",
      marks: { names: /qwen-image.*lightning/, never: /edit/, architectures: /^qwen-?image-lightning/ },
      draws: {
        ...PLAIN,
        steps: { usual: 8, least: 2, most: 12 },
        guidance: { by: "none" },
        honours: { negative: false, trueCfg: false, startPicture: true },
      },
      licence: LICENCE,
    },
    {
      id: "edit-2511",
      title: "Qwen-Image-Edit 2511",
      marks: {
        names: /qwen-?(?:image-?)?edit-2511/,
        never: /lightning/,
        architectures: /^qwen-?image-?edit-2511/,
      },
      edits: {
        references: 3,
        by: {
          ...EDIT,
          steps: { usual: 40, least: 12, most: 50 },
          guidance: { by: "second-pass", strength: { usual: 3, least: 2, most: 8 } },
          shift: 3.1,
        },
        method: "index_timestep_zero",
      },
      licence: LICENCE,
    },
    {
      id: "edit",
      title: "Qwen-Image-Edit",
      marks: {
        names: /qwen-?image-?edit(?:-25\d\d)?|qwen-edit/,
        never: /2511|lightning/,
        architectures: /^qwen-?image-?edit/,
      },
      edits: { references: 3, by: EDIT },
      licence: LICENCE,
    },
    {
      id: "edit-lightning",
      title: "Qwen-Image-Edit Lightning",
      marks: {
        names: /qwen-?(?:image-?)?edit.*lightning/,
        architectures: /^qwen-?image-?edit-lightning/,
      },
      edits: {
        references: 3,
        by: {
          ...EDIT,
          steps: { usual: 4, least: 2, most: 12 },
          guidance: { by: "none" },
          honours: { negative: false, trueCfg: false, startPicture: false },
        },
      },
      licence: LICENCE,
    },
    {
      id: "layered",
      title: "Qwen-Image-Layered",
      marks: { names: /qwen-image-layered/, architectures: /^qwen-?image-layered/ },
      licence: LICENCE,
    },
  ],
  parts: [
    {
      role: "llm",
      names: /qwen-?2-?5-vl-7b/,
      example: "qwen_2.5_vl_7b_fp8_scaled.safetensors",
      source: "https://huggingface.co/Comfy-Org/Qwen-Image_ComfyUI",
    },
    QWEN_IMAGE_VAE,
  ],
  loras: /^qwen-?image(?!-?2-?1)/,
  prompt: { maxTokens: 512, reads: "sentences, and it sets words well", languages: "English and Chinese" },
  example: {
    file: "qwen_image_fp8_e4m3fn.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/Qwen-Image_ComfyUI",
  },
});
