import { expect, it } from "vitest";
import { cleaned } from "../../src/documents/words/clean.ts";
import { oneLineOf, setParagraphs, startOf, type Voicing } from "../../src/documents/words/set.ts";
import { pageOf } from "./specs.ts";

const BODY: Voicing = { font: "body", han: "simplified" };

it("a title that is too long for its line is cut there, in any size, and never left out", () => {
  const title = "Rent strike and childcare: who brings the keys and 200 printed copies by Thursday noon";
  for (let cap = 5; cap <= 20; cap += 0.5) expect(oneLineOf(title, BODY, { w: 12 * cap, cap })).toMatch(/^Rent.*…$/u);
});

it("lines begin below each other, whichever way they run, at the side where one begins to read the document", () => {
  const box = { x: 40, w: 300 };
  const rules = { w: box.w, h: 400, caps: [12], leading: 2, gap: 0 };
  const [set] = setParagraphs(["إضراب الإيجار يوم السبت في قاعة النقابة قبل الخميس ظهراً"], () => BODY, rules);
  if (!set) throw new Error("nothing was set");
  expect(set.lines.length).toBeGreaterThan(1);
  const starts = (direction: "ltr" | "rtl", isTurned: boolean) =>
    set.lines.map((line) => {
      const left = startOf(line, set, box, { direction, isTurned });
      return Math.round(direction === "rtl" ? left + line.width : left);
    });
  const widest = Math.max(...set.lines.map(({ width }) => width));
  const everyAt = (x: number) => set.lines.map(() => Math.round(x));
  expect(starts("ltr", false)).toEqual(everyAt(40));
  expect(starts("rtl", false)).toEqual(everyAt(40 + widest));
  expect(starts("rtl", true)).toEqual(everyAt(340));
  expect(starts("ltr", true)).toEqual(everyAt(340 - widest));
});

it("skin tones are left out where signs are drawn in one colour, and stay where they can be shown", () => {
  const pages = [pageOf("✊🏽 Strike", { outcome: ["👍🏿 5"] })];
  const headings = (["deck", "sheet", "slides"] as const).map((kind) => {
    const spec = cleaned({ kind, title: "✊🏽", subtitle: "", language: "en", pages });
    return [spec.title, ...("pages" in spec ? spec.pages.flatMap((page) => [page.heading, ...page.outcome]) : [])];
  });
  const plain = ["✊", "✊ Strike", "👍 5"];
  expect(headings).toEqual([plain, plain, ["✊🏽", "✊🏽 Strike", "👍🏿 5"]]);
});
