import type { Part } from "./family.ts";

// Files that several families read words with or turn numbers into pixels with.

const FLUX_ENCODERS = "https://huggingface.co/comfyanonymous/flux_text_encoders";

export const CLIP_L: Part = {
  role: "clip_l",
  names: /clip-?l(?![a-z])|^vit-l-14/,
  example: "clip_l.safetensors",
  source: FLUX_ENCODERS,
};

export const CLIP_G: Part = {
  role: "clip_g",
  names: /clip-?g(?![a-z])|bigg/,
  example: "clip_g.safetensors",
  source: "https://huggingface.co/Comfy-Org/stable-diffusion-3.5-fp8",
};

export const T5_XXL: Part = {
  role: "t5xxl",
  names: /(?<![a-z])t5-?(?:v1-1-)?xxl/,
  example: "t5xxl_fp16.safetensors (or t5xxl_fp8_e4m3fn.safetensors, half the size)",
  source: FLUX_ENCODERS,
};

/** Of language models that rewrite prompts, which lie in the same folder. */
const REWRITES = /upsampler|-pe(?:-|$)|enhancer/;

export const QWEN_3_4B: Part = {
  role: "llm",
  names: /qwen-?3-?4b/,
  never: REWRITES,
  example: "qwen_3_4b.safetensors",
  source: "https://huggingface.co/Comfy-Org/z_image_turbo",
};

export const QWEN_3_8B: Part = {
  role: "llm",
  names: /qwen-?3-?8b/,
  never: REWRITES,
  example: "qwen_3_8b_fp8mixed.safetensors",
  source: "https://huggingface.co/Comfy-Org/flux2-klein",
};

export const QWEN_3_VL_4B: Part = {
  role: "llm",
  names: /qwen-?3-?vl-?4b/,
  never: REWRITES,
  example: "qwen3vl_4b_fp8_scaled.safetensors",
  source: "https://huggingface.co/Comfy-Org/Krea-2",
};

export const FLUX_VAE: Part = {
  role: "vae",
  names: /^ae(?:-|$)|flux-?1?-?(?:dev-|schnell-)?(?:vae|ae)(?:-|$)|^(?:vae|ae)-flux(?:-?1)?(?:-|$)/,
  never: /flux-?[23]/,
  example: "ae.safetensors",
  source: "https://huggingface.co/Comfy-Org/z_image_turbo",
};

export const FLUX_2_VAE: Part = {
  role: "vae",
  names: /flux-?2-?(?:dev-)?(?:vae|ae)|^(?:vae|ae)-flux-?2|full-encoder-small-decoder/,
  example: "flux2-vae.safetensors",
  source: "https://huggingface.co/Comfy-Org/flux2-dev",
};

export const QWEN_IMAGE_VAE: Part = {
  role: "vae",
  names: /qwen-image-vae/,
  example: "qwen_image_vae.safetensors",
  source: "https://huggingface.co/Comfy-Org/Qwen-Image_ComfyUI",
};
