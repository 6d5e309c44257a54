import fc from "fast-check";
import { expect, it } from "vitest";
import { cases } from "../many.ts";
import { faultsOf } from "./layouts.ts";
import { mixedRequest } from "./mixed-prompts.ts";

const POSTERS = cases(100, 2000);

it(`${POSTERS} posters of mixed scripts: all lettered, on the page, apart, readable`, { timeout: 600_000 }, () => {
  for (const request of fc.sample(mixedRequest, { numRuns: POSTERS, seed: 20_261_129 }))
    expect(faultsOf({ request, hasPhoto: false }), request.finalPrompt).toEqual([]);
});
