import { text } from "../../src/domain/text.ts";
import { pauseMs } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { render } from "../../src/messages/render.ts";
import { SCREEN_EACH_MS, SCREENS_PER_ADDRESS, SCREENS_PER_SEAT, STREAMS_MAX, WALLS_PER_ADDRESS } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { encoded, Stream, type StreamReader } from "./stream.ts";
import type { ScreenEvent } from "./wire.ts";

const FULL_RETRY_MS = 10_000;

/** One that shows a meeting. */
export interface Screen {
  readonly reader: StreamReader;
  readonly address: string | undefined;
  /** What it opened with; absent: a wall. */
  readonly seat?: string;
  readonly language: string;
  /** All that it shows now; `undefined`: nothing any more, and `over` says why. */
  readonly shows: () => Promise<ScreenEvent | undefined>;
  readonly over: string;
  /** As `MeetingScreens.watch`. */
  readonly watch: (changed: () => void) => () => void;
}

interface Open extends Screen {
  readonly stream: Stream;
}

/** The walls and phones of meetings that are open here. Each is told the whole of what it shows, whenever that changes. */
export class Screens {
  /** In the order in which they came. */
  readonly #open = new Set<Open>();
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #failed: (error: Error) => void;

  constructor(parts: {
    readonly clock: Clock;
    readonly closing: AbortSignal;
    readonly failed: (error: Error) => void;
  }) {
    this.#clock = parts.clock;
    this.#closing = parts.closing;
    this.#failed = parts.failed;
    parts.closing.addEventListener("abort", () => {
      for (const { stream } of [...this.#open]) stream.end();
    });
  }

  /** @param first what it shows at the beginning @throws Refusal 429 when too many are open, here or at this address */
  open(screen: Screen, first: ScreenEvent): Response {
    this.#makeWay(screen);
    const gone = new AbortController();
    const stream = new Stream(screen.reader, () => {
      this.#open.delete(open);
      gone.abort();
    });
    const open: Open = { ...screen, stream };
    if (this.#closing.aborted) stream.end();
    else {
      this.#open.add(open);
      void this.#follow(open, first, gone.signal).catch((error: unknown) => {
        if (gone.signal.aborted) return;
        this.#failed(error instanceof Error ? error : new Error("a screen could not be followed", { cause: error }));
        // It comes back by itself.
        stream.end();
      });
    }
    return stream.response;
  }

  async #follow(screen: Open, first: ScreenEvent, gone: AbortSignal): Promise<void> {
    let news = Promise.withResolvers<void>();
    const unwatch = screen.watch(() => news.resolve());
    gone.addEventListener("abort", () => {
      unwatch();
      news.resolve();
    });
    let shown = "";
    // What changed between the first look and the watch.
    for (let event: ScreenEvent | undefined = first; ; event = await screen.shows()) {
      if (gone.aborted) return;
      if (!event) {
        screen.stream.send(encoded({ type: "out", text: screen.over }));
        screen.stream.end();
        return;
      }
      const looks = JSON.stringify({ ...event, nowMs: 0 });
      if (looks !== shown) screen.stream.send(encoded(event));
      const isFirst = shown === "";
      shown = looks;
      if (!isFirst) await news.promise;
      if (gone.aborted) return;
      news = Promise.withResolvers();
      await pauseMs(this.#clock, this.#eachMs, gone);
      // Whoever reads slowly gets less often what is newest, and never a backlog.
      while (screen.stream.backlogBytes > 0) await pauseMs(this.#clock, this.#eachMs, gone);
    }
  }

  get #eachMs(): number {
    const { least, forEachScreen, most } = SCREEN_EACH_MS;
    return Math.min(most, Math.max(least, this.#open.size * forEachScreen));
  }

  #makeWay({ seat, address }: Screen): void {
    const own = [...this.#open].filter((each) =>
      seat === undefined
        ? each.seat === undefined && address !== undefined && each.address === address
        : each.seat === seat,
    );
    const max = seat === undefined ? WALLS_PER_ADDRESS : SCREENS_PER_SEAT;
    for (const { stream, language } of own.slice(0, Math.max(0, own.length + 1 - max))) {
      const why = text(seat === undefined ? "web.walls.paused" : "web.phones.paused", { n: max });
      stream.send(encoded({ type: "ended", text: render(why, language) }));
      stream.end();
    }
    const here = [...this.#open].filter((each) => address !== undefined && each.address === address);
    if (here.length >= SCREENS_PER_ADDRESS || this.#open.size >= STREAMS_MAX)
      throw new Refusal(429, text("web.tabs.full"), { retryAfterMs: FULL_RETRY_MS });
  }
}
