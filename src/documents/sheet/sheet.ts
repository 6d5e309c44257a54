import { writeFile } from "node:fs/promises";
import { markedParts } from "../../domain/marked.ts";
import { sourceTypeOfSeveral } from "../../domain/source-type.ts";
import type { Colour } from "../../lib/colour.ts";
import { imageOfPixels, imageOfSvg } from "../../lib/sharp.ts";
import type { DocumentPage, DocumentPicture } from "../../ports/documents.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import { type Colours, coloursOf, HEADING_FONT } from "../look/colours.ts";
import type { Drawn, OnProgress, PagesSpec } from "../part.ts";
import { readWhole } from "../pictures/read.ts";
import { directionOf, isRightToLeft } from "../words/direction.ts";
import { hanFor } from "../words/han.ts";
import { type SetText, setHeading, setParagraphs, startOf, type Voicing } from "../words/set.ts";
import { linePath } from "../words/svg.ts";
import { type Cell, type Grid, gridOf, HEADER } from "./grid.ts";

const JPEG = { quality: 86, chromaSubsampling: "4:4:4" } as const;
const CAPTION = { caps: [20, 17, 14, 11], leading: 1.85, gap: 0 } as const;
const SUBTITLE = { caps: [22, 18, 14], leading: 1.9, gap: 0, h: 48 } as const;
const FRAME = 6;
const TICK = 34;

type Shown = DocumentPage & { readonly picture: DocumentPicture };

/** All pictures on one, the chosen ones first and with a tick; every one whole, its number and first words below. */
export async function writeSheet(spec: PagesSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const shown = inOrder(spec.pages);
  onProgress(0, shown.length);
  const look = { colours: coloursOf(spec.brand), isTurned: isRightToLeft(spec.language) };
  const han = hanFor(spec.language, [spec.title, spec.subtitle, ...shown.map(({ heading }) => heading)]);
  const draft = createDraft(look.colours, look.isTurned);
  const headings: Voicing = { font: spec.brand?.font ?? HEADING_FONT, han };
  const heading = setHeading(spec.title, headings, HEADER);
  draft.write(heading, { voice: headings, box: HEADER, whole: spec.title, colour: look.colours.ink });
  const body: Voicing = { font: "body", han };
  const below: Rect = { ...HEADER, y: HEADER.y + heading.height + 18, h: SUBTITLE.h };
  for (const subtitle of setParagraphs([spec.subtitle], () => body, { ...SUBTITLE, w: below.w }))
    draft.write(subtitle, { voice: body, box: below, whole: spec.subtitle, colour: look.colours.quiet });
  const ratios = shown.map(({ picture }) => picture.widthPx / picture.heightPx);
  const grid = gridOf(ratios, Math.ceil(below.y + below.h + 26), look.isTurned);
  for (const [index, page] of shown.entries()) {
    const cell = grid.cells[index];
    if (cell) draft.cell(page, cell, body);
  }
  const sheet = await drawn(draft.marks, grid, look.colours.ground);
  for (const [index, { picture }] of shown.entries()) {
    const cell = grid.cells[index];
    if (cell) await lay(sheet, picture, cell.picture);
    onProgress(index + 1, shown.length);
  }
  const { pixels, widthPx: width, heightPx: height } = sheet;
  const jpeg = await imageOfPixels(pixels, { width, height, channels: 3 }).jpeg(JPEG).toBuffer();
  await writeFile(path, markedParts(jpeg, sourceTypeOfSeveral(shown.map(({ picture }) => picture.made))));
  return { mime: "image/jpeg" };
}

/** Items without a picture have nothing to show here. */
function inOrder(pages: readonly DocumentPage[]): readonly Shown[] {
  const shown = pages.flatMap((page): readonly Shown[] => (page.picture ? [{ ...page, picture: page.picture }] : []));
  return [...shown.filter(({ chosen }) => chosen), ...shown.filter(({ chosen }) => !chosen)];
}

/** Three bytes a pixel. */
interface Canvas {
  readonly pixels: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

async function drawn(marks: readonly string[], { widthPx, heightPx }: Grid, ground: Colour): Promise<Canvas> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${marks.join("")}</svg>`;
  const pixels = await imageOfSvg(svg).flatten({ background: ground }).toColourspace("srgb").raw().toBuffer();
  return { pixels, widthPx, heightPx };
}

/** Pictures are copied into the sheet one by one: to lay forty over it at once takes four times the memory. */
async function lay(canvas: Canvas, picture: DocumentPicture, box: Rect): Promise<void> {
  const inner = { width: Math.floor(box.w - 2 * FRAME), height: Math.floor(box.h - 2 * FRAME) };
  const { image } = await readWhole(picture);
  const { data, info } = await image
    .resize({ ...inner, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const left = Math.round(box.x + (box.w - info.width) / 2);
  const top = Math.round(box.y + (box.h - info.height) / 2);
  const row = info.width * 3;
  for (let y = 0; y < info.height; y++)
    data.copy(canvas.pixels, ((top + y) * canvas.widthPx + left) * 3, y * row, (y + 1) * row);
}

interface Written {
  readonly voice: Voicing;
  readonly box: Rect;
  readonly whole: string;
  readonly colour: Colour;
}

/** What is drawn under the pictures and beside them. */
function createDraft(colours: Colours, isTurned: boolean) {
  const marks: string[] = [];
  const write = (set: SetText, { voice, box, whole, colour }: Written): void => {
    const direction = directionOf(whole, isTurned ? "rtl" : "ltr");
    const d = set.lines.map((line) => {
      const { text, cap, baseline } = line;
      const x = startOf(line, set, box, { direction, isTurned });
      return linePath(text, voice, { x, y: box.y + baseline, cap, direction });
    });
    marks.push(`<path d="${d.join("")}" fill="${colour}"/>`);
  };
  return {
    marks,
    write,
    cell({ heading, chosen, picture }: Shown, { picture: box, caption }: Cell, voice: Voicing): void {
      const frame = chosen ? ` stroke="${colours.good}" stroke-width="${FRAME}"` : "";
      const half = FRAME / 2;
      marks.push(
        `<rect x="${box.x + half}" y="${box.y + half}" width="${box.w - FRAME}" height="${box.h - FRAME}" fill="${colours.panel}"${frame}/>`,
      );
      if (chosen) marks.push(tick(colours, isTurned ? caption.x + caption.w - TICK : caption.x, caption.y));
      const indent = chosen ? TICK + 10 : 0;
      const words: Rect = { ...caption, x: caption.x + (isTurned ? 0 : indent), w: caption.w - indent };
      const whole = `#${picture.number} ${heading}`;
      for (const set of setParagraphs([whole], () => voice, { ...CAPTION, w: words.w, h: words.h }))
        write(set, { voice, box: words, whole, colour: colours.ink });
    },
  };
}

const tick = ({ good, onGood }: Colours, x: number, y: number): string =>
  `<g transform="translate(${x} ${y}) scale(${TICK / 22})"><circle cx="11" cy="11" r="11" fill="${good}"/><path d="M6 11.5 9.8 15.2 16.2 7.6" fill="none" stroke="${onGood}" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></g>`;
