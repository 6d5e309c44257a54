import { Worker } from "node:worker_threads";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import type { ReportedLine } from "../referees/lettering.ts";

interface Answer {
  readonly type: "progress" | "drawn" | "failed";
  readonly png?: Uint8Array;
  readonly lettered?: readonly ReportedLine[];
  readonly heldBytes?: number;
  readonly message?: string;
}

/** As the program's pool has them. */
const HEAP_MAX_MB = 160;
const KEPT_MAX_BYTES = 96 * 1024 * 1024;

/** The program's own worker thread, asked from outside: nothing of it is imported. */
export function openPaper() {
  const open = () =>
    new Worker(new URL("../../src/typesetter/worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB },
    });
  let worker = open();
  let heldBytes = 0;
  let replaced = 0;
  return {
    /** What the thread held after its last poster. */
    heldBytes: () => heldBytes,
    /** How often it held so much that the next poster got a thread of its own, as in the program. */
    replaced: () => replaced,
    async draw(
      request: ImageRequest,
    ): Promise<{ readonly png: Uint8Array; readonly lettered: readonly ReportedLine[] }> {
      if (heldBytes > KEPT_MAX_BYTES) {
        await worker.terminate();
        worker = open();
        heldBytes = 0;
        replaced++;
      }
      return new Promise((resolve, reject) => {
        const heard = (answer: Answer): void => {
          if (answer.type === "progress") return;
          worker.off("message", heard).off("error", reject);
          heldBytes = answer.heldBytes ?? 0;
          if (answer.png && answer.lettered) resolve({ png: answer.png, lettered: answer.lettered });
          else reject(new Error(answer.message));
        };
        worker.on("message", heard).once("error", reject);
        worker.postMessage({ request, trigger: "", initBytes: undefined });
      });
    },
    close: () => worker.terminate(),
  };
}
