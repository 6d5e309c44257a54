import type { FamilyGraph } from "../graph-input.ts";

export const graph: FamilyGraph = {
  families: ["flux3-klein"],
  since: [0, 41, 0],
  encoderType: "flux3",
  emptyLatent: "EmptyFlux2LatentImage",
  edit: { tells: "latents" },
};
