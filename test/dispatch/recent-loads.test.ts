import { expect, test } from "vitest";
import { recentLoads } from "../../src/dispatch/recent-loads.ts";

test("what the lanes have to do is summed up for each order, and in a crowd once a second", async () => {
  let ms = 1000;
  let asked = 0;
  const store = {
    async loads() {
      asked += 1;
      return new Map([
        ["a", ms],
        ["b", 5],
      ]);
    },
  };
  const at = async (nowMs: number) => (await recentLoads(store, nowMs)).get("a");
  expect([await at(0), await at(0), asked]).toEqual([1000, 1000, 2]);
  ms = 600_000;
  expect(await at(1)).toBe(600_000);
  ms = 700_000;
  expect([await at(1000), asked]).toEqual([600_000, 3]);
  expect([await at(1001), asked]).toEqual([700_000, 4]);
  // A clock that is set back, and a crowd that is over.
  ms = 9;
  expect([await at(500), await at(500), asked]).toEqual([9, 9, 6]);
});
