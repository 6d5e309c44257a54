import type { FamilyGraph } from "../graph.ts";
import { shifted } from "../shifted.ts";

export const graph: FamilyGraph = {
  families: ["qwen-image"],
  encoderType: "qwen_image",
  emptyLatent: "EmptySD3LatentImage",
  model: shifted,
};
