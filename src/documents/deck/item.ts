import type { DocumentPage } from "../../ports/documents.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { INSTEAD_W, layoutOf, SLIDE, wordsBelow } from "../look/layout.ts";
import type { DeckPen, PlacedPicture } from "./pen.ts";

const OUTCOME = { caps: [14, 12.5, 11, 10, 9, 8, 7, 6.3], leading: 1.9, gap: 0.75 } as const;
const CREDITS = { caps: [8.2, 7.4, 6.6], leading: 1.85, gap: 0.3 } as const;
/** Of the room for words; what they say comes after what was decided. */
const CREDITS_MAX_SHARE = 0.34;
const CHECK = 22;

/** One item: what it is, its picture whole, what came of it, and in small who made it. */
export function drawItem(
  pen: DeckPen,
  page: DocumentPage,
  number: { readonly at: number; readonly of: number },
  picture: PlacedPicture | undefined,
): void {
  const { colours } = pen;
  const layout = layoutOf(picture?.ratio, pen.isRightToLeft);
  pen.addPage();
  pen.pdf.doc.outline.addItem(page.heading, { fit: true } as object);
  if (!picture) drawInstead(pen, number.at);
  drawNumber(pen, layout.number, number);
  const headingH = pen.heading("H2", page.heading, layout.heading);
  if (picture && layout.picture) pen.picture(picture, layout.picture);
  drawWords(pen, page, wordsBelow(layout, headingH));
  pen.label(pen.title, { box: layout.foot, voice: pen.strong, cap: 7, colour: colours.quiet, align: "start" });
}

function drawWords(pen: DeckPen, { outcome, credits, chosen }: DocumentPage, box: Rect): void {
  const { colours } = pen;
  const creditsMax = credits.length === 0 ? 0 : box.h * CREDITS_MAX_SHARE;
  const room = { ...box, h: box.h - creditsMax - (creditsMax > 0 ? 10 : 0) };
  if (outcome.length > 0) {
    const indent = chosen ? CHECK + 12 : 0;
    const lines = { ...room, w: room.w - indent, x: room.x + (pen.isRightToLeft ? 0 : indent) };
    pen.paragraphs(outcome, { ...OUTCOME, box: lines, isLed: true, colours: [colours.ink, colours.quiet] });
    if (chosen) drawCheck(pen, pen.isRightToLeft ? room.x + room.w - CHECK : room.x, room.y - 1);
  }
  if (credits.length > 0) {
    const foot = { ...box, y: box.y + box.h - creditsMax, h: creditsMax };
    pen.paragraphs(credits, { ...CREDITS, box: foot, colours: [colours.quiet, colours.quiet], isAtFoot: true });
  }
}

/** It was chosen: a tick, which says so in every language. */
function drawCheck({ pdf, colours }: DeckPen, x: number, y: number): void {
  const { doc } = pdf;
  const at = (px: number, py: number): readonly [number, number] => [x + (px * CHECK) / 22, y + (py * CHECK) / 22];
  pdf.decoration(() => {
    doc.circle(...at(11, 11), CHECK / 2).fill(colours.good);
    doc
      .moveTo(...at(6, 11.5))
      .lineTo(...at(9.8, 15.2))
      .lineTo(...at(16.2, 7.6))
      .lineWidth(2.4)
      .lineCap("round")
      .lineJoin("round")
      .stroke(colours.onGood);
  });
}

function drawNumber(pen: DeckPen, box: Rect, { at, of }: { readonly at: number; readonly of: number }): void {
  const { pdf, colours } = pen;
  pdf.decoration(() => pdf.doc.roundedRect(box.x, box.y, box.w, box.h, box.h / 2).fill(colours.accent));
  pen.label(`${at}/${of}`, { box, voice: pen.strong, cap: 9, colour: colours.onAccent, align: "middle" });
}

/** Where there is no picture its number is one. */
function drawInstead(pen: DeckPen, at: number): void {
  const { pdf, colours, isRightToLeft } = pen;
  const x = isRightToLeft ? 0 : SLIDE.w - INSTEAD_W;
  pdf.decoration(() => pdf.doc.rect(x, 0, INSTEAD_W, SLIDE.h).fill(colours.panel));
  pen.label(String(at), {
    box: { x, y: 0, w: INSTEAD_W, h: SLIDE.h },
    voice: pen.headings,
    cap: at > 99 ? 90 : at > 9 ? 130 : 200,
    colour: colours.line,
    align: "middle",
  });
}
