import type { FamilyGraph } from "../graph-input.ts";
import { shifted } from "../shifted.ts";

export const graph: FamilyGraph = {
  families: ["z-image"],
  since: [0, 3, 75],
  encoderType: "lumina2",
  emptyLatent: "EmptySD3LatentImage",
  model: shifted,
};
