import type { ImageRequest } from "../../recipe.ts";
import { chanceFrom } from "./chance.ts";
import { cleanPrompt } from "./clean.ts";
import { contrastOf } from "./colour.ts";
import { fitText, stepBetween } from "./lines.ts";
import { readQuotes } from "./quotes.ts";
import { missingCharacters } from "./shape.ts";
import { coloursUnder, corners, type Lettering, type Mark, type Page } from "./tree.ts";

export interface Composed {
  readonly page: Page;
  readonly notes: readonly string[];
}

export function compose(request: ImageRequest): Composed {
  const { text, notes } = cleanPrompt(request.finalPrompt);
  const chance = chanceFrom(request.seed);
  const phrases = readQuotes(text).phrases.map((phrase) => phrase.text);
  if (phrases.length === 0) phrases.push(text.split(/[,.;:]/u)[0] ?? text);
  const { widthPx: w, heightPx: h } = request;
  const ink = "#1a1613";
  const paper = "#f3e9d2";
  const cx = w * chance.between(0.3, 0.7);
  const r = Math.min(w, h) * chance.between(0.25, 0.4);
  const marks: Mark[] = [
    {
      d: `M${cx - r} ${h * 0.3}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
      fill: "#d7261e",
      outline: corners({ x: cx - r, y: h * 0.3 - r, w: 2 * r, h: 2 * r }),
      solid: false,
    },
  ];
  const lettering: Lettering[] = [];
  let top = h * 0.62;
  const share = (h * 0.33) / phrases.length;
  phrases.forEach((phrase, index) => {
    const block = fitText(phrase, {
      font: "condensed",
      widthPx: w * 0.84,
      heightPx: share * 0.85,
      maxCapPx: h * 0.2,
      leading: 1.15,
    });
    if (!block) return;
    let y = top;
    block.lines.forEach(({ line, capPx }, at) => {
      const above = block.lines[at - 1];
      y += at === 0 ? -line.ink.top * capPx : stepBetween(above?.line, above?.capPx ?? 0, line, capPx, block.leading);
      const width = (line.ink.right - line.ink.left) * capPx;
      const x = (w - width) / 2 - line.ink.left * capPx;
      const box = corners({
        x: (w - width) / 2,
        y: y + line.ink.top * capPx,
        w: width,
        h: (line.ink.bottom - line.ink.top) * capPx,
      });
      const under = coloursUnder({ paper, marks }, box);
      const fill = under.every((colour) => contrastOf(colour, ink) >= 4.5) ? ink : "#000000";
      lettering.push({ line, phrase: index, x, y, capPx, angle: 0, pivot: [0, 0], fill, box });
    });
    top += share;
  });
  const missing = missingCharacters(phrases.join(""));
  const all =
    missing.length > 0 ? [...notes, `Not drawn, no bundled font has them: ${missing.slice(0, 20).join(" ")}`] : notes;
  return { page: { widthPx: w, heightPx: h, paper, marks, lettering }, notes: all };
}
