import { readdirSync, readlinkSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { freshFiles } from "./contract/files.ts";

const fresh = freshFiles();

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

/** Of this process: SQLite's own for what it may have to undo. */
const temporaryFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes("etilqs");
    } catch {
      return false;
    }
  });

test.skipIf(process.platform !== "linux")("what undoes a savepoint makes no file, however much it is", () => {
  const db = openDatabase(fresh());
  onTestFinished(() => db.close());
  db.exec("CREATE TABLE note(seq INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT");
  const add = db.query("INSERT INTO note(word) VALUES(?)");
  const notes = db.query<{ readonly n: number }>("SELECT count(*) AS n FROM note");
  for (let page = 0; page < 50; page += 1) add.run("a".repeat(3000));
  db.exec("BEGIN IMMEDIATE; SAVEPOINT part; UPDATE note SET word = word || 'b'");
  expect(temporaryFiles()).toEqual([]);
  db.exec("DELETE FROM note; ROLLBACK TO part; RELEASE part; COMMIT");
  expect(notes.get()).toEqual({ n: 50 });
});
