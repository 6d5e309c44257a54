import { untilAborted } from "./abort.ts";
import type { Clock } from "./clock.ts";
import { type Forked, type ForkedSetup, type NoAnswer, startForked } from "./forked.ts";
import { createSerial } from "./serial.ts";

/** Something under way in the process. */
export interface Underway<T> {
  readonly done: Promise<T>;
  /** Asks it to stop; it is killed when it has not within `waitMs`. Absent: nothing can be asked, it is killed at once. */
  readonly stop?: { readonly ask: () => void; readonly waitMs: number };
}

export interface ModelProcessSetup<To extends object, From, Facts> extends Omit<ForkedSetup<From>, "errorOf"> {
  /** "closed": it was ended for good. */
  readonly errorOf: (why: NoAnswer | "closed", message: string) => Error;
  /** Has a started process read its model. */
  readonly load: (started: Forked<To, From>) => Promise<Facts>;
  readonly clock: Pick<Clock, "after">;
  /** Without work for so long it ends, and gives its memory back; 0: never. */
  readonly idleMs: number;
}

/** A model in a process of its own, which starts with the first work and again after each death. One work at a time. */
export interface ModelProcess<To extends object, From, Facts> {
  /** As loaded last. */
  readonly facts: Facts | undefined;
  readonly pid: number | undefined;
  /**
   * Does something with the loaded model when its turn comes. Aborting rejects at once with the signal's reason.
   *
   * @param loading it starts, and reads the model
   * @throws what `errorOf` says, or what `begin` rejects with
   */
  use<T>(signal: AbortSignal, begin: (started: Forked<To, From>) => Underway<T>, loading?: () => void): Promise<T>;
  /** Loads it without any work. @throws as `use` */
  load(signal: AbortSignal): Promise<Facts>;
  /** Ends its process, and what it works on. It may be used again. */
  unload(): Promise<void>;
  /** Ends it for good. Safe to call twice; never rejects. */
  close(): Promise<void>;
}

export function createModelProcess<To extends object, From, Facts>(
  setup: ModelProcessSetup<To, From, Facts>,
): ModelProcess<To, From, Facts> {
  const { clock, idleMs, errorOf } = setup;
  const serial = createSerial();
  let running: Forked<To, From> | undefined;
  let reading: Promise<Facts> | undefined;
  let facts: Facts | undefined;
  let closed = false;
  let stayAwake = () => {};

  const kill = async (): Promise<void> => {
    const ending = running;
    [running, reading] = [undefined, undefined];
    ending?.kill();
    await ending?.gone;
  };
  const loaded = (tell: () => void): Promise<Facts> => {
    if (reading) return reading;
    tell();
    const started = startForked<To, From>(setup);
    running = started;
    reading = setup.load(started);
    void reading.then(
      (found) => {
        facts = found;
      },
      // One that could not load is of no use; the next work tries anew.
      () => (running === started ? kill() : undefined),
    );
    void started.gone.then(() => {
      if (running === started) [running, reading] = [undefined, undefined];
    });
    return reading;
  };
  /** What is asked of the process has an end: it answers, or dies, or is killed for being asked to stop. */
  const ended = async <T>({ done, stop }: Underway<T>, signal: AbortSignal): Promise<T> => {
    let callOff = () => {};
    const onAbort = () => {
      stop?.ask();
      callOff = clock.after(stop?.waitMs ?? 0, () => void kill());
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await done;
    } finally {
      callOff();
      signal.removeEventListener("abort", onAbort);
    }
  };
  const ready = async (signal: AbortSignal, tell: () => void): Promise<Facts> => {
    signal.throwIfAborted();
    if (closed) throw errorOf("closed", "it is closed");
    stayAwake();
    // What is being read cannot be stopped but by its end.
    const found = await ended({ done: loaded(tell) }, signal);
    signal.throwIfAborted();
    return found;
  };
  const inTurn = <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    untilAborted(serial.run(work).finally(rest), signal);

  return {
    get facts() {
      return facts;
    },
    get pid() {
      return running?.pid;
    },
    use: (signal, begin, loading = () => undefined) =>
      inTurn(signal, async () => {
        await ready(signal, loading);
        if (!running) throw errorOf("died", "its process ended");
        return ended(begin(running), signal);
      }),
    load: (signal) => inTurn(signal, () => ready(signal, () => undefined)),
    unload: kill,
    async close() {
      closed = true;
      stayAwake();
      await kill();
    },
  };

  function rest(): void {
    stayAwake();
    if (idleMs > 0 && !closed) stayAwake = clock.after(idleMs, () => void kill());
  }
}
