import type { FamilyGraph } from "../graph.ts";

export const graph: FamilyGraph = {
  families: ["sdxl"],
  encoderType: "sdxl",
  emptyLatent: "EmptyLatentImage",
  loraChangesEncoders: true,
};
