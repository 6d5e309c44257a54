import { expect, test } from "vitest";
import { createTurns } from "../../src/lib/turns.ts";

test("many who come at once go on one in each turn of the event loop, in order", async () => {
  const turns = createTurns();
  const happened: (number | "other")[] = [];
  const all = [1, 2, 3].map(async (number) => {
    await turns.take();
    happened.push(number);
  });
  expect(turns.waiting).toBe(3);
  const other = () => {
    happened.push("other");
    if (happened.length < 10) setImmediate(other);
  };
  setImmediate(other);
  await Promise.all(all);
  expect(turns.waiting).toBe(0);
  for (const [at, what] of happened.entries())
    if (typeof what === "number") expect(happened[at + 1] ?? "other").toBe("other");
  expect(happened.filter((what) => what !== "other")).toEqual([1, 2, 3]);
});
