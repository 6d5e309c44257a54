/** Time that tests can move. Runs with the real clock, ahead of it by what was advanced. */
export interface Clock {
  nowMs(): number;
  /** Telegram's dates are whole seconds. */
  nowS(): number;
  /** Moves time forward and runs, in their order, what became due. */
  advance(ms: number): void;
  /** Runs once after this much time, real or advanced. Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
  stop(): void;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  handle: NodeJS.Timeout;
}

export function createClock(): Clock {
  const timers = new Set<Timer>();
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const fire = (timer: Timer) => {
    if (timers.delete(timer)) timer.run();
  };
  const arm = (timer: Timer) => setTimeout(() => fire(timer), Math.max(0, timer.dueMs - nowMs())).unref();

  return {
    nowMs,
    nowS: () => Math.floor(nowMs() / 1000),
    advance(ms) {
      aheadMs += ms;
      for (const timer of [...timers].toSorted((a, b) => a.dueMs - b.dueMs)) {
        clearTimeout(timer.handle);
        if (timer.dueMs <= nowMs()) fire(timer);
        else timer.handle = arm(timer);
      }
    },
    after(ms, run) {
      const timer: Timer = { dueMs: nowMs() + ms, run, handle: setTimeout(() => {}, 0) };
      clearTimeout(timer.handle);
      timer.handle = arm(timer);
      timers.add(timer);
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
