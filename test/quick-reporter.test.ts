import { expect, it } from "vitest";
import { paceNow } from "./pace.ts";
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

const sentences = (files: readonly TimedFile[]) => tooSlow(files, 3000).map(({ sentence }) => sentence);

it("names a quick file above the limit and its longest test", () => {
  expect(sentences([file("quick", 3000.6)])).toEqual(["test/a.test.ts: 3001 ms of 3000; longest: a > slow, 2900 ms"]);
  expect(sentences([{ ...file("quick", 3001), tests: [] }])).toEqual(["test/a.test.ts: 3001 ms of 3000"]);
});

it("names nothing at the limit, and no slow file", () => {
  expect(tooSlow([file("quick", 3000), file("slow", 90_000)], 3000)).toEqual([]);
});

it.each([Number.NaN, 0, -1])("takes %s for no limit", (maxMs) => {
  expect(() => tooSlow([], maxMs)).toThrow("QUICK_FILE_MAX_MS");
});

it.each([
  ["the machine of the limit", [1, 1], 3000],
  ["a quicker one", [0.4, 0.5], 3000],
  ["one that others began to use meanwhile", [1.1, 2], 6000],
  ["one that others stopped using", [2, 1], 6000],
])("%s: a file may take so long", (_what, paces, limitMs) => {
  expect(limitFor(3000, ...paces)).toBe(limitMs);
});

it("measures a pace that grows with the work's time", () => {
  const pace = paceNow();
  expect(pace).toBeGreaterThan(0.05);
  expect(paceNow(1)).toBeGreaterThan(pace * 20);
});
