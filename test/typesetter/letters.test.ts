import { expect, it } from "vitest";
import { fontForLetters, letterCount } from "../../src/typesetter/lettering/letters.ts";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { english } from "../words.ts";

const CUT = /Lettering was cut: one text is drawn up to 500 letters/u;
const lettersOf = (prompt: string) => readBrief({ prompt }).phrases.map(({ text }) => letterCount(text));

it.each([
  ["letters that were typed", `"${"W".repeat(1498)}"`, [500]],
  ["what a ligature stands for: eighteen letters", `"${"ﷺ".repeat(1498)}"`, [486]],
  ["what becomes of it in capitals", `in capitals "${"ß".repeat(400)}"`, [500]],
  [
    "each text for itself, and the poster's sum",
    `${["a", "b", "c"].map((letter) => `"${letter.repeat(490)}"`).join(" ")}`,
    [490, 490, 20],
  ],
  ["a title without quotes", "ﷺ".repeat(1500), [486]],
])("counts %s", (_why, prompt, letters) => {
  expect(lettersOf(prompt)).toEqual(letters);
  expect(english(readBrief({ prompt }).notes).join("\n")).toMatch(CUT);
});

it("leaves the longest that is still read as it is, without a note", () => {
  const { phrases, notes } = readBrief({ prompt: `"${"Bread and roses ".repeat(31).trim()}"` });
  expect(phrases[0]?.text).toHaveLength(495);
  expect(english(notes).join("\n")).not.toMatch(CUT);
});

it("sets few letters in a rough face, and many in a smooth one", () => {
  const said = (letters: number, text = "a") => [{ text: text.repeat(letters) }, { text: text.repeat(letters) }];
  expect(fontForLetters("marker", said(125))).toBe("marker");
  expect(fontForLetters("marker", said(126))).toBe("text");
  expect(fontForLetters("typewriter", said(7, "ﷺ"))).toBe("text");
  expect(fontForLetters("anton", said(400))).toBe("anton");
});
