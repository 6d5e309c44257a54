import { type FamilyGraph, node } from "../graph.ts";

export const graph: FamilyGraph = {
  families: ["flux1"],
  encoderType: "flux",
  emptyLatent: "EmptySD3LatentImage",
  // Schnell has a fixed shift.
  model(model, { drawing, request: { widthPx: width, heightPx: height } }) {
    if (drawing.guidance.by === "none") return undefined;
    return node("ModelSamplingFlux", { model, max_shift: 1.15, base_shift: 0.5, width, height });
  },
};
