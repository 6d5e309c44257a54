import { expect, onTestFinished, test } from "vitest";
import { number, run, transactionsOver } from "../../src/rules/transaction.ts";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { engineOver } from "../../src/stores/sqlite/engine.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";

const add = run<[lane: string]>("INSERT INTO turn(lane, tag) VALUES($1, 1)");
const count = number<[]>("SELECT count(*) AS n FROM turn");

test("what calls itself one statement makes no second one, on whatever database it is tried", async () => {
  const db = openDatabase(MEMORY);
  migrate(db);
  const engine = engineOver(db);
  onTestFinished(() => engine.close());
  const { once, look } = transactionsOver(engine);
  expect(await once(async (tx) => add(tx, "a"))).toBe(1);
  const twice = once(async (tx) => {
    await add(tx, "b");
    await add(tx, "c");
  });
  await expect(twice).rejects.toThrow("a transaction of one statement made another");
  expect(await look(count)).toBeLessThan(3);
});
