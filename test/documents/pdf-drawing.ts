import { readFile } from "node:fs/promises";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { z } from "zod";

interface Canvas {
  readonly width: number;
  readonly height: number;
  toBuffer(mime: "image/png"): Buffer;
  getContext(kind: "2d"): {
    getImageData(x: number, y: number, w: number, h: number): { readonly data: Uint8ClampedArray };
  };
}
/** pdfjs brings a canvas for Node, and has the types of a browser's. */
interface CanvasFactory {
  create(widthPx: number, heightPx: number): unknown;
}
const canvasSchema = z.object({ canvas: z.custom<Canvas>((made) => typeof made === "object" && made !== null) });

export interface DrawnPage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly png: Buffer;
  /** @param x in points from the left @param y from the top */
  colourAt(x: number, y: number): readonly [red: number, green: number, blue: number];
}

/** One page as another library draws it. @param number from 1 @param scale px in a point */
export async function drawPage(path: string, number: number, scale = 1): Promise<DrawnPage> {
  const loading = getDocument({ data: new Uint8Array(await readFile(path)), verbosity: 0 });
  const doc = await loading.promise;
  const page = await doc.getPage(number);
  const viewport = page.getViewport({ scale });
  const { canvas } = canvasSchema.parse(
    (doc.canvasFactory as CanvasFactory).create(Math.round(viewport.width), Math.round(viewport.height)),
  );
  await page.render({ canvas: canvas as never, viewport }).promise;
  await loading.destroy();
  const context = canvas.getContext("2d");
  return {
    widthPx: canvas.width,
    heightPx: canvas.height,
    png: canvas.toBuffer("image/png"),
    colourAt(x, y) {
      const [red = 0, green = 0, blue = 0] = context.getImageData(
        Math.round(x * scale),
        Math.round(y * scale),
        1,
        1,
      ).data;
      return [red, green, blue];
    },
  };
}
