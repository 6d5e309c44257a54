import { expect, it } from "vitest";
import { Throttle } from "../../adapters/web/throttle.ts";

const RATE = { burst: 5, refillMs: 15_000 };
const DAY_MS = 86_400_000;

it("takes a burst, then what comes back", () => {
  let nowMs = 0;
  const throttle = new Throttle(RATE, () => nowMs);
  expect([1, 2, 3, 4, 5, 6].map(() => throttle.take("a"))).toEqual([0, 0, 0, 0, 0, 15_000]);
  nowMs += 15_000;
  expect(throttle.take("a")).toBe(0);
  expect(throttle.take("b")).toBe(0);
});

it("a clock that went back: waits go on from there", () => {
  let nowMs = 2 * DAY_MS;
  const throttle = new Throttle(RATE, () => nowMs);
  for (let guess = 0; guess < 5; guess += 1) throttle.take("a");
  nowMs = 0;
  expect(throttle.waitMs("a")).toBe(15_000);
  nowMs += 14_000;
  expect(throttle.waitMs("a")).toBeGreaterThan(0);
  nowMs += 1000;
  expect(throttle.waitMs("a")).toBe(0);
});
