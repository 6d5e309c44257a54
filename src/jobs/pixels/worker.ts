import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { foreignImage, pngOfPixels } from "../../lib/foreign-image.ts";
import { LOOKERS } from "./lookers.ts";
import type { PixelAnswer, PixelOrder } from "./messages.ts";
import type { Pixels } from "./pixels.ts";

const port = parentPort;
if (!port) throw new Error("pixels/worker.ts runs as a worker thread");

/** Garbage counts too: an idle worker may not collect it for hours. */
function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

port.on("message", (order: PixelOrder) => {
  read(order).then(
    (answer) => port.postMessage(answer),
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      port.postMessage({ type: "undecodable", why, heldBytes: heldBytes() } satisfies PixelAnswer);
    },
  );
});

/** @throws Error for what is damaged, too large or too slow */
async function read({ picture, maxPixels, lookers, asPng }: PixelOrder): Promise<PixelAnswer> {
  const { data, info } = await foreignImage(picture, maxPixels)
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width: widthPx, height: heightPx, channels } = info;
  const pixels: Pixels = { data, widthPx, heightPx, channels };
  const seen = Object.fromEntries(lookers.map((looker) => [looker, LOOKERS[looker](pixels)]));
  const png = asPng ? await pngOfPixels(data, { width: widthPx, height: heightPx, channels }) : undefined;
  return { type: "read", widthPx, heightPx, seen, ...(png ? { png } : {}), heldBytes: heldBytes() };
}
