import type { FamilyGraph } from "../graph-input.ts";

export const graph: FamilyGraph = {
  families: ["krea2"],
  since: [0, 24, 1],
  encoderType: "krea2",
  emptyLatent: "EmptyLatentImage",
};
