import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { Cell, MovedColumn, MovedTable, Outgoing } from "../../../ports/move.ts";

export type Leaving = Pick<Outgoing, "installation" | "tables" | "rows" | "sum"> & { close(): void };

/**
 * The rows of databases in which nothing changes, table by table.
 *
 * @param groupLog the web chat's; absent: it was never opened
 * @param elsewise what names an installation that has no key yet
 */
export function leavingRows(file: string, groupLog: string | undefined, elsewise: string): Leaving {
  const first = new DatabaseSync(file, { readOnly: true });
  const second = groupLog === undefined ? undefined : new DatabaseSync(groupLog, { readOnly: true });
  const inDatabase = new Map([
    ...tablesIn(first, false).map((table) => [table, first] as const),
    ...(second ? tablesIn(second, true).map((table) => [table, second] as const) : []),
  ]);
  return {
    installation: createHash("sha256")
      .update(asking(first)<{ readonly value: string }>(KEY)[0]?.value ?? elsewise)
      .digest("hex"),
    tables: [...inDatabase.keys()],
    *rows(table, from) {
      const statement = inDatabase.get(table)?.prepare(
        `SELECT ${table.columns.map((column) => quoted(column.name)).join(", ")} FROM ${quoted(table.name)}
         ORDER BY ${table.key.map(quoted).join(", ")} LIMIT -1 OFFSET ${from}`,
      );
      statement?.setReadBigInts(true);
      statement?.setReturnArrays(true);
      for (const row of statement?.iterate() ?? []) yield row as unknown as readonly Cell[];
    },
    sum(text) {
      const statement = first.prepare(text);
      statement.setReadBigInts(true);
      return statement.get()?.["n"] as bigint;
    },
    close() {
      first.close();
      second?.close();
    },
  };
}

const asking =
  (db: DatabaseSync): All =>
  <R>(text: string, ...values: readonly string[]) =>
    db.prepare(text).all(...values) as unknown as R[];

function tablesIn(db: DatabaseSync, ofGroupLog: boolean): readonly MovedTable[] {
  const all = asking(db);
  return inOrder(
    all<{ readonly name: string }>(TABLES).map(({ name }) => name),
    all,
  ).map((name) => ({ ...tableOf(name, all), ofGroupLog }));
}

type All = <R>(text: string, ...values: readonly string[]) => readonly R[];

const KEY = "SELECT value FROM key_value WHERE namespace = 'core' AND key = 'button-key'";
const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name";
const quoted = (name: string): string => `"${name}"`;

/** Each after those that its rows refer to. */
function inOrder(names: readonly string[], all: All): readonly string[] {
  const ordered = new Set<string>();
  const take = (name: string) => {
    if (ordered.has(name)) return;
    for (const { table } of all<{ readonly table: string }>('SELECT "table" FROM pragma_foreign_key_list(?)', name))
      if (table !== name) take(table);
    ordered.add(name);
  };
  for (const name of names) take(name);
  return [...ordered];
}

const KINDS: Readonly<Record<string, MovedColumn["kind"]>> = { TEXT: "text", INTEGER: "integer", REAL: "real" };

function tableOf(name: string, all: All): Omit<MovedTable, "ofGroupLog"> {
  const found = all<{ readonly name: string; readonly type: string; readonly pk: number }>(
    "SELECT name, type, pk FROM pragma_table_info(?)",
    name,
  );
  const columns = found.map((column) => {
    const kind = KINDS[column.type];
    if (kind === undefined) throw new Error(`${name}.${column.name} has values of an unknown kind`);
    return { name: column.name, kind };
  });
  const key = found.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  const [first] = key;
  if (!first) throw new Error(`${name} has no key`);
  const counts = key.length === 1 && first.type === "INTEGER";
  const rows = all<{ readonly n: number }>(`SELECT count(*) AS n FROM ${quoted(name)}`)[0]?.n ?? 0;
  return {
    name,
    columns,
    key: key.map((column) => column.name),
    rows,
    ...(counts ? { lastNumber: lastNumberOf(name, first.name, all) } : {}),
  };
}

/** Where it is never given twice, SQLite notes it apart from the rows. */
function lastNumberOf(name: string, column: string, all: All): bigint {
  const noted = all<object>("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").length > 0;
  const most = noted ? "coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)" : "length(?1) * 0";
  const [found] = all<{ readonly n: string }>(
    `SELECT CAST(max(coalesce((SELECT max(${quoted(column)}) FROM ${quoted(name)}), 0), ${most}) AS TEXT) AS n`,
    name,
  );
  return BigInt(found?.n ?? 0);
}
