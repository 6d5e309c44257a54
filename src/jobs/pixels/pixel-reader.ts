import { sniffImage } from "../../lib/image-kind.ts";
import { OverLimit, openWorkerPool, type Packed, type WorkerLimits } from "../../lib/worker-pool.ts";
import type { Looker, Seen } from "./lookers.ts";
import type { PixelAnswer, PixelOrder } from "./messages.ts";

interface ReadPicture<L extends Looker> {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The picture itself where it is one, else made of the same pixels. */
  readonly png: Uint8Array;
  readonly seen: Seen<L>;
}

/** The one way to pixels: decodes a picture once, in a worker, for all that look at them. */
export interface PixelReader {
  /**
   * @param picture PNG, JPEG or WebP, of at most `maxPixels` by its own header
   * @throws Undecodable; the signal's reason; an Error where the worker itself broke
   */
  read<L extends Looker>(
    picture: Uint8Array,
    lookers: readonly L[],
    options: { readonly maxPixels: number; readonly signal: AbortSignal },
  ): Promise<ReadPicture<L>>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Damaged, too large, or not decoded within the worker's limits. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
}

/** 16 megapixels in four channels are 64 MB beside the heap. */
const LIMITS: WorkerLimits = {
  heapMaxMb: 64,
  workMaxMs: 15_000,
  keptMaxBytes: 96 * 1024 * 1024,
  // A start takes a tenth of a second of another core, and staying 17 MB: it stays while pictures come one after the other.
  idleMaxMs: 30_000,
};

/** Nothing is started before the first picture. One worker: what is held while pictures are decoded is that of one. */
export function createPixelReader(limits: Partial<WorkerLimits> = {}): PixelReader {
  const script = new URL("./worker.ts", import.meta.url);
  const pool = openWorkerPool<PixelOrder, PixelAnswer>("pixels", 1, script, { ...LIMITS, ...limits });

  async function answerTo(order: PixelOrder, signal: AbortSignal): Promise<PixelAnswer> {
    try {
      for await (const answer of pool.work(order, signal, packed)) return answer;
    } catch (cause) {
      if (cause instanceof OverLimit) throw new Undecodable(cause.message, { cause });
      throw cause;
    }
    throw new Error("the worker of the pixels gave no answer");
  }

  return {
    async read<L extends Looker>(
      ...[picture, lookers, { maxPixels, signal }]: Parameters<PixelReader["read"]>
    ): Promise<ReadPicture<L>> {
      const asPng = sniffImage(picture) !== "image/png";
      const answer = await answerTo({ picture, lookers, maxPixels, asPng }, signal);
      if (answer.type === "undecodable") throw new Undecodable(answer.why);
      const { widthPx, heightPx, seen, png = picture } = answer;
      // The border of the thread: the worker answers for each looker it was asked for.
      return { widthPx, heightPx, png, seen: seen as Seen<L> };
    },
    close: () => pool.close(),
  };
}

/** The bytes may lie in a larger buffer, all of which would be sent; and they are still needed here. */
function packed(order: PixelOrder): Packed<PixelOrder> {
  const picture = new Uint8Array(order.picture);
  return { order: { ...order, picture }, moved: [picture.buffer] };
}
