import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { cases } from "../many.ts";
import { letteringFaults } from "../referees/lettering.ts";
import { mixedRequest } from "./mixed-prompts.ts";
import { openPaper, ROOMY } from "./paper.ts";

/** Smaller posters are drawn sooner, and four lines of five are still large enough to measure. `test:all` draws them whole. */
const QUICK_SCALE = 0.6;
const TWICE_EVERY = 10;

/**
 * A quarter of 80 posters in `npm test`, of 800 in `test:all`; `npm run torture -- sketch` draws 10,000. Looked at in the
 * PNG: contrast of the ink with what is around it, ink where the program says that it put a line. By that place: on the page,
 * apart from the others. Letters smaller than 9 px are not measured, and places of those smaller than 14 px not.
 */
export function postersByPixels(part: number): void {
  const posters = cases(20, 100);
  const scale = cases(QUICK_SCALE, 1);
  const paper = openPaper(ROOMY);
  afterAll(() => paper.close());

  it(`${posters} posters by their pixels: on the page, apart, readable, the same twice`, {
    timeout: 600_000,
  }, async () => {
    const sample = fc.sample(mixedRequest, { numRuns: posters, seed: 20_261_130 + part });
    for (const [index, { widthPx, heightPx, ...rest }] of sample.entries()) {
      const request = { ...rest, widthPx: Math.round(widthPx * scale), heightPx: Math.round(heightPx * scale) };
      const { png, lettered } = await paper.draw(request);
      expect(await letteringFaults(png, lettered), JSON.stringify(request)).toEqual([]);
      if (index % TWICE_EVERY === 0) expect(Buffer.from((await paper.draw(request)).png).equals(png)).toBe(true);
    }
  });
}
