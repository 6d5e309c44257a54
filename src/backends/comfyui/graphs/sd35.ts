import type { FamilyGraph } from "../graph-input.ts";

export const graph: FamilyGraph = {
  families: ["sd35"],
  encoderType: "sd3",
  emptyLatent: "EmptySD3LatentImage",
};
