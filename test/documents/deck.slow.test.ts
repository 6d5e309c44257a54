import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeDeck } from "../../src/documents/deck/deck.ts";
import { letteringLayerSchema } from "../../src/domain/lettering.ts";
import { letter } from "../../src/typesetter/overlay/letter.ts";
import { wordsOf } from "../../src/typesetter/overlay/words.ts";
import { drawPage } from "./pdf-drawing.ts";
import { readPdf } from "./pdf-reader.ts";
import { newFolder, pageOf, pictureIn } from "./specs.ts";

const nothing = () => undefined;

const LONG = "Mietpreisbremsenverlängerungsgesetz ";

it.each([
  ["of many words", "Childcare on Saturday and who brings the keys ".repeat(6)],
  ["of long words", LONG.repeat(8)],
  ["of one endless word", "x".repeat(290)],
])("a heading %s and too many lines stay on the page, and off the picture", async (_what, heading) => {
  const folder = await newFolder();
  const path = join(folder, "long.pdf");
  const outcome = [`https://example.org/${"path/".repeat(40)}`, ...Array.from({ length: 12 }, () => LONG.repeat(9))];
  const shapes = [
    { widthPx: 60, heightPx: 90 },
    { widthPx: 90, heightPx: 90 },
    { widthPx: 160, heightPx: 90 },
    { widthPx: 400, heightPx: 90 },
    { widthPx: 30, heightPx: 300 },
  ];
  const pictures = await Promise.all(shapes.map((shape, number) => pictureIn(folder, "p", { ...shape, number })));
  const full = { outcome, credits: outcome.slice(0, 3), chosen: true } as const;
  const pages = [pageOf(heading, full), ...pictures.map((picture) => pageOf(heading, { ...full, picture }))];
  await writeDeck({ kind: "deck", title: heading, subtitle: heading, language: "de", pages }, path, nothing);
  for (const { items, tagged } of (await readPdf(path)).pages) {
    const [left = 0, bottom = 0, right = 0, top = 0] = tagged.find(({ role }) => role === "Figure")?.bbox ?? [];
    for (const { text, x, y, width, height } of items) {
      const at = `“${text}” at ${Math.round(x)}, ${Math.round(y)}`;
      expect(x, at).toBeGreaterThan(20);
      expect(x + width, at).toBeLessThan(940);
      expect(y - height * 0.7, at).toBeGreaterThan(0);
      expect(y, at).toBeLessThan(530);
      const isOver = x < right && x + width > left && y > 540 - top && y - height * 0.7 < 540 - bottom;
      expect(isOver, `${at} over the picture at ${left}–${right}`).toBe(false);
    }
  }
});

