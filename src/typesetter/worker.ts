import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { draw } from "./painting/draw.ts";
import { NotAPicture } from "./painting/photo.ts";
import type { WorkerAnswer, WorkerOrder } from "./worker-messages.ts";

const port = parentPort;
if (!port) throw new Error("typesetter/worker.ts runs as a worker thread");
const tell = (answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);

/** Garbage counts too: an idle worker may not collect it for hours. */
function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

port.on("message", (order: WorkerOrder) => {
  draw(order, (fraction) => tell({ type: "progress", fraction })).then(
    ({ png, notes, missed, lettered, signs }) =>
      tell({ type: "drawn", png, notes, missed, lettered, signs, heldBytes: heldBytes() }, [png.buffer as ArrayBuffer]),
    (cause: unknown) =>
      tell({
        type: "failed",
        message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
        becauseOfPhoto: cause instanceof NotAPicture,
        heldBytes: heldBytes(),
      }),
  );
});
