import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { migrate, newestStep } from "../../src/stores/postgres/migrate.ts";
import { openClient, withClient } from "../../src/stores/postgres/pool.ts";
import { LATER_STEPS } from "../../src/stores/shared/later-steps.ts";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrateGroupLog } from "../../src/stores/sqlite/group-log/schema.ts";
import { migrate as migrateFile, newestStep as newestStepOfFiles } from "../../src/stores/sqlite/schema.ts";
import { asked, databaseAt, migrated, serverForTests } from "./postgres-engine.ts";

const url = await serverForTests("PostgreSQL: its tables");

if (url !== undefined) {
  /** A database of its own; with tables or without. */
  const fresh = async (how: "made" | "empty" = "empty") => {
    const { address, drop } = await databaseAt(url, `tables_${randomBytes(4).toString("hex")}`);
    onTestFinished(async () => void (await drop()));
    if (how === "made") await migrated(address);
    return address;
  };
  const migratedTo = (address: string, steps: Parameters<typeof migrate>[1]) =>
    withClient(address, undefined, (client) => migrate(client, steps));
  const version = async (address: string) =>
    (await asked<{ readonly version: number }>(address, "SELECT version FROM placard_version"))[0]?.version;

  test("are those of a SQLite file of the same version, column by column, word by word and index by index", async () => {
    const address = await fresh("made");
    const file = openDatabase(MEMORY);
    onTestFinished(() => file.close());
    migrateFile(file);
    expect(newestStep).toBe(newestStepOfFiles);
    expect(await version(address)).toBe(file.version());

    const columns = await asked<{ readonly line: string }>(
      address,
      `SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL ' ELSE ' ' END ||
         CASE data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'double precision' THEN 'REAL' ELSE upper(data_type) END AS line
       FROM information_schema.columns WHERE table_schema = current_schema()
       AND table_name NOT IN ('placard_version', 'row_lock', 'leader') AND table_name NOT LIKE 'web\\_%'`,
    );
    const columnsOfFile = file.query<{ readonly line: string }>(
      `SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' NOT NULL ' ELSE ' ' END || c.type AS line
       FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
    );
    const lines = (rows: readonly { readonly line: string }[]) => rows.map(({ line }) => line).toSorted();
    expect(lines(columns)).toEqual(lines(columnsOfFile.all()));

    // What may stand in a column: the words of each table's conditions.
    const words = (rows: readonly { readonly name: string; readonly text: string }[]) =>
      rows
        .flatMap(({ name, text }) => [...text.matchAll(/'(\w+)'/g)].map(([, word]) => `${name}: ${word}`))
        .filter((line, at, all) => all.indexOf(line) === at)
        .toSorted();
    const checks = await asked<{ readonly name: string; readonly text: string }>(
      address,
      `SELECT t.relname AS name, pg_get_constraintdef(c.oid) AS text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
       WHERE c.contype = 'c' AND t.relnamespace = to_regnamespace(current_schema())`,
    );
    const checksOfFile = file.query<{ readonly name: string; readonly text: string }>(
      "SELECT name, sql AS text FROM sqlite_master WHERE type = 'table'",
    );
    expect(words(checks)).toEqual(words(checksOfFile.all()));

    const indexes = await asked<{ readonly line: string }>(
      address,
      `SELECT i.relname || ' ' || x.indisunique || ' ' || t.relname || '(' || string_agg(a.attname, ',' ORDER BY k.at) || ')' ||
         CASE WHEN x.indpred IS NULL THEN '' ELSE ' WHERE' END AS line
       FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
       JOIN unnest(x.indkey::int[]) WITH ORDINALITY k(number, at) ON true
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
       WHERE t.relnamespace = to_regnamespace(current_schema()) AND i.relname !~ '_(key|pkey)$' AND t.relname !~ '^web_'
       GROUP BY i.relname, x.indisunique, t.relname, x.indpred`,
    );
    const indexesOfFile = file.query<{ readonly line: string }>(
      `SELECT x.name || CASE x."unique" WHEN 1 THEN ' true ' ELSE ' false ' END || m.name || '(' ||
         (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(x.name) ORDER BY seqno)) || ')' ||
         CASE x.partial WHEN 1 THEN ' WHERE' ELSE '' END AS line
       FROM sqlite_master m, pragma_index_list(m.name) x WHERE m.type = 'table' AND x.origin = 'c'`,
    );
    expect(lines(indexes)).toEqual(lines(indexesOfFile.all()));
  });

  test("of the web chat are those of its own SQLite file, and beside them what only several processes need", async () => {
    const address = await fresh("made");
    const file = openDatabase(MEMORY);
    onTestFinished(() => file.close());
    migrateGroupLog(file);
    const columns = await asked<{ readonly line: string }>(
      address,
      `SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'INTEGER' ELSE upper(data_type) END AS line
       FROM information_schema.columns WHERE table_schema = current_schema() AND table_name ~ '^web_'
       AND table_name NOT IN ('web_count', 'web_front', 'web_present', 'web_word')`,
    );
    const columnsOfFile = file.query<{ readonly line: string }>(
      `SELECT m.name || '.' || c.name || ' ' || c.type AS line FROM sqlite_master m, pragma_table_info(m.name) c
       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
    );
    const lines = (rows: readonly { readonly line: string }[]) => rows.map(({ line }) => line).toSorted();
    expect(lines(columns)).toEqual(lines(columnsOfFile.all()));
    expect(lines(columns).length).toBeGreaterThan(30);
  });

  test("are made once by eight that start at the same moment, and later not even looked at with a lock", async () => {
    const address = await fresh();
    await Promise.all(Array.from({ length: 8 }, () => migrated(address)));
    expect(await version(address)).toBe(newestStep);
    const busy = openClient(address, undefined);
    await busy.connect();
    onTestFinished(() => busy.end());
    await busy.query("BEGIN; LOCK TABLE job, outbox IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_xact_lock(7221530)");
    await migrated(address);
  });

  test("take later steps in SQLite's words or in both, each with its version or not at all", async () => {
    const address = await fresh("made");
    const steps = [
      ...LATER_STEPS,
      "CREATE TABLE later(seq INTEGER PRIMARY KEY, words TEXT NOT NULL, ratio REAL) STRICT;",
      { sqlite: "nothing PostgreSQL knows", postgres: "ALTER TABLE later ADD COLUMN more BIGINT" },
    ];
    await expect(migratedTo(address, [...steps, "CREATE TABLE broken("])).rejects.toThrow("syntax error");
    expect(await version(address)).toBe(newestStep);
    await migratedTo(address, steps.slice(0, -1));
    await migratedTo(address, steps);
    expect(await version(address)).toBe(newestStep + 2);
    await asked(address, "INSERT INTO later(words, more) VALUES('a', 1)");
    expect(await asked(address, "SELECT seq, words, ratio, more FROM later")).toEqual([
      { seq: 1, words: "a", ratio: null, more: 1 },
    ]);
    await expect(migrated(address)).rejects.toThrow(
      `written by a newer Placard (version ${newestStep + 2}, known here: ${newestStep}): update Placard`,
    );
  });

  test("of another program are left alone", async () => {
    const address = await fresh();
    await asked(address, "CREATE TABLE job(id BIGINT)");
    await expect(migrated(address)).rejects.toThrow("tables of another program");
    expect(await asked(address, "SELECT * FROM job")).toEqual([]);
  });
}
