import { expect, test } from "vitest";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";

test("many who come at once go on one in each round of the event loop, in order", async () => {
  const yields = createYieldQueue();
  const happened: (number | "other")[] = [];
  const all = [1, 2, 3].map(async (number) => {
    await yields.next();
    happened.push(number);
  });
  expect(yields.waiting).toBe(3);
  const other = () => {
    happened.push("other");
    if (happened.length < 10) setImmediate(other);
  };
  setImmediate(other);
  await Promise.all(all);
  expect(yields.waiting).toBe(0);
  for (const [at, what] of happened.entries())
    if (typeof what === "number") expect(happened[at + 1] ?? "other").toBe("other");
  expect(happened.filter((what) => what !== "other")).toEqual([1, 2, 3]);
});
