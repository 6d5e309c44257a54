import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";

const OPENERS = {
  "placard.sqlite": async (file: string) => (await openSqliteStore({ file, exclusive: true })).close(),
  "webchat.sqlite": async (file: string) => (await openGroupLog(file, Date.now)).close(),
} as const;

const foreign = (sql: string) => (file: string) => {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
};
/** What can have happened to a file, and what is said of it. */
const DAMAGES: readonly (readonly [string, (file: string) => void, RegExp])[] = [
  ["emptied", (file) => writeFileSync(file, ""), /is empty: what was in it is gone/],
  ["overwritten", (file) => writeFileSync(file, "<html>".repeat(1000)), /is damaged/],
  ["cut short", (file) => writeFileSync(file, "SQLite for"), /is damaged/],
  [
    "its pages overwritten",
    (file) => writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 100), Buffer.alloc(9000, 7)])),
    /is damaged/,
  ],
  ["replaced by another program's", foreign("CREATE TABLE moz_places(id)"), /holds something else than Placard's data/],
  [
    "replaced by one with our number and without our tables",
    foreign("CREATE TABLE a(b); PRAGMA user_version = 1"),
    /holds something else than Placard's data/,
  ],
];

describe.each(Object.entries(OPENERS))("%s", (name, open) => {
  it.each(DAMAGES)(
    "%s: refused with the file's name and the way back, and left as it is",
    async (how, damage, said) => {
      const folder = mkdtempSync(join(tmpdir(), "placard-damage-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const file = join(folder, name);
      await open(file);
      if (how.startsWith("replaced")) for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
      damage(file);
      const before = readFileSync(file);
      const error = await open(file).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ message: expect.stringMatching(said) });
      expect(error).toMatchObject({ message: expect.stringContaining(name) });
      expect(error).toMatchObject({ message: expect.stringMatching(/npm run restore/) });
      if (!how.includes("number")) expect(readFileSync(file).equals(before)).toBe(true);
      // Its lock is given back: whoever puts a copy in its place can start.
      rmSync(file, { force: true });
      await open(file);
    },
  );
});
