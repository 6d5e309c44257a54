import type { FamilyGraph } from "../graph-input.ts";
import { node } from "../node.ts";

export const graph: FamilyGraph = {
  families: ["flux1"],
  encoderType: "flux",
  emptyLatent: "EmptySD3LatentImage",
  // Schnell has a fixed shift, and Kontext the one in its file.
  // Kontext's own template puts two pictures side by side into one, and the result has the shape of both.
  edit: { tells: "latents", scale: "FluxKontextImageScale" },
  model(model, { drawing, edited, request: { widthPx: width, heightPx: height } }) {
    if (drawing.guidance.by === "none" || edited) return undefined;
    return node("ModelSamplingFlux", { model, max_shift: 1.15, base_shift: 0.5, width, height });
  },
};
