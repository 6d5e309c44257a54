import { describe, expect, it } from "vitest";
import { breakWithin, measureText } from "../../src/typesetter/lettering/breaks.ts";
import { fitText, leadingOf } from "../../src/typesetter/lettering/lines.ts";
import { shapeLine } from "../../src/typesetter/lettering/shape.ts";
import { copyOf, setWords } from "../../src/typesetter/overlay/stack.ts";
import { wordsOf } from "../../src/typesetter/overlay/words.ts";
import { compositionOf, requestOf } from "./layouts.ts";

const DETAILS = "Thursday 19:00 · Community centre, room 2 · Neighbours of Elm Street";
const RULES = { font: "text", widthPx: 600, heightPx: 300, maxCapPx: 40, leading: 1.5 } as const;
const linesOf = (text: string, rules: Parameters<typeof fitText>[1] = RULES) =>
  fitText(text, rules)?.lines.map(({ line }) => line.text) ?? [];

describe("where lines break", () => {
  it("between two thoughts, and what parts them is neither first nor last", () => {
    const text = measureText(DETAILS, { font: "text" });
    for (let limit = Math.ceil(text.widest); limit < 60; limit++)
      for (const line of breakWithin(text, limit)) expect(line).not.toMatch(/^\s*·|·\s*$/u);
    expect(linesOf(DETAILS, { ...RULES, heightPx: 60 })).toEqual([
      "Thursday 19:00 · Community centre, room 2",
      "Neighbours of Elm Street",
    ]);
    expect(
      linesOf("From Monday 06:00 · Gate 3 · Workers' committee", { ...RULES, widthPx: 260, heightPx: 44 }),
    ).toContain("Gate 3 · Workers' committee");
  });

  it("lines of a title are about as long, and no number begins one", () => {
    const broken = (text: string, widths: number): string => {
      const measured = measureText(text, { font: "grotesk" });
      return breakWithin(measured, measured.widest * widths).join(" / ");
    };
    expect(broken("No rent rise for anybody in our whole neighbourhood this winter or the next", 1.3)).toBe(
      "No rent rise / for anybody / in our whole / neighbourhood this / winter or the next",
    );
    expect(broken("March to platform 9 at the station now", 1.5)).toBe("March to / platform 9 / at the / station now");
  });
});

describe("how lines stand", () => {
  it("all lines of one size are as far apart as two of them need to be", () => {
    const lines = ["किराया", "हड़ताल", "अभी"].map((text) => shapeLine(text, "condensed"));
    const leading = leadingOf(lines, 1.2);
    lines.slice(1).forEach((line, index) => {
      expect(leading).toBeGreaterThanOrEqual((lines[index]?.ink.bottom ?? 0) - line.ink.top + 0.17);
    });
    const [copy] = [copyOf(wordsOf("किराया हड़ताल अभी शुरू करो"), "condensed")];
    const stack = setWords(copy, { widthPx: 200, heightPx: 900, leadMaxPx: 60, shorterPx: 700, align: "left" });
    const steps = stack.lines.slice(1).map(({ y }, index) => Math.round(y - (stack.lines[index]?.y ?? 0)));
    expect(steps.length).toBeGreaterThan(1);
    expect(new Set(steps).size).toBe(1);
  });

  it("an emoji is as far from a word as two words are", () => {
    const gap = shapeLine("x x", "condensed").advance - 2 * shapeLine("x", "condensed").advance;
    const both = shapeLine("🔥 x", "condensed").advance;
    expect(both - shapeLine("🔥x", "condensed").advance).toBeCloseTo(gap, 5);
  });

  it.each([
    ["1. Eight hours\n2. Fair pay\n3. Safe work", "left"],
    ["١. ثماني ساعات\n٢. أجر عادل\n٣. عمل آمن", "right"],
  ])("items of a list begin under each other in every layout: %s", (list, side) => {
    for (const style of ["woodcut", "chalk", "constructivist poster", "art deco", "swiss style"]) {
      const { page, brief } = compositionOf(requestOf(`${style}, "On strike", "${list}"`), false);
      const at = brief.phrases.findIndex(({ isList }) => isList);
      const lines = page.lettering.filter(({ phrase }) => phrase === at);
      expect(lines, style).toHaveLength(3);
      const starts = lines.map(({ x, capPx, line }) => x + (side === "left" ? line.ink.left : line.ink.right) * capPx);
      expect(Math.max(...starts) - Math.min(...starts), style).toBeLessThan(1);
    }
  });

  it("what goes on below an item stands beside its mark", () => {
    const list = "1. A very long first item that says what we want from them\n2. Fair pay";
    const block = fitText(list, { ...RULES, widthPx: 240, isList: true });
    const [first, second] = block?.lines ?? [];
    expect(first?.indent).toBe(0);
    expect(second?.indent).toBeGreaterThan(0.5);
    expect(block?.lines.at(-1)?.indent).toBe(0);
    const { page, brief } = compositionOf(requestOf(`woodcut, "On strike", "${list} from all of them"`), false);
    const at = brief.phrases.findIndex(({ isList }) => isList);
    const [one, below] = page.lettering.filter(({ phrase }) => phrase === at);
    expect((below?.x ?? 0) - (one?.x ?? 0)).toBeGreaterThan((one?.capPx ?? 0) * 0.5);
    for (const { line, capPx, indent } of block?.lines ?? [])
      expect((line.ink.right - line.ink.left + indent) * capPx).toBeLessThanOrEqual(240.01);
  });

  it("what follows a title of one endless word is not small print", () => {
    const { page, brief } = compositionOf(
      requestOf('modernist, "Donaudampfschifffahrtsgesellschaftskapitän", "Everybody has a voice in this house"'),
      false,
    );
    const shorterPx = Math.min(page.widthPx, page.heightPx);
    const below = page.lettering.filter(({ phrase }) => phrase === 1);
    expect(brief.phrases).toHaveLength(2);
    for (const { capPx } of below) expect(capPx / shorterPx).toBeGreaterThan(0.015);
  });
});
