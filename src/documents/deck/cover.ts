import { readFile } from "node:fs/promises";
import { foreignImage } from "../../lib/foreign-image.ts";
import type { DocumentBrand } from "../../ports/documents.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { SLIDE } from "../look/layout.ts";
import type { PagesSpec } from "../part.ts";
import { jpegOf } from "../pictures/read.ts";
import type { DeckPen, PlacedPicture } from "./pen.ts";

const MARGIN = 56;
const BAND = 16;
const SUBTITLE = { caps: [15, 13, 11, 9, 7], leading: 2, gap: 0.6 } as const;
const LOGO = { w: 200, h: 72 } as const;
const LOGO_MAX_PX = 800;
const LOGO_MAX_PIXELS = 8192 * 8192;

/** The title, large, and beside it one of the pictures to come. */
export async function drawCover(pen: DeckPen, spec: PagesSpec, shown: PlacedPicture | undefined): Promise<void> {
  const { colours, isRightToLeft } = pen;
  const mirrored = (box: Rect): Rect => (isRightToLeft ? { ...box, x: SLIDE.w - box.x - box.w } : box);
  pen.addPage();
  pen.pdf.decoration(() => {
    const band = mirrored({ x: 0, y: 0, w: BAND, h: SLIDE.h });
    pen.pdf.doc.rect(band.x, band.y, band.w, band.h).fill(colours.accent);
  });
  const picture = shown && pictureBox(shown.ratio);
  const w = (picture ? picture.x : SLIDE.w) - MARGIN - BAND - 36;
  const logoH = await drawLogo(pen, spec.brand, (size) => mirrored({ x: MARGIN + BAND, y: MARGIN, ...size }));
  const top = MARGIN + (logoH > 0 ? LOGO.h + 24 : 40);
  const title = mirrored({ x: MARGIN + BAND, y: top, w, h: SLIDE.h - top - 150 });
  const titleH = pen.heading("H1", spec.title, { ...title, capMax: picture ? 50 : 64 });
  const box = mirrored({ x: MARGIN + BAND, y: top + titleH + 28, w, h: SLIDE.h - top - titleH - 28 - MARGIN });
  const { quiet } = colours;
  if (spec.subtitle.trim() !== "") pen.paragraphs([spec.subtitle], { ...SUBTITLE, box, colours: [quiet, quiet] });
  // It comes again on a page of its own, where it is described.
  if (shown && picture) pen.picture(shown, mirrored(picture), true);
}

function pictureBox(ratio: number): Rect {
  const h = SLIDE.h - 2 * 40;
  const w = Math.min(h * ratio, SLIDE.w * 0.46);
  const height = w / ratio;
  return { x: SLIDE.w - 40 - w, y: (SLIDE.h - height) / 2, w, h: height };
}

/** A chat's own, on its ground. @returns its height; 0 without one */
async function drawLogo(
  { pdf, colours }: DeckPen,
  brand: DocumentBrand | undefined,
  boxFor: (size: { readonly w: number; readonly h: number }) => Rect,
): Promise<number> {
  if (brand?.logoPath === undefined) return 0;
  const image = foreignImage(await readFile(brand.logoPath), LOGO_MAX_PIXELS).flatten({ background: colours.ground });
  const logo = pdf.embed(await jpegOf(image, LOGO_MAX_PX));
  const scale = Math.min(LOGO.w / logo.width, LOGO.h / logo.height);
  const box = boxFor({ w: logo.width * scale, h: logo.height * scale });
  pdf.decoration(() => pdf.place(logo, box));
  return box.h;
}
