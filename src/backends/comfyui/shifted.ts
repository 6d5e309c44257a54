import type { DrawInput } from "./graph-input.ts";
import { type GraphNode, type Link, node } from "./node.ts";

/** The family's own shift, for models whose files do not bring one. */
export const shifted = (model: Link, { drawing }: DrawInput): GraphNode | undefined =>
  drawing.shift === undefined ? undefined : node("ModelSamplingAuraFlow", { model, shift: drawing.shift });
