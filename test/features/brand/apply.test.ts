import { expect, it } from "vitest";
import type { Brand } from "../../../src/domain/brand.ts";
import type { LetteringLayer } from "../../../src/domain/lettering.ts";
import { templateSchema } from "../../../src/domain/template.ts";
import { withBrand, withoutForeignLogo } from "../../../src/features/brand/apply.ts";

const LAYER: LetteringLayer = { lettering: 1, words: [{ text: "Strike", level: "title" }], place: "auto" };
const logo = { key: "logo/aaaaaaaaaaaaaaaa", widthPx: 100, heightPx: 50 };
const BRAND: Brand = { colours: { ink: "#111111", ground: "#ffdd00" }, font: "slab", logo };
const template = (more: object, slots: object = {}) =>
  ({
    on: "template",
    template: templateSchema.parse({
      id: "t",
      title: "T",
      description: "d",
      art: "a",
      slots: { title: { required: true, example: "e" }, ...slots },
      ...more,
    }),
  }) as const;
const has = (layer: LetteringLayer) => Object.keys(layer).filter((name) => !(name in LAYER));

it.each([
  ["a slide", { on: "slide" }, BRAND, undefined, ["colours", "font", "logo"]],
  ["a template without a place for a logo", template({}), BRAND, undefined, ["colours", "font"]],
  ["a template with one", template({}, { logo: {} }), BRAND, undefined, ["colours", "font", "logo"]],
  [
    "a template of colours of its own",
    template({ keeps: ["colours"] }, { logo: {} }),
    BRAND,
    undefined,
    ["font", "logo"],
  ],
  ["a template whose brand is left off", template({}, { logo: {} }), BRAND, "no", []],
  ["words", { on: "words" }, BRAND, undefined, []],
  ["words that ask for it", { on: "words" }, BRAND, "yes", ["colours", "font", "logo"]],
  [
    "words of a chat that wants it everywhere",
    { on: "words" },
    { ...BRAND, use: "everything" },
    undefined,
    ["colours", "font", "logo"],
  ],
  ["such words, once without", { on: "words" }, { ...BRAND, use: "everything" }, "no", []],
  ["a chat with nothing of its own", { on: "slide" }, undefined, "yes", []],
] as const)("%s", (_name, where, brand, asked, expected) =>
  expect(has(withBrand(LAYER, brand, where, asked))).toEqual(expected),
);

it("a file's recipe brings no logo but this chat's own", () => {
  expect(withoutForeignLogo({ ...LAYER, logo }, BRAND).logo).toEqual(logo);
  expect(withoutForeignLogo({ ...LAYER, logo: { ...logo, key: "logo/bbbbbbbbbbbbbbbb" } }, BRAND)).toEqual(LAYER);
  expect(withoutForeignLogo({ ...LAYER, logo }, undefined)).toEqual(LAYER);
});
