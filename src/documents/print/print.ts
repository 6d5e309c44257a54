import type { Sharp } from "sharp";
import type { SetLettering } from "../../domain/lettering.ts";
import { marked } from "../../domain/marked.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";
import type { Drawn, OnProgress, PrintSpec } from "../part.ts";
import { openPdf, type PdfFile } from "../pdf/file.ts";
import { drawLettering, drawPlates, spokenWith } from "../pdf/lettering.ts";
import { type ReadPicture, readPlain } from "../pictures/read.ts";
import { cropMarks, type PixelArea, planSheet, wordsAtEdge } from "./sheet.ts";

const PT_PER_MM = 72 / 25.4;
const MARK_PT = 0.35;
/** Paper shows more than screens do. */
const JPEG = { quality: 92, chromaSubsampling: "4:4:4" } as const;

const inPoints = ({ x, y, w, h }: Rect): Rect => ({
  x: x * PT_PER_MM,
  y: y * PT_PER_MM,
  w: w * PT_PER_MM,
  h: h * PT_PER_MM,
});

/** One picture on one sheet, with what a print shop needs to cut it. Its words are vectors: they stay sharp at any size. */
export async function writePrint(spec: PrintSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const { title, language, picture, print } = spec;
  onProgress(0, 1);
  const read = await readPlain(picture);
  const plan = planSheet(read, print);
  const jpeg = await areaOf(read, plan.area).jpeg(JPEG).toBuffer();
  const pdf = openPdf(path, { title, language, made: picture.made });
  pdf.addPage(plan.media.w * PT_PER_MM, plan.media.h * PT_PER_MM);
  pdf.setBoxes({ trim: inPoints(plan.trim), bleed: inPoints(plan.bleed) });
  const embedded = pdf.embed(marked(jpeg, picture.made));
  const alt = spokenWith(picture.alt, read.lettering);
  const printed = inPoints(plan.printed);
  pdf.tagged("Figure", { alt, box: printed }, () => {
    pdf.doc.save();
    pdf.doc.rect(printed.x, printed.y, printed.w, printed.h).clip();
    pdf.place(embedded, inPoints(plan.areaBox));
    if (read.lettering) drawWords(pdf, read.lettering, inPoints(plan.picture));
    pdf.doc.restore();
  });
  if (print.cropMarks) drawMarks(pdf, cropMarks(plan, print.bleedMm));
  const pages = await pdf.end();
  onProgress(1, 1);
  const atEdge = read.lettering && wordsAtEdge(read.lettering, plan);
  return { mime: "application/pdf", pages, print: { ...plan.facts, ...(atEdge ? { wordsAtEdge: atEdge } : {}) } };
}

/** Where the picture ends before the paper does, it goes on mirrored: nobody sees where it was cut. */
function areaOf({ image, widthPx, heightPx }: ReadPicture, { left, top, right, bottom }: PixelArea): Sharp {
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  const width = Math.min(widthPx, right) - x;
  const height = Math.min(heightPx, bottom) - y;
  const beyond = { left: x - left, top: y - top, right: right - x - width, bottom: bottom - y - height };
  const cut = image.extract({ left: x, top: y, width, height });
  return Object.values(beyond).some((px) => px > 0) ? cut.extend({ ...beyond, extendWith: "mirror" }) : cut;
}

/** What lies under words goes on beyond the picture's edge as the picture itself does. */
function drawWords({ doc }: PdfFile, lettering: SetLettering, { x, y, w, h }: Rect): void {
  const columns = [
    { x, w: -w },
    { x, w },
    { x: x + 2 * w, w: -w },
  ];
  const rows = [
    { y, h: -h },
    { y, h },
    { y: y + 2 * h, h: -h },
  ];
  for (const column of columns)
    for (const row of rows) if (column.w < 0 || row.h < 0) drawPlates(doc, lettering, { ...column, ...row });
  drawLettering(doc, lettering, { x, y, w, h });
}

function drawMarks({ doc, decoration }: PdfFile, marks: ReturnType<typeof cropMarks>): void {
  decoration(() => {
    for (const [x1, y1, x2, y2] of marks)
      doc.moveTo(x1 * PT_PER_MM, y1 * PT_PER_MM).lineTo(x2 * PT_PER_MM, y2 * PT_PER_MM);
    doc.lineWidth(MARK_PT).stroke("#000000");
  });
}
