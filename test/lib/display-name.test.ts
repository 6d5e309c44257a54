import fc from "fast-check";
import { expect, it } from "vitest";
import { displayName } from "../../src/lib/display-name.ts";

it.each([
  ["turns the rest of the line round", "\u202eevil", "evil"],
  ["isolates", "\u2067evil\u2069", "evil"],
  ["has a zero-width space", "Ann\u200b", "Ann"],
  ["ends in a filler of Hangul", "Ada\u3164", "Ada"],
  ["has blank Braille", "Ada\u2800", "Ada"],
  ["has a selector for nothing", "Ada\ufe0f", "Ada"],
  ["has a selector of Mongolian", "Ada\u180b", "Ada"],
  ["has tags for nothing", "Ada\u{e0041}\u{e007f}", "Ada"],
  ["has a joiner at a word's edge", "Ada\u200d Ben", "Ada Ben"],
  ["breaks the line", "Ada\nBen\u2028Cy", "Ada Ben Cy"],
  ["has half a pair", "Ada\ud83d", "Ada"],
  ["has private characters", "Ada\ue000", "Ada"],
  ["grows over the lines above", `Z${"\u0301".repeat(50)}`, "\u0179\u0301\u0301\u0301\u0301"],
  ["is blank", "\u3164\u3164", "somebody"],
  ["is turned blank", "\u202e \u200f", "somebody"],
  ["is marks alone", "\u0301\u0301", "somebody"],
  ["is empty", "", "somebody"],
])("of a name that %s nothing is left of it", (_what, given, shown) =>
  expect(displayName(given, "somebody")).toBe(shown),
);

it.each([
  "Ada",
  "Zoë",
  "علي",
  "می‌خواهم",
  "क्‍ष",
  "小明",
  "👩‍👩‍👧 Ann",
  "🏳️‍🌈 Pat",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ed",
  "❤️ Mia",
  "1️⃣ One",
  "👋🏽‍ Bo".replace("\u200d", ""),
])("%s is shown as it is", (name) => expect(displayName(name, "somebody")).toBe(name));

it("leaves of anything one line that turns nothing round, and stays as it is when shown again", () => {
  const hostile = fc.string({
    unit: fc.constantFrom(..."aZ\u0301\u200d\u200c\u202e\u2067\u3164\ufe0f\u2800\n \u{e0041}ع👩"),
  });
  // Any code points, halves of pairs too. fast-check's own "binary" unit takes a second to be made.
  const any = fc.array(fc.nat(0x10_ff_ff)).map((points) => String.fromCodePoint(...points));
  fc.assert(
    fc.property(fc.oneof(hostile, any), (given) => {
      const shown = displayName(given, "somebody");
      expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u3164\u2800\u200b]/u);
      expect(shown.trim()).not.toBe("");
      expect(shown.length).toBeLessThanOrEqual(64);
      expect(displayName(shown, "somebody")).toBe(shown);
    }),
    { numRuns: 500 },
  );
});
