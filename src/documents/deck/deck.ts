import { marked } from "../../domain/marked.ts";
import { sourceTypeOfSeveral } from "../../domain/source-type.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import { coloursOf, HEADING_FONT } from "../look/colours.ts";
import type { Drawn, OnProgress, PagesSpec } from "../part.ts";
import { openPdf } from "../pdf/file.ts";
import { jpegOf, readPlain } from "../pictures/read.ts";
import { isRightToLeft } from "../words/direction.ts";
import { hanFor } from "../words/han.ts";
import { drawCover } from "./cover.ts";
import { drawItem } from "./item.ts";
import { createPen, type DeckPen, type PlacedPicture } from "./pen.ts";

const PICTURE_MAX_PX = 2000;

/** A page for the title, and one for each item; pictures are read one at a time. */
export async function writeDeck(spec: PagesSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const { title, language, pages } = spec;
  const total = pages.length + 1;
  onProgress(0, total);
  const pdf = openPdf(path, { title, language, made: madeOf(pages) });
  const pen = createPen(pdf, {
    colours: coloursOf(spec.brand),
    font: spec.brand?.font ?? HEADING_FONT,
    isRightToLeft: isRightToLeft(language),
    han: hanFor(language, [
      title,
      spec.subtitle,
      ...pages.flatMap(({ heading, outcome, credits }) => [heading, ...outcome, ...credits]),
    ]),
    title,
  });
  const seen = pictureReader(pen);
  const shown = pages.find(({ picture, chosen }) => picture && chosen) ?? pages.find(({ picture }) => picture);
  await drawCover(pen, spec, shown?.picture && (await seen(shown.picture)));
  onProgress(1, total);
  for (const [index, page] of pages.entries()) {
    drawItem(pen, page, { at: index + 1, of: pages.length }, page.picture && (await seen(page.picture)));
    onProgress(index + 2, total);
  }
  return { mime: "application/pdf", pages: await pdf.end() };
}

const madeOf = (pages: PagesSpec["pages"]) =>
  sourceTypeOfSeveral(pages.flatMap(({ picture }) => (picture ? [picture.made] : [])));

/** Each picture lies in the file once, however often it is shown. */
function pictureReader({ pdf }: DeckPen): (picture: DocumentPicture) => Promise<PlacedPicture> {
  const known = new Map<string, PlacedPicture>();
  return async (picture) => {
    const seen = known.get(picture.imageId);
    if (seen) return seen;
    const { image, widthPx, heightPx, lettering } = await readPlain(picture);
    const embedded = pdf.embed(marked(await jpegOf(image, PICTURE_MAX_PX), picture.made));
    const placed = { embedded, ratio: widthPx / heightPx, alt: picture.alt, ...(lettering ? { lettering } : {}) };
    known.set(picture.imageId, placed);
    return placed;
  };
}
