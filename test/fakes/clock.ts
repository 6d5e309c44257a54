import { performance } from "node:perf_hooks";
import type { Clock } from "../../src/lib/clock.ts";

/** How much faster time passes while a hurried program only waits. */
const HURRY = 50;
const LOOK_EVERY_MS = 2;

/** Time that tests can move. Runs with the real clock, ahead of it by what was advanced, until it is frozen or hurried. */
export interface TestClock extends Clock {
  /** Moves time forward and runs, in their order, what became due. */
  advanceMs(byMs: number): void;
  /** The time of day is set to another one, as by an administrator. No time passes. */
  setAheadMs(byMs: number): void;
  /** From now on time passes by `advanceMs` alone: for limits that a slow machine must not stretch. */
  freeze(): void;
  /**
   * From now on waiting is short: while this process has nothing to do, time passes 50 times as fast, at most up to the
   * next moment that somebody waits for. While it computes, time passes as always; so the order of things stays.
   */
  hurry(): void;
  /** Ends the hurry: time passes as always. */
  calm(): void;
  stop(): void;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  handle: NodeJS.Timeout | undefined;
}

export function createTestClock(startMs = Date.now()): TestClock {
  const timers = new Set<Timer>();
  const beganMs = performance.now();
  let aheadMs = 0;
  let setMs = 0;
  let frozenAtMs: number | undefined;
  let hurrying: NodeJS.Timeout | undefined;
  const runningMs = () => performance.now() - beganMs;
  const exactMs = () => startMs + (frozenAtMs ?? runningMs()) + aheadMs;

  function fire(timer: Timer): void {
    clearTimeout(timer.handle);
    if (timers.delete(timer)) timer.run();
  }
  function arm(timer: Timer): void {
    clearTimeout(timer.handle);
    if (frozenAtMs === undefined)
      timer.handle = setTimeout(() => fire(timer), Math.max(0, timer.dueMs - exactMs())).unref();
  }
  function runDue(): void {
    for (const timer of [...timers].toSorted((a, b) => a.dueMs - b.dueMs))
      if (timer.dueMs <= exactMs()) fire(timer);
      else arm(timer);
  }
  /** Up to the next moment only: what then begins may be quicker than what would be due afterwards. */
  function pass(byMs: number): void {
    if (timers.size === 0) return;
    const nextMs = Math.min(...Array.from(timers, ({ dueMs }) => dueMs));
    aheadMs += Math.max(0, Math.min(byMs, nextMs - exactMs()));
    if (nextMs <= exactMs()) runDue();
  }

  const clock: TestClock = {
    nowMs: () => Math.floor(exactMs()) + setMs,
    steadyMs: exactMs,
    advanceMs(byMs) {
      if (!(byMs >= 0)) throw new Error(`time does not go back: ${byMs}`);
      aheadMs += byMs;
      runDue();
    },
    setAheadMs(byMs) {
      setMs += byMs;
    },
    freeze() {
      frozenAtMs ??= runningMs();
      for (const timer of timers) clearTimeout(timer.handle);
    },
    hurry() {
      let before = performance.eventLoopUtilization();
      hurrying ??= setInterval(() => {
        const now = performance.eventLoopUtilization();
        const idleMs = now.idle - before.idle;
        before = now;
        // On a busy machine a process that waits for its turn looks idle, and its limits must not pass meanwhile.
        pass(Math.min(idleMs, 2 * LOOK_EVERY_MS) * (HURRY - 1));
      }, LOOK_EVERY_MS).unref();
    },
    after(durationMs, run) {
      const timer: Timer = { dueMs: exactMs() + durationMs, run, handle: undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
    },
    deadline(durationMs) {
      const late = new AbortController();
      clock.after(durationMs, () =>
        late.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
      );
      return late.signal;
    },
    calm() {
      clearInterval(hurrying);
      hurrying = undefined;
    },
    stop() {
      clock.calm();
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
    },
  };
  return clock;
}
