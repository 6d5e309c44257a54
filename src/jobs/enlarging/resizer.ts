import type { Size } from "../../domain/size.ts";
import { openWorkerPool, type Packed, type WorkerLimits } from "../../lib/worker-pool.ts";

/** Makes a picture exactly so large, in a thread of its own, one picture at a time. Nothing is started before the first. */
export interface Resizer {
  /**
   * @param picture PNG, JPEG or WebP, of at most `maxPixels` by its own header
   * @returns PNG, without what else stood in the file
   * @throws Error for what is damaged or takes too long; the signal's reason
   */
  resize(picture: Uint8Array, options: ResizeOptions): Promise<Uint8Array>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

interface ResizeOptions {
  readonly to: Size;
  readonly maxPixels: number;
  /** Its edges are made a little steeper, as a larger copy wants. */
  readonly sharpen: boolean;
  readonly signal: AbortSignal;
}

/** Main thread to worker. */
export interface ResizeOrder extends Omit<ResizeOptions, "signal"> {
  /** In a buffer of its own, which the worker may free. */
  readonly picture: Uint8Array;
}

/** Worker to main thread, once for each order. */
export type ResizeAnswer =
  | { readonly type: "resized"; readonly png: Uint8Array; readonly heldBytes: number }
  | { readonly type: "failed"; readonly why: string; readonly heldBytes: number };

/** 17 megapixels in four channels are 67 MB beside the heap; they take some 7 s of a processor, on a busy machine half a minute. */
const LIMITS: WorkerLimits = {
  heapMaxMb: 64,
  workMaxMs: 120_000,
  keptMaxBytes: 96 * 1024 * 1024,
  idleMaxMs: 30_000,
};

export function createResizer(): Resizer {
  const script = new URL("./resize-worker.ts", import.meta.url);
  const pool = openWorkerPool<ResizeOrder, ResizeAnswer>("resizer", 1, script, LIMITS);
  return {
    async resize(picture, { signal, ...options }) {
      for await (const answer of pool.work({ picture, ...options }, signal, packed)) {
        if (answer.type === "failed") throw new Error(answer.why);
        return answer.png;
      }
      throw new Error("the worker of the resizer gave no answer");
    },
    close: () => pool.close(),
  };
}

/** The bytes may lie in a larger buffer, all of which would be sent; and they are still needed here. */
function packed(order: ResizeOrder): Packed<ResizeOrder> {
  const picture = new Uint8Array(order.picture);
  return { order: { ...order, picture }, moved: [picture.buffer] };
}
