import type { FamilyGraph } from "../graph-input.ts";

export const graph: FamilyGraph = {
  families: ["sdxl"],
  encoderType: "sdxl",
  emptyLatent: "EmptyLatentImage",
  loraChangesEncoders: true,
};
