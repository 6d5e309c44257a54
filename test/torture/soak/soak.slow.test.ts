import { expect, it } from "vitest";
import { soak } from "./soak.ts";

const OPEN_FILES_MAX = 150;
const HEAP_MAX_BYTES = 100_000_000;

it("1,000 messages on three platforms: the till is exact at every look, and nothing stays open", {
  timeout: 400_000,
}, async () => {
  const { audits, auditsWrong, late } = await soak({ messages: 1000, seed: 20_261_129 });
  expect(audits).toBeGreaterThan(40);
  expect(auditsWrong).toBe(0);
  expect(late.picturesMade).toBeGreaterThan(20);
  // Whether anything grows shows over 100,000: `npm run torture -- soak`.
  expect(late.openFiles).toBeLessThan(OPEN_FILES_MAX);
  expect(late.heapBytes).toBeLessThan(HEAP_MAX_BYTES);
});
