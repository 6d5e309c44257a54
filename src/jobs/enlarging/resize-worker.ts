import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { foreignImage } from "../../lib/foreign-image.ts";
import type { ResizeAnswer, ResizeOrder } from "./resizer.ts";

const port = parentPort;
if (!port) throw new Error("enlarging/resize-worker.ts runs as a worker thread");

/**
 * What a larger copy has lost to the eye is the steepness of its edges. So much is given back that they look as before, and nothing
 * of flat areas is touched (`m1`), where it would be noise. Looked at on photographs and on flat posters.
 */
const MILD = { sigma: 0.9, m1: 0, m2: 1.5 } as const;
/** Of a picture that is decoded while it is written. */
const WITHIN_S = 115;

/** Garbage counts too: an idle worker may not collect it for hours. */
function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

port.on("message", (order: ResizeOrder) => {
  void resized(order)
    .then(
      (png): ResizeAnswer => ({ type: "resized", png, heldBytes: heldBytes() }),
      (cause: unknown): ResizeAnswer => ({ type: "failed", why: String(cause), heldBytes: heldBytes() }),
    )
    .then((answer) => {
      (order.picture.buffer as ArrayBuffer).transfer(0);
      if (answer.type === "failed") return port.postMessage(answer);
      const png = new Uint8Array(answer.png);
      port.postMessage({ ...answer, png }, [png.buffer]);
    });
});

/** Lanczos with three lobes, both ways. @throws Error for what is damaged, larger than `maxPixels`, or too slow */
function resized({ picture, maxPixels, to, sharpen }: ResizeOrder): Promise<Uint8Array> {
  const larger = foreignImage(picture, maxPixels)
    .timeout({ seconds: WITHIN_S })
    .resize({ width: to.widthPx, height: to.heightPx, fit: "fill", kernel: "lanczos3" });
  return (sharpen ? larger.sharpen(MILD) : larger).toColourspace("srgb").png({ compressionLevel: 6 }).toBuffer();
}
