import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { stripPng, withPngText } from "../../src/lib/png.ts";
import { recipeOf } from "../fakes/recipe-files.ts";
import { cases } from "../many.ts";

const FILES = cases(500, 10_000);

it(`survives ${FILES} damaged files`, async () => {
  const png = await sharp({ create: { width: 5, height: 7, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const whole = withPngText(png, [
    { keyword: "parameters", text: "Füchse, 狐\nSteps: 3" },
    { keyword: "placard", text: '{"a":1}' },
  ]);
  const edit = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 6 }), fc.nat(whole.length), async (edits, length) => {
      const bytes = Buffer.from(whole);
      for (const [at, byte] of edits) bytes[at] = byte;
      const damaged = length % 3 === 0 ? bytes.subarray(0, length) : bytes;
      expect(["ours", "other", "none"]).toContain((await recipeOf(damaged)).kind);
      try {
        stripPng(damaged);
      } catch (error) {
        expect(String(error)).toMatch(/PNG/);
      }
    }),
    { numRuns: FILES },
  );
});
