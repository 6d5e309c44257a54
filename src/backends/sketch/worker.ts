import { parentPort } from "node:worker_threads";
import { draw } from "./draw.ts";
import { NotAPicture } from "./photo.ts";
import type { WorkerAnswer, WorkerOrder } from "./worker-messages.ts";

const port = parentPort;
if (!port) throw new Error("sketch/worker.ts runs as a worker thread");
const tell = (answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);

port.on("message", (order: WorkerOrder) => {
  draw(order, (fraction) => tell({ type: "progress", fraction })).then(
    ({ png, notes }) => tell({ type: "drawn", png, notes }, [png.buffer as ArrayBuffer]),
    (cause: unknown) =>
      tell({
        type: "failed",
        message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
        becauseOfPhoto: cause instanceof NotAPicture,
      }),
  );
});
