import { describe, expect, it, onTestFinished } from "vitest";
import { aborted } from "../../src/lib/abort.ts";
import { every, systemClock } from "../../src/lib/clock.ts";
import { createTestClock } from "../fakes/clock.ts";

const stillClock = () => {
  const clock = createTestClock();
  clock.freeze();
  onTestFinished(clock.stop);
  return clock;
};

describe("clocks", () => {
  it.each([-3, 0, 0.5])("the system's takes %d ms as a deadline", async (durationMs) => {
    const late = systemClock.deadline(durationMs);
    await aborted(late);
    expect(late.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("the tests' aborts at its deadline and not before", () => {
    const clock = stillClock();
    const late = clock.deadline(1000);
    clock.advanceMs(999);
    expect(late.aborted).toBe(false);
    clock.advanceMs(1);
    expect(late.reason).toMatchObject({ name: "TimeoutError" });
  });

  it("every interval once, until it is called off", () => {
    const clock = stillClock();
    let runs = 0;
    const stop = every(clock, 100, () => (runs += 1));
    for (let at = 0; at < 3; at += 1) clock.advanceMs(100);
    expect(runs).toBe(3);
    stop();
    clock.advanceMs(1000);
    expect(runs).toBe(3);
  });

  it("hurried time passes in the order of what was waited for, and never past it", async () => {
    const clock = createTestClock(0);
    onTestFinished(clock.stop);
    clock.hurry();
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.after(20_000, () => {
      seen.push(`second at ${Math.floor(clock.nowMs() / 1000)} s`);
      resolve();
    });
    clock.after(10_000, () => seen.push(`first at ${Math.floor(clock.nowMs() / 1000)} s`));
    await promise;
    expect(seen).toEqual(["first at 10 s", "second at 20 s"]);
  });
});
