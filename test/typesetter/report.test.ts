import { describe, expect, it } from "vitest";
import { compose } from "../../src/typesetter/composition/compose.ts";
import { english } from "../words.ts";
import { requestOf } from "./layouts.ts";

const told = (prompt: string, change: Parameters<typeof requestOf>[1] = {}, hasPhoto = false) => {
  const { notes, missed } = compose({ request: requestOf(prompt, change), trigger: "", hasPhoto });
  return { info: english(notes).join("\n"), card: english(missed) };
};

describe("Info tells what is on the paper", () => {
  it.each([
    ["what is drawn, in the member's words", 'a raised fist, "UNITE"', "Drawn: raised fist."],
    ["what is lettered", 'a fist, "UNITE", "Sunday"', "Lettered: “UNITE”, “Sunday”."],
    [
      "what has no room",
      "a rose, a dove, a star, a bridge, a bell",
      "Left out, for want of room or of a sign that fits: bridge, bell.",
    ],
    ["what was denied", 'a dove, no flags, "PEACE"', "Kept out, as you asked: flags."],
    ["that nothing has a sign", 'flummoxed, "UNITE"', "Drawn: an abstract shape, since no word has a sign here."],
    ["that nothing is lettered", '"བོད"', "Nothing is lettered."],
  ])("%s", (_why, prompt, line) => expect(told(prompt).info.split("\n")).toContain(line));

  it.each([
    ["signs by any of their names", "flags, doves", ["Kept out, as you asked: flags, doves."], []],
    ["a layout", "woodcut", ["Kept out, as you asked: woodcut."], []],
    ["what it does not know", "blurry, bokeh", [], ["The sketch does not know how to keep this out: blurry, bokeh."]],
    ["colours, which palettes have as well", "red", [], ["The sketch does not know how to keep this out: red."]],
    ["nothing", " , ", [], []],
  ])("of unwanted words: %s", (_what, negativePrompt, kept, stayed) => {
    const { info, card } = told('a dove and a flag, "PEACE"', { negativePrompt });
    const lines = info.split("\n");
    expect(lines.filter((line) => line.startsWith("Kept out"))).toEqual(kept);
    expect(lines.filter((line) => line.includes("keep this out"))).toEqual(stayed);
    expect(card).toEqual(stayed);
  });

  it("of an option that does nothing here", () =>
    expect(told("a dove", { trueCfg: 3 }).card).toEqual(["Left out, since it does nothing here: truecfg."]));

  it("says what the paper has: a photograph takes the sign's place", () => {
    const { info, card } = told('swiss, a fist, "UNITE"', {}, true);
    expect(info).toContain("Left out, for want of room or of a sign that fits: fist.");
    expect(card).toEqual(["Not drawn: fist."]);
  });

  it("of long lettering so much as a line holds", () => {
    const { info } = told(`"${"Bread and roses ".repeat(20)}"`);
    expect(Math.max(...info.split("\n").map((line) => line.length))).toBeLessThan(120);
  });
});

describe("the card says in a few words what is missing", () => {
  it.each([
    ["nothing", 'a fist and a rose, "UNITE"', []],
    ["nothing of what was denied", 'a dove, no flags, "PEACE"', []],
    ["a thing without room", "a rose, a dove, a star, a bridge", ["Not drawn: bridge."]],
    ["a thing without a sign", 'a platypus, "UNITE"', ["No sign known for: platypus."]],
    ["no thing that is lettered", "a platypus in the park", []],
    ["letters without a font", '"བོད 2026"', ["Not lettered: བ ོ ད"]],
    ["one letter without a font", '"UNITE Ꭹ"', ["Not lettered: Ꭹ"]],
    ["a chart", 'a bar chart, "Rents"', ["A sketch draws the sign of a chart, not your figures."]],
    ["a map", 'a map of the village, "Here"', ["A sketch draws the sign of a map, not the place itself."]],
    ["a portrait", 'portrait of Angela Davis, a fist, "FREE"', ["A sketch draws nobody’s portrait."]],
  ])("%s: %s", (_why, prompt, card) => expect(told(prompt).card).toEqual(card));
});
