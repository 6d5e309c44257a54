import { klein } from "./shared/klein.ts";
import { QWEN_3_8B } from "./shared/parts.ts";

export const family = klein("9b", {
  rank: 41,
  encoder: QWEN_3_8B,
  licence: {
    name: "FLUX non-commercial",
    commercial: false,
    source: "https://huggingface.co/black-forest-labs/FLUX.2-klein-9B",
  },
  example: {
    file: "flux-2-klein-9b.safetensors",
    folder: "diffusion_models",
    source: "https://huggingface.co/Comfy-Org/flux2-klein",
  },
});
