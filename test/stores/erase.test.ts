import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { engineOver } from "../../src/stores/sqlite/engine.ts";
import { AT_COMMIT, flushBeside } from "../../src/stores/sqlite/wal-flush.ts";

const NEEDLE = "xylophonedawn";

function open() {
  const folder = mkdtempSync(join(tmpdir(), "placard-erase-"));
  const db = openDatabase(join(folder, "one.sqlite"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // As files are that were written before what is deleted was written over.
  db.exec("PRAGMA secure_delete = OFF; CREATE TABLE one(id INTEGER PRIMARY KEY, words TEXT)");
  for (let id = 0; id < 200; id += 1) db.exec(`INSERT INTO one VALUES(${id}, '${NEEDLE} ${"x".repeat(500)}')`);
  const holds = () =>
    [db.file, `${db.file}-wal`].filter((file) => readFileSync(file).includes(NEEDLE)).map((file) => file === db.file);
  return { db, holds };
}

it.each([["beside"], ["on the main thread"]])(
  "%s: what was deleted is in no file any more, and the log is empty",
  async (how) => {
    const { db, holds } = open();
    const engine = engineOver(db, how === "beside" ? flushBeside(db, { durability: "beside" }) : AT_COMMIT);
    onTestFinished(() => engine.close());
    db.exec("PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM one WHERE id > 0");
    expect(holds()).not.toEqual([]);
    await engine.transact(async (sql) => void (await sql.run("DELETE FROM one")));
    expect(holds()).not.toEqual([]);
    // Writers that come meanwhile wait, and are not lost.
    const erased = engine.erase?.();
    const written = engine.transact(async (sql) => sql.run("INSERT INTO one VALUES(1, 'later')"));
    await Promise.all([erased, written]);
    await engine.erase?.();
    expect(holds()).toEqual([]);
    expect(statSync(`${db.file}-wal`).size).toBe(0);
    expect(await engine.read(async (sql) => sql.all("SELECT words FROM one"))).toEqual([{ words: "later" }]);
  },
);
