import type { FamilyGraph } from "../graph-input.ts";
import { node } from "../node.ts";
import { shifted } from "../shifted.ts";

export const graph: FamilyGraph = {
  families: ["chroma"],
  encoderType: "chroma",
  emptyLatent: "EmptySD3LatentImage",
  // Without it the words are drowned in padding.
  encoders: (clip) => node("T5TokenizerOptions", { clip, min_padding: 0, min_length: 0 }),
  model: shifted,
};
