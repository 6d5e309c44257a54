import type PDFDocument from "pdfkit";
import type { LetteringPart, SetLettering } from "../../domain/lettering.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { OUTLINE_UNITS } from "../../typesetter/overlay/set.ts";

type Document = InstanceType<typeof PDFDocument>;

/**
 * Draws a set over its picture, as vectors that can be searched and copied as words.
 *
 * @param box where the picture stands
 */
export function drawLettering(doc: Document, set: SetLettering, box: Rect): void {
  withinPicture(doc, set, box, () => {
    for (const part of set.parts) drawPart(doc, part, set.outlines);
  });
}

/** What lies under the words. @param box where the picture stands; mirrored where a side is negative */
export function drawPlates(doc: Document, set: SetLettering, box: Rect): void {
  withinPicture(doc, set, box, () => {
    for (const part of set.parts) if (part.kind === "plate") drawPart(doc, part, set.outlines);
  });
}

function withinPicture(doc: Document, { widthPx, heightPx }: SetLettering, box: Rect, draw: () => void): void {
  doc.save();
  doc.transform(box.w / widthPx, 0, 0, box.h / heightPx, box.x, box.y);
  draw();
  doc.restore();
}

/** What is said of a picture to those who do not see it: its words, too, where they are not said yet. */
export function spokenWith(alt: string, set: SetLettering | undefined): string {
  const words = set?.parts.flatMap((part) => (part.kind === "line" ? [part.text] : [])).join(" ") ?? "";
  return words === "" || alt.includes(words) ? alt : `${alt} “${words}”`;
}

function drawPart(doc: Document, part: LetteringPart, outlines: readonly string[]): void {
  switch (part.kind) {
    case "plate":
      doc.rect(part.box.x, part.box.y, part.box.w, part.box.h).fill(part.fill);
      break;
    case "line": {
      const scale = part.capPx / OUTLINE_UNITS;
      doc.markContent("Span", { actual: `${part.text} ` });
      doc.fillColor(part.fill);
      for (const [index, x, y] of part.glyphs) {
        const steps = operatorsOf(outlines[index] ?? "", scale, x, y);
        if (steps !== "") doc.addContent(`${steps} f`);
      }
      doc.endMarkedContent();
      break;
    }
    case "code":
      drawCode(doc, part);
      break;
    // It is a picture of its own, which stands in the original.
    case "logo":
      break;
  }
}

function drawCode(doc: Document, { box, modules }: Extract<LetteringPart, { kind: "code" }>): void {
  doc.rect(box.x, box.y, box.w, box.h).fill("#ffffff");
  const step = box.w / modules.length;
  modules.forEach((row, y) => {
    for (const run of row.matchAll(/1+/gu))
      doc.rect(box.x + run.index * step, box.y + y * step, run[0].length * step, step);
  });
  doc.fill("#000000");
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** Path data of ours, relative steps on whole units, as operators of a PDF, whose curves are cubic. */
function operatorsOf(d: string, scale: number, x0: number, y0: number): string {
  const operators: string[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const at = (px: number, py: number): string => `${short(x0 + px * scale)} ${short(y0 + py * scale)}`;
  for (const [, step, numbers = ""] of d.matchAll(/([mlqcz])([^a-z]*)/gu)) {
    const [a = 0, b = 0, c = 0, e = 0, f = 0, g = 0] = numbers.match(/-?[\d.]+/gu)?.map(Number) ?? [];
    const [fromX, fromY] = [x, y];
    switch (step) {
      case "m":
        [startX, startY] = [x, y] = [fromX + a, fromY + b];
        operators.push(`${at(x, y)} m`);
        break;
      case "l":
        [x, y] = [fromX + a, fromY + b];
        operators.push(`${at(x, y)} l`);
        break;
      case "q":
        [x, y] = [fromX + c, fromY + e];
        operators.push(
          `${at(fromX + (2 * a) / 3, fromY + (2 * b) / 3)} ${at(fromX + (c + 2 * a) / 3, fromY + (e + 2 * b) / 3)} ${at(x, y)} c`,
        );
        break;
      case "c":
        [x, y] = [fromX + f, fromY + g];
        operators.push(`${at(fromX + a, fromY + b)} ${at(fromX + c, fromY + e)} ${at(x, y)} c`);
        break;
      default:
        [x, y] = [startX, startY];
        operators.push("h");
    }
  }
  return operators.join(" ");
}
