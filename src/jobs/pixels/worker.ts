import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import type { Sharp } from "sharp";
import { foreignImage, pngOfPixels } from "../../lib/foreign-image.ts";
import { pngSize } from "../../lib/png.ts";
import { LOOKERS, type Looker, type Seen } from "./lookers.ts";
import type { PixelAnswer, PixelOrder } from "./messages.ts";
import type { Pixels } from "./pixels.ts";

const port = parentPort;
if (!port) throw new Error("pixels/worker.ts runs as a worker thread");

/** Garbage counts too: an idle worker may not collect it for hours. */
function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

const tell = (answer: PixelAnswer): void => port.postMessage(answer);

port.on("message", (order: PixelOrder) => {
  void read(order)
    .catch((cause: unknown) => ({
      type: "undecodable" as const,
      why: cause instanceof Error ? cause.message : String(cause),
    }))
    .then((answer) => {
      // Freed now: until a collection comes by, tens of pictures would have gathered.
      (order.picture.buffer as ArrayBuffer).transfer(0);
      tell({ ...answer, heldBytes: heldBytes() });
    });
});

/** By averaging alone: sharper ways to make it small overshoot where colours meet. */
const SMALL = { width: 64, height: 64, fit: "fill", kernel: "linear", withoutEnlargement: true } as const;
type ReadAnswer = Extract<PixelAnswer, { readonly type: "read" }>;

/** @throws Error for what is damaged, too large or too slow */
async function read({ picture, maxPixels, lookers, asPng }: PixelOrder): Promise<Omit<ReadAnswer, "heldBytes">> {
  const seen = new Map<Looker, Seen[Looker]>();
  if (!asPng) {
    // All of it is decoded, a few lines at a time: as a whole it is megabytes that stay with the process.
    const small = await pixelsOf(foreignImage(picture, maxPixels).resize(SMALL));
    for (const looker of lookers) {
      const glimpse = LOOKERS[looker].glance(small);
      if (glimpse !== undefined) seen.set(looker, glimpse);
    }
    if (seen.size === lookers.length) return { type: "read", ...pngSize(picture), seen: Object.fromEntries(seen) };
  }
  const whole = await pixelsOf(foreignImage(picture, maxPixels));
  for (const looker of lookers) seen.set(looker, LOOKERS[looker].look(whole));
  const { data, widthPx, heightPx, channels } = whole;
  const png = asPng ? await pngOfPixels(data, { width: widthPx, height: heightPx, channels }) : undefined;
  return { type: "read", widthPx, heightPx, seen: Object.fromEntries(seen), ...(png ? { png } : {}) };
}

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height, channels: info.channels };
}
