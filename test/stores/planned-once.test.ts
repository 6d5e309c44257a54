import { expect, test } from "vitest";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";

const RUNS = 400;
const TRIES = 7;

test("a limit that is a parameter makes no statement be planned at each run", () => {
  const db = openDatabase(MEMORY);
  db.exec("CREATE TABLE note(seq INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT");
  const columns = Array.from({ length: 40 }, (_, at) => `word AS "word${at}"`).join(", ");
  const quickestMs = (limit: string, ...values: readonly number[]) => {
    const query = db.query(`SELECT ${columns} FROM note ORDER BY seq LIMIT ${limit}`);
    const took = Array.from({ length: TRIES }, () => {
      const startedAtMs = performance.now();
      for (let run = 0; run < RUNS; run += 1) query.all(...values);
      return performance.now() - startedAtMs;
    });
    return Math.min(...took);
  };
  const written = quickestMs("5");
  // Planned anew it takes more than ten times as long.
  expect(quickestMs("?1", 5)).toBeLessThan(3 * written);
  expect(quickestMs("?", 5)).toBeLessThan(3 * written);
  db.close();
});
