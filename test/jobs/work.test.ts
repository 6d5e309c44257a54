import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Attempt } from "../../src/jobs/attempt.ts";
import type { Made } from "../../src/jobs/generate-picture.ts";
import { createWork } from "../../src/jobs/work.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

function working(facts: { readonly costWeight: number; readonly timeoutMs?: number }) {
  let steadyMs = 0;
  let setMs = 0;
  const attempt = { backend: fakeBackend({ facts }), job: { ...sampleJob("a"), attempt: 3 }, route: [] };
  const work = createWork(attempt as unknown as Attempt, {
    steadyMs: () => steadyMs,
    nowMs: () => steadyMs + setMs,
  });
  const chargedMs = () => work.soFar().outcome.usedGpuMs;
  const pass = (ms: number) => {
    steadyMs += ms;
  };
  /** The time of day is another one; no time has passed. */
  const setClock = (aheadMs: number) => {
    setMs = aheadMs;
  };
  return { work, chargedMs, pass, setClock };
}

/** A picture of which the backend says how long it took. */
const made = (usedMs: number) => ({ usedMs, recipe: {}, sha256: "00", reattached: false }) as unknown as Made;

it.each([
  ["a free place", 0, [0, 0, 0, 0]],
  ["one that is paid for", 1, [3000, 2000, 2500, 6500]],
  ["one that is paid for twice", 2, [6000, 4000, 5000, 13_000]],
])("cancelling charges what was used so far, on %s", (_where, costWeight, [under, one, next, two]) => {
  const { work, chargedMs, pass } = working({ costWeight });
  work.works();
  pass(3000);
  expect(chargedMs()).toBe(under);
  // What the backend measured counts, and not the time around it: neither is counted twice.
  work.finished(made(2000));
  pass(10_000);
  expect(chargedMs()).toBe(one);
  work.works();
  pass(500);
  work.works();
  expect(chargedMs()).toBe(next);
  work.finished(made(4500));
  expect(chargedMs()).toBe(two);
  expect(work.soFar()).toMatchObject({ attempt: 3, pictures: [{ index: 0 }, { index: 1 }] });
});

it("counts the time before and after a wait at the far end, and not the wait", () => {
  const { work, chargedMs, pass } = working({ costWeight: 1 });
  pass(700);
  expect(chargedMs()).toBe(0);
  work.works();
  pass(1000);
  work.waits();
  pass(50_000);
  expect(chargedMs()).toBe(1000);
  work.works();
  pass(1000);
  expect(chargedMs()).toBe(2000);
  // The next picture begins at nothing.
  work.waits();
  work.finished(made(1500));
  work.works();
  pass(100);
  expect(chargedMs()).toBe(1600);
});

it("charges no picture for longer than it may take", () => {
  const { work, chargedMs, pass } = working({ costWeight: 1, timeoutMs: 60_000 });
  work.works();
  pass(3_600_000);
  expect(chargedMs()).toBe(60_000);
});

it.each([3_600_000, -3_600_000])("charges what passed, and not a clock that was set by %d ms", (aheadMs) => {
  const { work, chargedMs, pass, setClock } = working({ costWeight: 1, timeoutMs: 60_000 });
  work.works();
  pass(1000);
  setClock(aheadMs);
  expect(chargedMs()).toBe(1000);
  pass(500);
  work.waits();
  setClock(0);
  expect(chargedMs()).toBe(1500);
  expect(work.outcome().tookMs).toBe(1500);
});
