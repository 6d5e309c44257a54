import type { Rect } from "../../typesetter/composition/tree.ts";
import { coverLayout, SLIDE } from "../look/layout.ts";
import type { PagesSpec } from "../part.ts";
import { type ReadLogo, readLogo } from "../pictures/read.ts";
import type { DeckPen, PlacedPicture } from "./pen.ts";

const SUBTITLE = { caps: [15, 13, 11, 9, 7], leading: 2, gap: 0.6 } as const;
const SUBTITLE_GAP = 28;
const FOOT = 56;

/** The title, large, and beside it one of the pictures to come. */
export async function drawCover(pen: DeckPen, spec: PagesSpec, shown: PlacedPicture | undefined): Promise<void> {
  const { colours, isRightToLeft } = pen;
  const path = spec.brand?.logoPath;
  const logo = path === undefined ? undefined : await readLogo(path, colours);
  const {
    band,
    title,
    picture,
    logo: logoBox,
  } = coverLayout(shown?.ratio, { isRightToLeft, hasLogo: logo !== undefined });
  pen.addPage();
  pen.pdf.decoration(() => pen.pdf.doc.rect(band.x, band.y, band.w, band.h).fill(colours.accent));
  if (logo) drawLogo(pen, logo, logoBox);
  const titleH = pen.heading("H1", spec.title, title);
  const top = title.y + titleH + SUBTITLE_GAP;
  const box = { ...title, y: top, h: SLIDE.h - top - FOOT };
  const { quiet } = colours;
  if (spec.subtitle.trim() !== "") pen.paragraphs([spec.subtitle], { ...SUBTITLE, box, colours: [quiet, quiet] });
  // It comes again on a page of its own, where it is described.
  if (shown && picture) pen.picture(shown, picture, true);
}

/** A chat's own, on its ground, at the side where one begins to read. */
function drawLogo({ pdf, isRightToLeft }: DeckPen, { jpeg }: ReadLogo, room: Rect): void {
  const logo = pdf.embed(jpeg);
  const scale = Math.min(room.w / logo.width, room.h / logo.height);
  const size = { w: logo.width * scale, h: logo.height * scale };
  const x = isRightToLeft ? room.x + room.w - size.w : room.x;
  pdf.decoration(() => pdf.place(logo, { x, y: room.y, ...size }));
}
