import { expect, it } from "vitest";
import { createWarmPictures } from "../../src/jobs/warm-pictures.ts";
import { createTestClock } from "../fakes/clock.ts";

const MB = 1024 * 1024;

function warmed() {
  const clock = createTestClock();
  clock.freeze();
  return { clock, warm: createWarmPictures(clock) };
}

it("hands a picture over once", () => {
  const { warm } = warmed();
  const bytes = new Uint8Array([1, 2, 3]);
  warm.keep("a", bytes);
  expect(warm.take("b")).toBeUndefined();
  expect(warm.take("a")).toBe(bytes);
  expect(warm.take("a")).toBeUndefined();
});

it("holds 20 MB, the newest, and nothing that is larger by itself", () => {
  const { warm } = warmed();
  for (const id of ["a", "b", "c", "d", "e"]) warm.keep(id, new Uint8Array(5 * MB));
  expect(warm.take("a")).toBeUndefined();
  expect(warm.take("b")).toHaveLength(5 * MB);
  warm.keep("large", new Uint8Array(20 * MB + 1));
  expect(warm.take("large")).toBeUndefined();
  // A few bytes of a large buffer hold all of it.
  warm.keep("part", new Uint8Array(30 * MB).subarray(0, 10));
  expect(warm.take("part")).toBeUndefined();
  expect(["c", "d", "e"].map((id) => warm.take(id)?.length)).toEqual([5 * MB, 5 * MB, 5 * MB]);
});

it("lets go of what nobody took within a minute, of each by its own time", () => {
  const { clock, warm } = warmed();
  warm.keep("a", new Uint8Array(1));
  clock.advanceMs(59_000);
  const newer = new Uint8Array(2);
  warm.keep("b", newer);
  // Kept again, it is as new.
  warm.keep("a", newer);
  clock.advanceMs(2000);
  expect(warm.take("a")).toBe(newer);
  clock.advanceMs(60_000);
  expect(warm.take("b")).toBeUndefined();
});
