import fc from "fast-check";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { contrastOf } from "../../src/lib/colour.ts";
import { compose } from "../../src/typesetter/composition/compose.ts";
import { coloursUnder, overlap } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { wordsOf } from "../../src/typesetter/lettering/pieces.ts";

export const requestOf = (prompt: string, change: Partial<ImageRequest> = {}): ImageRequest => ({
  prompt,
  finalPrompt: prompt,
  styleId: "no_style",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: 28,
  seed: 7,
  widthPx: 832,
  heightPx: 1216,
  ...change,
});
/** Small enough to look at every pixel. */
export const pixelsRequestOf = (prompt: string, seed: number): ImageRequest =>
  requestOf(prompt, { seed, widthPx: 512, heightPx: 768 });
/** @param layout forces one; default: what style, words and seed lead to */
export const compositionOf = (request: ImageRequest, hasPhoto = false, layout?: string) =>
  compose({ request, trigger: "", hasPhoto, ...(layout === undefined ? {} : { layout }) });

const VOCABULARY = [
  ..."red black cream blue night dawn neon gold fist wolf bridge bread lighthouse unknownword poster background large".split(
    " ",
  ),
  ...LAYOUTS.map((layout) => layout.name),
];
const LETTERING = [
  "UNITE",
  "Bread and roses",
  "Saturday 5 May, 14:00",
  "Союз",
  "Ελευθερία",
  "خبز وورد",
  "שלום לכל",
  "a",
  "What do we want? Climate justice! When do we want it? Now!",
  "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
  "gjpqy ÅÉÎ",
];
const WHERE = ["", " front and centered", " at the top", " at the very bottom", " small", " large narrow", " below it"];

const side = fc.integer({ min: 4, max: 24 }).map((n) => n * 64);
export const anyRequest = fc
  .record({
    words: fc.array(fc.constantFrom(...VOCABULARY), { maxLength: 6 }),
    quotes: fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...LETTERING) },
          { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
        ),
        fc.constantFrom(...WHERE),
      ),
      { maxLength: 5 },
    ),
    seed: fc.nat(),
    widthPx: side,
    heightPx: side,
    loraScale: fc.double({ min: 0, max: 1.5, noNaN: true }),
    guidance: fc.integer({ min: 1, max: 10 }),
    steps: fc.integer({ min: 1, max: 50 }),
    hasPhoto: fc.boolean(),
    layout: fc.option(fc.constantFrom(...LAYOUTS.map(({ name }) => name)), { nil: undefined }),
    strength: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  })
  .map(({ words, quotes, hasPhoto, strength, layout, ...rest }) => ({
    hasPhoto,
    layout,
    request: requestOf(
      [
        words.join(" ") || "poster",
        ...quotes.map(([text, place]) => `"${text.replace(/["“”„«»]/gu, "")}"${place}`),
      ].join(", "),
      {
        ...rest,
        ...(strength === undefined ? {} : { variation: { seed: 99, strength } }),
      },
    ),
  }));

/** All that can be wrong with a layout, in words; empty when nothing is. */
export function faultsOf(input: {
  readonly request: ImageRequest;
  readonly hasPhoto: boolean;
  readonly layout?: string | undefined;
}): string[] {
  const { page, brief, layout } = compositionOf(input.request, input.hasPhoto, input.layout);
  const faults: string[] = [];
  for (const line of page.lettering) {
    if (line.box.some(([x, y]) => x < 0 || y < 0 || x > page.widthPx || y > page.heightPx))
      faults.push(`outside the page: ${line.line.text}`);
    for (const under of coloursUnder(page, line.box)) {
      if (contrastOf(under, line.fill) < 4.5) faults.push(`${line.fill} on ${under}: ${line.line.text}`);
    }
  }
  page.lettering.forEach((line, index) => {
    for (const other of page.lettering.slice(index + 1))
      if (overlap(line.box, other.box)) faults.push(`${line.line.text} over ${other.line.text}`);
  });
  brief.phrases.forEach((phrase, index) => {
    const set = page.lettering.filter((line) => line.phrase === index).map((line) => line.line.text);
    // " · " is dropped where a line ends.
    const letters = (words: string) => words.replace(/[\s·]/gu, "");
    if (letters(set.join("")) !== letters(wordsOf(phrase.text).join("")))
      faults.push(`not all lettered: ${phrase.text}`);
  });
  return faults.map((fault) => `${layout}: ${fault}`);
}
