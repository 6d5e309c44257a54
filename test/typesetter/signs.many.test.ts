import { Resvg } from "@resvg/resvg-js";
import { expect, it } from "vitest";
import { colourOf, contrastOf } from "../../src/lib/colour.ts";
import type { Page } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { writeSvg } from "../../src/typesetter/painting/svg.ts";
import { cases } from "../many.ts";
import { compositionOf, requestOf } from "./layouts.ts";

const pixelsOf = (page: Page): Uint8Array =>
  new Resvg(writeSvg(page), { fitTo: { mode: "width", value: 512 }, font: { loadSystemFonts: false } }).render().pixels;

/** Where the largest sign stands, the contrast it has with what lies below it and its shadow: of 100 pixels the 30th from below. */
function contrastOfSign(page: Page): number {
  const largest = page.marks
    .filter(({ transform }) => transform?.includes("scale("))
    .map((mark) => ({ mark, scale: Number(/scale\(([\d.]+)\)/u.exec(mark.transform ?? "")?.[1]) }))
    .reverse()
    // Of a sign and its shadow the sign: it is laid last.
    .toSorted((a, b) => b.scale - a.scale)[0];
  if (!largest) throw new Error("no sign");
  const { d } = largest.mark;
  const withoutIt = pixelsOf({ ...page, marks: page.marks.filter((mark) => mark !== largest.mark) });
  // Overprints lay one sign twice or more: all of it goes.
  const without = pixelsOf({ ...page, marks: page.marks.filter((mark) => mark.d !== d || !mark.transform) });
  const withSign = pixelsOf(page);
  const contrasts: number[] = [];
  const at = (pixels: Uint8Array, i: number) => colourOf(pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0);
  for (let i = 0; i < withSign.length; i += 4) {
    const isIts = [0, 1, 2].some((c) => Math.abs((withSign[i + c] ?? 0) - (withoutIt[i + c] ?? 0)) > 8);
    if (isIts) contrasts.push(contrastOf(at(withSign, i), at(without, i)));
  }
  // The outermost pixels are half of each: a tenth of all and more.
  return contrasts.sort((a, b) => a - b)[Math.floor(contrasts.length * 0.3)] ?? 0;
}

// A plan and a board draw lines: their signs are thinner than a pixel here.
const solid = LAYOUTS.filter(({ name }) => name !== "blueprint" && name !== "chalk");

it.each(solid.map(({ name }) => [name]))("%s: the sign can be told from what it stands on, 3:1", (layout) => {
  for (const words of ["", "red and black, ", "teal and gold, ", "green, on a yellow background, "].slice(
    0,
    cases(1, 4),
  )) {
    for (let seed = 1; seed <= cases(1, 6); seed++) {
      const { page } = compositionOf(requestOf(`${words}a fist, "Bread and roses"`, { seed }), false, layout);
      expect(contrastOfSign(page), `${words} seed ${seed}`).toBeGreaterThan(3);
    }
  }
});
