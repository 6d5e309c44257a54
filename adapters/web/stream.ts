import { STREAM_BACKLOG_MAX_BYTES, STREAM_HEARTBEAT_MS } from "./limits.ts";
import type { ScreenEvent, StreamEvent } from "./wire.ts";

/** Time to read why a stream ended. */
const LAST_WORD_MS = 2000;

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(": \n\n");

/** One event as it travels. Encoded once, however many tabs get it: unread copies of one event are one piece of memory. */
export const encoded = (event: StreamEvent | ScreenEvent): Uint8Array =>
  encoder.encode(`data: ${JSON.stringify(event)}\n\n`);

/** The reader's end of one stream. */
export interface StreamReader {
  /** Ends the connection at once, whatever is unread; absent where there is no socket. Twice is harmless. */
  readonly cut?: () => void;
  /** Bytes that have left us and not this machine. */
  readonly inSocketBytes?: () => number;
}

/**
 * Server-sent events to one tab, in the order in which they were sent. What the tab leaves unread is bounded: beyond that it is
 * cut off and comes back by itself.
 */
export class Stream {
  readonly response: Response;
  readonly #reader: StreamReader;
  readonly #gone: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param gone called once, when nothing more can be sent */
  constructor(reader: StreamReader, gone: () => void) {
    this.#reader = reader;
    this.#gone = gone;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#leave();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: STREAM_BACKLOG_MAX_BYTES }),
    );
    this.#heartbeat = setInterval(() => this.send(HEARTBEAT), STREAM_HEARTBEAT_MS);
    this.#heartbeat.unref();
    this.response = new Response(body, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
    });
  }

  get backlogBytes(): number {
    const free = this.#controller?.desiredSize ?? STREAM_BACKLOG_MAX_BYTES;
    return STREAM_BACKLOG_MAX_BYTES - free + (this.#reader.inSocketBytes?.() ?? 0);
  }

  send(bytes: Uint8Array): void {
    const controller = this.#controller;
    if (!controller) return;
    const unreadBytes = this.backlogBytes;
    if (unreadBytes > 0 && unreadBytes + bytes.length > STREAM_BACKLOG_MAX_BYTES) this.cut();
    else controller.enqueue(bytes);
  }

  /** What was sent before is read first; who does not read is cut off. */
  end(): void {
    const controller = this.#leave();
    if (!controller) return;
    controller.close();
    setTimeout(() => this.#reader.cut?.(), LAST_WORD_MS).unref();
  }

  /** Nothing unread is kept. */
  cut(): void {
    const controller = this.#leave();
    if (this.#reader.cut) this.#reader.cut();
    else controller?.error(new Error("the reader was too slow"));
  }

  #leave(): ReadableStreamDefaultController<Uint8Array> | undefined {
    const controller = this.#controller;
    this.#controller = undefined;
    clearInterval(this.#heartbeat);
    if (controller) this.#gone();
    return controller;
  }
}
