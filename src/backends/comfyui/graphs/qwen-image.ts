import type { FamilyGraph } from "../graph-input.ts";
import { node } from "../node.ts";
import { shifted } from "../shifted.ts";

export const graph: FamilyGraph = {
  families: ["qwen-image"],
  encoderType: "qwen_image",
  emptyLatent: "EmptySD3LatentImage",
  model: shifted,
  edit: {
    tells: "words",
    model: (model) => node("CFGNorm", { model, strength: 1 }),
    words(clip, { positive, negative }, { vae, images }) {
      const seen = Object.fromEntries(images.map((image, at) => [`image${at + 1}`, image]));
      const encoded = (prompt: string) => node("TextEncodeQwenImageEditPlus", { clip, prompt, vae, ...seen });
      return negative === undefined
        ? { nodes: { "30": encoded(positive) }, positive: ["30", 0] }
        : { nodes: { "30": encoded(positive), "32": encoded(negative) }, positive: ["30", 0], negative: ["32", 0] };
    },
  },
};
