import type { FamilyGraph } from "../graph-input.ts";
import { node } from "../node.ts";

export const graph: FamilyGraph = {
  families: ["flux2-dev", "flux2-klein-4b", "flux2-klein-9b"],
  since: [0, 3, 72],
  encoderType: "flux2",
  emptyLatent: "EmptyFlux2LatentImage",
  edit: { tells: "latents" },
  // Its levels depend on the picture's size.
  sigmas: (steps, { widthPx: width, heightPx: height }) => node("Flux2Scheduler", { steps, width, height }),
};
