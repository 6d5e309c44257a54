import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { cases } from "../many.ts";
import { letteringFaults } from "../referees/lettering.ts";
import { mixedRequest } from "./mixed-prompts.ts";
import { openPaper } from "./paper.ts";

/** `npm run torture -- sketch` draws 10,000. */
const POSTERS = cases(5, 400);
const paper = openPaper();
afterAll(() => paper.close());

it(`${POSTERS} posters by their pixels: on the page, apart, readable, the same twice`, {
  timeout: 600_000,
}, async () => {
  for (const [index, request] of fc.sample(mixedRequest, { numRuns: POSTERS, seed: 20_261_130 }).entries()) {
    const { png, lettered } = await paper.draw(request);
    expect(await letteringFaults(png, lettered), JSON.stringify(request)).toEqual([]);
    if (index % 10 === 0) expect(Buffer.from((await paper.draw(request)).png).equals(png)).toBe(true);
  }
});
