import { klein } from "./shared/klein.ts";
import { QWEN_3_4B } from "./shared/parts.ts";

export const family = klein("4b", {
  rank: 40,
  encoder: QWEN_3_4B,
  licence: {
    name: "Apache-2.0",
    commercial: true,
    source: "https://huggingface.co/black-forest-labs/FLUX.2-klein-4B",
  },
  example: {
    file: "flux-2-klein-4b.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/flux2-klein",
  },
});
