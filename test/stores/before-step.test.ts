import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { copyBeforeStep } from "../../src/stores/sqlite/before-step.ts";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrateGroupLog } from "../../src/stores/sqlite/group-log/schema.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";

const FIXTURE = new URL("../fixtures/store-step-1.json", import.meta.url);

/** A folder with a database of schema step 1 and all kinds of rows in it. */
function old(): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), "placard-before-step-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "placard.sqlite");
  const db = openDatabase(file);
  migrate(db, 1);
  const { sql } = z.object({ sql: z.array(z.string()) }).parse(JSON.parse(readFileSync(FIXTURE, "utf8")));
  for (const line of sql) db.exec(line);
  db.close();
  return { folder, file };
}

function rowsOf(file: string): readonly unknown[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    expect(tables.length).toBeGreaterThan(10);
    return ["PRAGMA user_version", ...tables.map(({ name }) => `SELECT * FROM ${String(name)}`)].map((query) =>
      db.prepare(query).all(),
    );
  } finally {
    db.close();
  }
}
const copiesIn = (folder: string) => readdirSync(folder).filter((name) => name.includes(".before-step-"));

test("a file of an older Placard is copied beside itself before it is changed, with every row and its version", async () => {
  const { folder, file } = old();
  const before = rowsOf(file);
  await (await openSqliteStore({ file, exclusive: true })).close();
  expect(copiesIn(folder)).toEqual(["placard.sqlite.before-step-2"]);
  const copy = `${file}.before-step-2`;
  expect(rowsOf(copy)).toEqual(before);
  expect(rowsOf(file)).not.toEqual(before);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  // The copy is an installation of its own: it opens, and goes the same way.
  await (await openSqliteStore({ file: copy, exclusive: true })).close();
});

test("the web chat's groups are copied, too, and refused when a newer Placard wrote them", async () => {
  const { folder } = old();
  const file = join(folder, "webchat.sqlite");
  const db = openDatabase(file);
  migrateGroupLog(db, 1);
  db.exec("INSERT INTO room VALUES('strike', 'Rent strike', 'web:ana', 1)");
  db.close();
  await (await openGroupLog(file, () => 0)).close();
  const copy = new DatabaseSync(`${file}.before-step-2`, { readOnly: true });
  expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  expect(copy.prepare("SELECT title FROM room").all()).toEqual([{ title: "Rent strike" }]);
  expect(copy.prepare("SELECT name FROM pragma_table_info('message') WHERE name = 'answered'").all()).toEqual([]);
  copy.close();
  const later = openDatabase(file);
  later.exec("PRAGMA user_version = 99");
  later.close();
  await expect(openGroupLog(file, () => 0)).rejects.toThrow("newer Placard");
});

test("a new file, and one that is current, is not copied", async () => {
  const { folder, file } = old();
  rmSync(file);
  await (await openSqliteStore({ file, exclusive: true })).close();
  await (await openSqliteStore({ file, exclusive: true })).close();
  expect(copiesIn(folder)).toEqual([]);
});

test("the newest three copies stay", () => {
  const { folder, file } = old();
  for (const step of [2, 9, 10]) writeFileSync(`${file}.before-step-${step}`, "earlier");
  writeFileSync(`${file}.before-step-mine`, "the operator's own");
  const db = openDatabase(file);
  copyBeforeStep(db, 11);
  db.close();
  expect(copiesIn(folder).sort()).toEqual(
    ["10", "11", "9", "mine"].map((step) => `placard.sqlite.before-step-${step}`).sort(),
  );
});

test("without a copy nothing is changed, and the start says why in a sentence", async () => {
  const { folder, file } = old();
  const before = rowsOf(file);
  mkdirSync(join(folder, "placard.sqlite.before-step-2", "in the way"), { recursive: true });
  await expect(openSqliteStore({ file, exclusive: true })).rejects.toThrow(
    /has to change placard\.sqlite and makes a copy .* nothing can be written there.*Nothing was changed$/,
  );
  expect(rowsOf(file)).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("a full disk is called that", () => {
  const { file } = old();
  const full = () => {
    throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
  };
  expect(() => copyBeforeStep({ file, exec: full }, 2)).toThrow(/the disk is full\. Make room/);
});
