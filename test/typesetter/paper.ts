import { Worker } from "node:worker_threads";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import type { ReportedSign } from "../referees/composition.ts";
import type { ReportedLine } from "../referees/lettering.ts";

interface Answer {
  readonly type: "progress" | "drawn" | "failed";
  readonly png?: Uint8Array;
  readonly lettered?: readonly ReportedLine[];
  readonly signs?: readonly ReportedSign[];
  readonly heldBytes?: number;
  readonly message?: string;
}

interface Paper {
  readonly png: Uint8Array;
  readonly lettered: readonly ReportedLine[];
  readonly signs: readonly ReportedSign[];
}

/** As the program's pool has them. */
const POOL = { heapMaxMb: 160, keptMaxBytes: 96 * 1024 * 1024 } as const;
/** All fonts at once: a thread of its own for every fifth poster of mixed scripts would take most of the time. */
export const ROOMY = { heapMaxMb: 1024, keptMaxBytes: 1024 * 1024 * 1024 } as const;

/** The program's own worker thread, asked from outside: nothing of it is imported. */
export function openPaper({ heapMaxMb, keptMaxBytes }: typeof POOL | typeof ROOMY = POOL) {
  const open = () =>
    new Worker(new URL("../../src/typesetter/worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMb },
    });
  let worker = open();
  let heldBytes = 0;
  let replaced = 0;
  return {
    /** What the thread held after its last poster. */
    heldBytes: () => heldBytes,
    /** How often it held so much that the next poster got a thread of its own, as in the program. */
    replaced: () => replaced,
    async draw(request: ImageRequest, trigger = ""): Promise<Paper> {
      if (heldBytes > keptMaxBytes) {
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
          const { png, lettered, signs } = answer;
          if (png && lettered && signs) resolve({ png, lettered, signs });
          else reject(new Error(answer.message));
        };
        worker.on("message", heard).once("error", reject);
        worker.postMessage({ request, trigger, initBytes: undefined });
      });
    },
    close: () => worker.terminate(),
  };
}
