import { expect, test } from "vitest";
import type { Sql, Value } from "../../src/ports/sql.ts";
import { lockBuckets, lockDecisions, lockJob, lockJobs, lockSpendWindows, lockUpdate } from "../../src/rules/locks.ts";
import { transactionsOver } from "../../src/rules/transaction.ts";

/** Notes what is locked, in which order. */
function noting(oneWriter: boolean, ...persons: { readonly personId: string }[]) {
  const locked: string[] = [];
  const sql: Sql = {
    async get<R>(text: string, ...values: readonly Value[]) {
      if (text.includes("FROM job")) locked.push(`job ${values[0]}`);
      return (text.includes("FROM link") ? persons.shift() : undefined) as R | undefined;
    },
    all: async () => [],
    run: async (_text, ...values) => locked.push(String(values[0])),
    effect: async (_text, ...values) => void locked.push(String(values[0])),
  };
  const engine = {
    oneWriter,
    transact: <T>(body: (sql: Sql, again: boolean) => Promise<T>) => body(sql, false),
    read: <T>(body: (sql: Sql) => Promise<T>) => body(sql),
    close: async () => {},
  };
  return { locked, ...transactionsOver(engine) };
}

test("locks are taken in one order, many of a kind in the order of their keys, each key once", async () => {
  const { act, locked } = noting(false);
  await act(async (tx) => {
    await lockUpdate(tx, "u", 0);
    await lockDecisions(tx, ["s"]);
    await lockJobs(tx, ["2", "1", "2"]);
    await lockSpendWindows(tx, ["pot b", "address a"]);
    await lockBuckets(tx, ["web:b", "web:a"]);
  });
  expect(locked).toEqual([
    "u",
    "decision s",
    "job 1",
    "job 2",
    "spend window address a",
    "spend window pot b",
    "bucket web:a",
    "bucket web:b",
  ]);
});

test("one writer needs none, and the order counts all the same", async () => {
  const { act, locked } = noting(true);
  await act(async (tx) => {
    await lockUpdate(tx, "u", 0);
    await lockBuckets(tx, ["web:a"]);
  });
  expect(locked).toEqual([]);
  await expect(
    act(async (tx) => {
      await lockBuckets(tx, ["web:a"]);
      await lockJob(tx, "1");
    }),
  ).rejects.toThrow("lock order: job after bucket");
});

test("a second lock of the same kind is a wrong order, too, and whoever only looks takes none", async () => {
  const { act, look } = noting(false);
  await expect(
    act(async (tx) => {
      await lockBuckets(tx, ["web:b"]);
      await lockBuckets(tx, ["web:a"]);
    }),
  ).rejects.toThrow("lock order: bucket after bucket");
  await expect(look(async (tx) => lockUpdate(tx, "u", 0))).rejects.toThrow("lock order: update after all locks");
});

test("whoever was joined with others while their bucket was waited for is looked for anew; whoever stays gets what is locked", async () => {
  const { act, locked } = noting(
    false,
    { personId: "person:old" },
    { personId: "person:new" },
    { personId: "person:new" },
    {
      personId: "person:new",
    },
  );
  const found = await act(async (tx) => lockBuckets(tx, ["web:a"]));
  expect([...found]).toEqual([["web:a", "person:new"]]);
  expect(locked).toEqual(["bucket person:old", "bucket person:new"]);
});
