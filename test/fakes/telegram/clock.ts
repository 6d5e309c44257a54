/** Time that tests can move. Runs with the real clock, ahead of it by what was advanced, until it is frozen. */
export interface Clock {
  nowMs(): number;
  /** Telegram's dates are whole seconds. */
  nowS(): number;
  /** Moves time forward and runs, in their order, what became due. */
  advance(ms: number): void;
  /** From now on time passes by `advance` alone: for limits that a slow machine must not stretch. */
  freeze(): void;
  /** Runs once after this much time. Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
  stop(): void;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}

export function createClock(): Clock {
  const timers = new Set<Timer>();
  let aheadMs = 0;
  let frozenAtMs: number | undefined;
  const nowMs = () => (frozenAtMs ?? Date.now()) + aheadMs;

  function fire(timer: Timer): void {
    if (timers.delete(timer)) timer.run();
  }
  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    if (frozenAtMs === undefined)
      timer.handle = setTimeout(() => fire(timer), Math.max(0, timer.dueMs - nowMs())).unref();
  }

  return {
    nowMs,
    nowS: () => Math.floor(nowMs() / 1000),
    advance(ms) {
      aheadMs += ms;
      for (const timer of [...timers].toSorted((a, b) => a.dueMs - b.dueMs)) {
        if (timer.dueMs <= nowMs()) {
          clearTimeout(timer.handle);
          fire(timer);
        } else arm(timer);
      }
    },
    freeze() {
      frozenAtMs ??= Date.now();
      for (const timer of timers) clearTimeout(timer.handle);
    },
    after(ms, run) {
      const timer: Timer = { dueMs: nowMs() + ms, run, handle: undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
    },
    stop() {
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
    },
  };
}
