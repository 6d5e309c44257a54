import type { z } from "zod";
import type { KeyValues } from "../ports/key-values.ts";
import { openValues, type Values } from "../ports/values.ts";

/** Of each kind; the oldest beyond them end. */
const KEPT_MAX = 10_000;
/** What is over lies there at most so long. */
const SWEEP_EVERY_MS = 60_000;

/** Unix ms. */
interface Timed {
  readonly untilMs: number;
}

/** Small durable values that are good for a while. */
export interface TimedValues {
  /** Of one kind. What cannot be read is over. */
  open<S extends z.ZodType<Timed>>(namespace: string, schema: S): Values<z.output<S>>;
  holds(value: Timed): boolean;
  /** What is over goes, of all that were opened: to be called now and then. */
  sweep(): Promise<void>;
  readonly nowMs: () => number;
  readonly holdsMs: number;
}

export function createTimedValues({
  keyValues,
  nowMs,
  holdsMs,
}: {
  readonly keyValues: KeyValues;
  readonly nowMs: () => number;
  /** Each of them, at most. */
  readonly holdsMs: number;
}): TimedValues {
  const opened: Values<Timed>[] = [];
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  function holds({ untilMs }: Timed): boolean {
    const leftMs = untilMs - nowMs();
    // A clock that went back must not keep anybody out, nor a code alive.
    return leftMs > 0 && leftMs <= holdsMs;
  }

  async function sweepOne(values: Values<Timed>): Promise<void> {
    const oldestFirst = (await values.entries()).toSorted(([, a], [, b]) => a.untilMs - b.untilMs);
    const tooMany = oldestFirst.length - KEPT_MAX;
    for (const [at, [key, value]] of oldestFirst.entries()) if (at < tooMany || !holds(value)) await values.delete(key);
  }

  return {
    nowMs,
    holdsMs,
    holds,
    open(namespace, schema) {
      const values = openValues({
        storage: keyValues(),
        namespace,
        read: (value) => schema.safeParse(value).data,
      });
      opened.push(values as Values<Timed>);
      return values;
    },
    async sweep() {
      if (Math.abs(nowMs() - sweptAtMs) < SWEEP_EVERY_MS) return;
      sweptAtMs = nowMs();
      for (const values of opened) await sweepOne(values);
    },
  };
}
