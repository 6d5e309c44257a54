import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cases } from "../many.ts";
import { anyRequest, faultsOf } from "./layouts.ts";

const POSTERS = cases(150, 2000);

describe("layouts", () => {
  it(`${POSTERS} random posters: lettering is whole, on the page, apart and readable`, { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyRequest, (input) => {
        expect(faultsOf(input)).toEqual([]);
      }),
      { numRuns: POSTERS, seed: 20_261_123 },
    );
  });
});
