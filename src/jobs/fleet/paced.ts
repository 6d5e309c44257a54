import type { Clock } from "../../lib/clock.ts";

/** Work that many ask for, of which the newest counts: at once, and then no more often than it may be. */
export interface Paced {
  ask(): void;
  /** What waits is dropped, and nothing is begun any more. */
  stop(): void;
}

/** @param failed is told of what `work` rejects with; it goes on */
export function createPaced(
  work: () => Promise<void>,
  {
    everyMs,
    clock,
    failed,
  }: { readonly everyMs: number; readonly clock: Clock; readonly failed: (error: unknown) => void },
): Paced {
  let asked = false;
  let busy = false;
  let callOff: (() => void) | undefined;
  let stopped = false;

  async function begin(): Promise<void> {
    asked = false;
    busy = true;
    const begunAtMs = clock.steadyMs();
    await work().catch(failed);
    if (stopped) return;
    callOff = clock.after(Math.max(0, everyMs - (clock.steadyMs() - begunAtMs)), () => {
      callOff = undefined;
      busy = false;
      if (asked) void begin();
    });
  }

  return {
    ask() {
      asked = true;
      if (!busy && !stopped) void begin();
    },
    stop() {
      stopped = true;
      callOff?.();
    },
  };
}
