import { expect, it } from "vitest";
import { limitFor, type TimedFile, tooSlow } from "./quick-reporter.ts";

const file = (project: string, durationMs: number): TimedFile => ({
  file: "test/a.test.ts",
  project,
  durationMs,
  tests: [
    { name: "a > quick", durationMs: 20 },
    { name: "a > slow", durationMs: 2900 },
  ],
});

it("names a quick file above the limit and its longest test", () => {
  expect(tooSlow([file("quick", 3000.6)], 3000)).toEqual([
    "test/a.test.ts: 3001 ms of 3000; longest: a > slow, 2900 ms",
  ]);
  expect(tooSlow([{ ...file("quick", 3001), tests: [] }], 3000)).toEqual(["test/a.test.ts: 3001 ms of 3000"]);
});

it("names nothing at the limit, and no slow file", () => {
  expect(tooSlow([file("quick", 3000), file("slow", 90_000)], 3000)).toEqual([]);
});

it.each([Number.NaN, 0, -1])("takes %s for no limit", (maxMs) => {
  expect(() => tooSlow([], maxMs)).toThrow("QUICK_FILE_MAX_MS");
});

it.each([
  ["a machine of its own", 0.5, 3000],
  ["one that the tests themselves fill", 2, 3000],
  ["one that others use as much", 4, 6000],
  ["one that does not tell", 0, 3000],
])("%s: a file may take so long", (_what, loadAverage, limitMs) => {
  expect(limitFor(3000, loadAverage, 2)).toBe(limitMs);
});
