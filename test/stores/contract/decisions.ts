import { describe } from "vitest";
import type { OpenStore } from "./inputs.ts";
export function decisionContract(_open: OpenStore): void {
  describe("decisions", () => {});
}
