import { text } from "../../src/domain/text.ts";
import type { Clock } from "../../src/lib/clock.ts";
import {
  FILES_HERE_MAX_BYTES,
  FILES_MAX_BYTES,
  FILES_WAITING_MAX,
  PIECE_BYTES,
  SLOWEST_BYTES_PER_S,
} from "./limits.ts";
import { Refusal } from "./refusal.ts";

/** What a picture counts until its size is known. */
const UNKNOWN_BYTES = 8 * 1024 * 1024;
const WAIT_MS = 30_000;
const LEAST_MS = 30_000;

/** One file on its way to a browser. */
export interface Leaving {
  /** Once it is read and its size is known. `late` is called when the reader was too slow, and `end` before it. */
  begin(bytes: number, late: () => void): void;
  /** It has left, or never will. Twice is harmless. */
  end(): void;
}

interface Waiting {
  readonly address: string | undefined;
  readonly letGo: (leaving: Leaving) => void;
}

/**
 * Bounds the bytes of pictures that are in memory for browsers to read, for one address and for all together: who comes when
 * they are taken waits in line, and who does not read within a generous time is cut off.
 */
export class Outgoing {
  readonly #clock: Pick<Clock, "deadline">;
  #bytes = 0;
  readonly #bytesHere = new Map<string, number>();
  readonly #line = new Set<Waiting>();

  constructor(clock: Pick<Clock, "deadline">) {
    this.#clock = clock;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Resolves when there is room for one more file.
   *
   * @param address `undefined`: not known, so only the bound of all holds
   * @param gone aborted when nobody waits for the answer any more
   * @throws Refusal 429 when there is no room within half a minute, or too many wait already; the reason of `gone`
   */
  async next(address: string | undefined, gone: AbortSignal): Promise<Leaving> {
    return this.#hasRoom(address) ? this.#leave(address) : this.#inLine(address, gone);
  }

  #hasRoom(address: string | undefined): boolean {
    const here = address === undefined ? 0 : (this.#bytesHere.get(address) ?? 0);
    return this.#bytes + UNKNOWN_BYTES <= FILES_MAX_BYTES && here + UNKNOWN_BYTES <= FILES_HERE_MAX_BYTES;
  }

  #count(address: string | undefined, bytes: number): void {
    this.#bytes += bytes;
    if (address === undefined) return;
    const here = (this.#bytesHere.get(address) ?? 0) + bytes;
    if (here === 0) this.#bytesHere.delete(address);
    else this.#bytesHere.set(address, here);
  }

  #leave(address: string | undefined): Leaving {
    let counted = UNKNOWN_BYTES;
    this.#count(address, counted);
    let ended = false;
    let whenLate: (() => void) | undefined;
    const end = () => {
      if (ended) return;
      ended = true;
      whenLate = undefined;
      this.#count(address, -counted);
      this.#letNextGo();
    };
    return {
      end,
      begin: (bytes, late) => {
        if (ended) return;
        this.#count(address, bytes - counted);
        counted = bytes;
        const deadline = this.#clock.deadline(LEAST_MS + (bytes / SLOWEST_BYTES_PER_S) * 1000);
        whenLate = late;
        deadline.addEventListener("abort", () => {
          const cut = whenLate;
          end();
          cut?.();
        });
        this.#letNextGo();
      },
    };
  }

  async #inLine(address: string | undefined, gone: AbortSignal): Promise<Leaving> {
    gone.throwIfAborted();
    const late = this.#clock.deadline(WAIT_MS);
    const full = new Refusal(429, text("web.much.loading"), { retryAfterMs: 5000 });
    if (this.#line.size >= FILES_WAITING_MAX) throw full;
    const turn = Promise.withResolvers<Leaving>();
    const waiting: Waiting = { address, letGo: turn.resolve };
    const leave = () => turn.reject(gone.aborted ? gone.reason : full);
    this.#line.add(waiting);
    for (const signal of [gone, late]) signal.addEventListener("abort", leave, { once: true });
    try {
      return await turn.promise;
    } finally {
      this.#line.delete(waiting);
      gone.removeEventListener("abort", leave);
    }
  }

  /** They count from this moment on, or all who wait would find the same room. */
  #letNextGo(): void {
    for (const waiting of [...this.#line]) {
      if (this.#bytes + UNKNOWN_BYTES > FILES_MAX_BYTES) return;
      if (!this.#hasRoom(waiting.address)) continue;
      this.#line.delete(waiting);
      waiting.letGo(this.#leave(waiting.address));
    }
  }
}

/** The bytes as they are read: a copy of one piece is all that a socket ever holds. */
export function inPieces(bytes: Uint8Array, ended: () => void): ReadableStream<Uint8Array> {
  let left: Uint8Array | undefined = bytes;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = new Uint8Array(left?.subarray(0, PIECE_BYTES) ?? []);
        left = left?.subarray(piece.length);
        if (piece.length > 0) controller.enqueue(piece);
        if (left && left.length > 0) return;
        left = undefined;
        controller.close();
        ended();
      },
      cancel() {
        left = undefined;
        ended();
      },
    },
    { highWaterMark: 0 },
  );
}
