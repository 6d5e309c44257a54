import { describe, expect, it } from "vitest";
import { limitOf, unlessAborted, untilAborted, within } from "../../src/lib/abort.ts";
import { createTestClock } from "../fakes/clock.ts";

const never = new Promise<never>(() => {});
const failing = () => Promise.reject(new Error("broke"));

describe("work with a limit", () => {
  it("gives what it gives in time, and nothing afterwards", async () => {
    const clock = createTestClock();
    clock.freeze();
    expect(await within(clock, 1000, Promise.resolve("made"))).toBe("made");
    await expect(within(clock, 1000, failing())).rejects.toThrow("broke");
    const late = within(clock, 1000, never);
    clock.advanceMs(999);
    const meanwhile = new Promise((resolve) => setImmediate(resolve, "not yet"));
    expect(await Promise.race([late, meanwhile])).toBe("not yet");
    clock.advanceMs(1);
    expect(await late).toBeUndefined();
    clock.stop();
  });

  it("leaves no timer behind", async () => {
    let waiting = 0;
    const after = () => {
      waiting += 1;
      return () => {
        waiting -= 1;
      };
    };
    await within({ after }, 1000, Promise.resolve());
    await within({ after }, 1000, failing()).catch(() => undefined);
    expect(waiting).toBe(0);
  });

  it("may fail later without anybody hearing of it", async () => {
    const gate = Promise.withResolvers<void>();
    const ended = AbortSignal.abort();
    expect(await unlessAborted(gate.promise, ended)).toBeUndefined();
    await expect(untilAborted(gate.promise, ended)).rejects.toThrow("aborted");
    // An unhandled rejection would fail the run.
    gate.reject(new Error("late"));
    await new Promise(setImmediate);
  });

  it("counts as done where it is done already, whatever the signal says", async () => {
    expect(await unlessAborted(Promise.resolve("made"), AbortSignal.abort())).toBe("made");
  });
});

describe("a limit of time", () => {
  it("is over at its time, as a deadline is", () => {
    const clock = createTestClock();
    clock.freeze();
    const { signal } = limitOf(clock, 1000);
    clock.advanceMs(999);
    expect(signal.aborted).toBe(false);
    clock.advanceMs(1);
    expect(signal.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("never comes once it was called off", () => {
    const clock = createTestClock();
    clock.freeze();
    const { signal, end } = limitOf(clock, 1000);
    end();
    end();
    clock.advanceMs(5000);
    expect(signal.aborted).toBe(false);
  });
});
