import { setImmediate as nextTurn } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { NotAPicture } from "./painting/photo.ts";
import type { DrawOrder, LetterOrder, LogoOrder, WorkerAnswer, WorkerOrder } from "./worker-messages.ts";

const port = parentPort;
if (!port) throw new Error("typesetter/worker.ts runs as a worker thread");
const tell = (answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);

/** Garbage counts too: an idle worker may not collect it for hours. */
function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

/** A thread that only sets words over pictures needs neither the layouts nor the words of ten languages, and the other way round. */
async function answerDrawn(order: DrawOrder): Promise<void> {
  const { draw } = await import("./painting/draw.ts");
  const { png, notes, missed, lettered, signs } = await draw(order, (fraction) => tell({ type: "progress", fraction }));
  await nextTurn();
  tell({ type: "drawn", png, notes, missed, lettered, signs, heldBytes: heldBytes() }, [png.buffer as ArrayBuffer]);
}

async function answerLettered(order: LetterOrder): Promise<void> {
  const { letter } = await import("./overlay/letter.ts");
  const { png, set } = await letter(order);
  await nextTurn();
  tell({ type: "lettered", png, set, heldBytes: heldBytes() }, [png.buffer as ArrayBuffer]);
}

async function answerLogo({ bytes }: LogoOrder): Promise<void> {
  const { makeLogo } = await import("./logo/make-logo.ts");
  const made = await makeLogo(bytes);
  await nextTurn();
  tell({ type: "logo", made, heldBytes: heldBytes() });
}

/**
 * The last word of an order goes out in a turn of the event loop of its own. What the renderer holds of a collected picture, some
 * 8 MB, is freed between turns only, and orders that come as fast as they are answered would all be heard within one.
 */
async function answer(order: WorkerOrder): Promise<void> {
  try {
    switch (order.kind) {
      case "letter":
        await answerLettered(order);
        break;
      case "logo":
        await answerLogo(order);
        break;
      case undefined:
        await answerDrawn(order);
    }
  } catch (cause) {
    await nextTurn();
    tell({
      type: "failed",
      message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
      becauseOfPhoto: cause instanceof NotAPicture,
      heldBytes: heldBytes(),
    });
  }
}

port.on("message", (order: WorkerOrder) => void answer(order));
