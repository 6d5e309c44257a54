import { expect, it } from "vitest";
import { type TimedFile, tooSlow } from "./quick-reporter.ts";

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
