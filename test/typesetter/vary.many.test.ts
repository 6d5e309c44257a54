import { expect, it } from "vitest";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { cases } from "../many.ts";
import { changed, pictureOf } from "./pictures.ts";

const PROMPTS = [
  '"STRIKE"',
  'a fist, "Bread and roses", "Sunday at ten, Mill Lane"',
  'red and black, a wolf, "Rent is too damn high and we will not pay" large at the top, "Tuesday 7 pm" small',
];
// In a quick run those with the least to move: few forms, and thin lines.
const HARDEST: Readonly<Record<string, number>> = { swiss: 0, blueprint: 1 };
const TAKEN = LAYOUTS.flatMap(({ name }) =>
  PROMPTS.filter((_, index) => cases(HARDEST[name] === index ? 1 : 0, 1) === 1).map(
    (prompt) => [name, prompt] as const,
  ),
);

it.each(TAKEN)("%s: %s: a little is 2 to 15 percent of the pixels, a lot 10 to 60 percent", async (layout, prompt) => {
  const size = cases(0, 1) === 1 ? { widthPx: 512, heightPx: 768 } : { widthPx: 320, heightPx: 448 };
  const plain = await pictureOf(prompt, { layout, ...size });
  for (const seed of cases(1, 2) === 1 ? [11] : [11, 33]) {
    const at = (strength: number) => pictureOf(prompt, { layout, ...size, variation: { seed, strength } });
    const little = changed(plain, await at(0.15));
    expect(little).toBeGreaterThan(0.02);
    expect(little).toBeLessThan(0.15);
    const lot = changed(plain, await at(0.4));
    expect(lot).toBeGreaterThan(0.1);
    expect(lot).toBeLessThan(0.6);
  }
});

/** Far apart, as a reroll draws them: neighbours are dealt different choices, and would make this easy. */
const seedAt = (index: number): number => (index * 2_654_435_761 + 12_345) >>> 1;

// A new seed may fall on the same choices, and then only measures differ: a sheet with a fixed title and one sign has few
// choices left. Visible is what a strong variation changes at least.
it.each(TAKEN)(
  "%s: %s: of two seeds, five in six differ by a tenth of the pixels, no two by less than half a percent",
  async (layout, prompt) => {
    const size = { widthPx: 256, heightPx: 384 };
    const pictures = await Promise.all(
      Array.from({ length: cases(7, 10) }, (_, index) => pictureOf(prompt, { layout, ...size, seed: seedAt(index) })),
    );
    const shares = pictures.flatMap((one, index) => pictures.slice(index + 1).map((other) => changed(one, other)));
    expect(Math.min(...shares)).toBeGreaterThan(0.005);
    expect(shares.filter((share) => share > 0.1).length / shares.length).toBeGreaterThan(5 / 6);
  },
);
