import { type Drawing, defineFamily, type Licence } from "./shared/family.ts";
import { CLIP_G, CLIP_L } from "./shared/parts.ts";

const OPEN_RAIL: Licence = {
  name: "CreativeML Open RAIL++-M",
  commercial: true,
  source: "https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md",
};

const BASE: Drawing = {
  steps: { usual: 25, least: 15, most: 50 },
  guidance: { by: "second-pass", strength: { usual: 7, least: 4, most: 10 } },
  sampler: "dpmpp_2m",
  scheduler: "karras",
  honours: { negative: true, trueCfg: false, startPicture: true },
  sizes: { multiple: 8, usualPixels: 1_048_576, mostPixels: 1_572_864 },
};
const FEW_STEPS: Drawing = {
  ...BASE,
  steps: { usual: 8, least: 1, most: 12 },
  guidance: { by: "none" },
  sampler: "euler",
  scheduler: "sgm_uniform",
  honours: { negative: false, trueCfg: false, startPicture: true },
};
/** Well-known models of this family that do not say so in their names. */
const CHILDREN = "juggernaut|realvis|pony-?diffusion|illustrious|noobai|animagine|dreamshaper-?xl|albedobase";
const QUICK = /turbo|lightning|hyper|lcm|dmd2?|[-_]?\d{1,2}-?steps?/;

/** Sources: ComfyUI's templates `image_sdxl_simple` and `sdxlturbo_example`; the cards of Turbo, Lightning and Hyper. */
export const family = defineFamily({
  id: "sdxl",
  title: "SDXL",
  rank: 70,
  kinds: [
    {
      id: "base",
      title: "SDXL",
      marks: {
        names: new RegExp(`sd-?xl(?:-base)?|(?:^|-)xl(?:-|$)|[a-z]xl(?:-|$)|stable-diffusion-xl|${CHILDREN}`),
        never: new RegExp(`${QUICK.source}|refiner|(?<!baked-?)vae|inpaint|controlnet|flux|qwen|z-?image|krea`),
        architectures: /^(?:stable-diffusion-xl-v1-base|sdxl(?:-base)?(?:-v1-0)?)(?:$|\/)/,
      },
      draws: BASE,
      licence: OPEN_RAIL,
    },
    {
      id: "lightning",
      title: "SDXL Lightning, Hyper and the like",
      marks: {
        names: /(?:xl|juggernaut|realvis).*(?:lightning|hyper|lcm|dmd2?)|sd-?xl.*\d-?steps?/,
        never: /(?<!baked-?)vae|inpaint|controlnet|flux|qwen|z-?image/,
        architectures: /^sdxl-(?:lightning|hyper)/,
      },
      draws: FEW_STEPS,
      licence: OPEN_RAIL,
    },
    {
      id: "turbo",
      title: "SDXL Turbo",
      marks: {
        names: /(?:sd-?xl|xl).*turbo|sd-xl-turbo/,
        never: /(?<!baked-?)vae|inpaint|controlnet|flux|qwen|z-?image|krea/,
        architectures: /^sdxl-turbo|stable-diffusion-xl-turbo/,
      },
      draws: { ...FEW_STEPS, steps: { usual: 4, least: 1, most: 8 }, sampler: "euler_ancestral" },
      licence: {
        name: "Stability AI Community (free up to a yearly revenue)",
        commercial: true,
        source: "https://huggingface.co/stabilityai/sdxl-turbo/blob/main/LICENSE.md",
      },
    },
    {
      id: "refiner",
      title: "SDXL refiner",
      marks: { names: /sd-?xl-refiner/, architectures: /^stable-diffusion-xl-v1-refiner/ },
      licence: OPEN_RAIL,
    },
  ],
  parts: [
    CLIP_L,
    CLIP_G,
    {
      role: "vae",
      names: /sd-?xl-?vae|vae-?sd-?xl/,
      example: "sdxl_vae.safetensors",
      source: "https://huggingface.co/stabilityai/sdxl-vae",
    },
  ],
  loras: /^(?:stable-diffusion-xl|sdxl|pony|illustrious|noobai)/,
  prompt: { maxTokens: 75, reads: "tags and short phrases", languages: "English" },
  example: {
    file: "sd_xl_base_1.0.safetensors",
    folder: "checkpoints",
    source: "https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0",
  },
});
