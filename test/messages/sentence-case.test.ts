import { expect, it } from "vitest";
import { listed, sentences, text, verbatim } from "../../src/domain/text.ts";
import { LANGUAGES } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";

const SKETCH = text("backend.sketch.title");

it.each([
  ["alone", text("backend.lacks.negative", { place: SKETCH }), "The built-in sketch does not know a negative prompt."],
  [
    "after another",
    sentences(text("problem.nothing-can"), text("backend.error.busy", { place: SKETCH })),
    "Nothing here can make this. The built-in sketch is busy.",
  ],
  ["of a product", text("backend.error.busy", { place: verbatim("sd-server") }), "sd-server is busy."],
  ["of a member", text("backend.error.busy", { place: "ana’s box" }), "ana’s box is busy."],
  [
    "of a number and its unit",
    text("card.cost.used", { used: text("time.amount", { seconds: 6 }) }),
    "6 s of the allowance was charged for the work done.",
  ],
  ["no sentence", listed([SKETCH], "commas"), "the built-in sketch"],
])("a sentence begins with a capital, whatever stands in its first gap: %s", (_what, said, shown) =>
  expect(render(said, "en")).toBe(shown),
);

it("in every language that has capitals", () => {
  for (const tag of LANGUAGES) {
    const said = render(text("backend.error.busy", { place: SKETCH }), tag);
    const [letter = ""] = /\p{L}/u.exec(said) ?? [];
    expect([tag, letter]).toEqual([tag, letter.toLocaleUpperCase(tag)]);
  }
});
