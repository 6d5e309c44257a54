import { NAMELESS } from "../../domain/forgetting.ts";
import type { Value } from "../../ports/sql.ts";
import { all, effect, type Transactions, type Tx } from "../transaction.ts";
import type { Redactor } from "./redact.ts";
import type { Holding, Register, TableHolds } from "./register.ts";

// Goes through a table by what the register says of it.

type Row = Readonly<Record<string, string | number | null>>;
const quoted = (name: string): string => `"${name}"`;

/** `replace` and not LIKE: what is looked for is no pattern, and its case counts. */
const conditionOf = (column: string, holding: Holding, at: number): string =>
  holding === "name" || holding === "own"
    ? `${quoted(column)} = $${at}`
    : `replace(${quoted(column)}, $${at}, '') <> ${quoted(column)}`;

async function rowsNaming(tx: Tx, table: string, holds: TableHolds, redact: Redactor): Promise<readonly Row[]> {
  const columns = [...new Set([...holds.key, ...Object.keys(holds.columns), ...(holds.whose ? [holds.whose] : [])])];
  const found = new Map<string, Row>();
  const look = async (needles: readonly string[], wanted: readonly Holding[]) => {
    const where = Object.entries(holds.columns).filter(([, holding]) => wanted.includes(holding));
    if (where.length === 0) return;
    const select = all<Row, [needle: string]>(
      `SELECT ${columns.map(quoted).join(", ")} FROM ${table}
       WHERE ${where.map(([column, holding]) => conditionOf(column, holding, 1)).join(" OR ")} FOR NO KEY UPDATE`,
    );
    for (const needle of needles)
      for (const row of await select(tx, needle)) found.set(JSON.stringify(holds.key.map((key) => row[key])), row);
  };
  await look(redact.ids, ["ids", "json"]);
  await look(redact.names, ["json"]);
  await look(redact.plainNames, ["name", "own"]);
  return [...found.values()];
}

/** @param isTheirs the row is; absent: it is nobody's in particular */
function redacted(
  value: string | number | null | undefined,
  holding: Holding,
  redact: Redactor,
  isTheirs: boolean | undefined,
): Value {
  if (typeof value !== "string") return value ?? null;
  switch (holding) {
    case "ids":
      return redact.id(value);
    case "name":
      return redact.name(value);
    case "own":
      // Whatever they were called then.
      if (isTheirs === true) return NAMELESS;
      return isTheirs === false ? value : redact.name(value);
    case "json":
      return redact.json(value, isTheirs);
  }
}

/** Twice is harmless. @returns the first part of the keys of rows that are others now, or gone */
async function scrubTable(tx: Tx, table: string, holds: TableHolds, redact: Redactor): Promise<readonly string[]> {
  const columns = Object.entries(holds.columns);
  const byKey = (from: number) => holds.key.map((key, at) => `${quoted(key)} = $${from + at}`).join(" AND ");
  const remove = effect<readonly Value[]>(`DELETE FROM ${table} WHERE ${byKey(1)}`);
  const update = effect<readonly Value[]>(
    `UPDATE ${table} SET ${columns.map(([column], at) => `${quoted(column)} = $${at + 1}`).join(", ")}
     WHERE ${byKey(columns.length + 1)}`,
  );
  const touched: string[] = [];
  for (const row of await rowsNaming(tx, table, holds, redact)) {
    const isTheirs = holds.whose === undefined ? undefined : redact.ids.includes(String(row[holds.whose]));
    const after = columns.map(([column, holding]) => redacted(row[column], holding, redact, isTheirs));
    // Found by a part of a longer id, or by a word.
    if (columns.every(([column], at) => (row[column] ?? null) === after[at])) continue;
    const key = holds.key.map((name) => row[name] ?? null);
    await (holds.goes ? remove(tx, ...key) : update(tx, ...after, ...key));
    touched.push(String(key[0]));
  }
  return touched;
}

/**
 * Each table in a transaction of its own. Twice is harmless.
 *
 * @param touched in the same transaction: the first parts of the keys of what is another now
 */
export async function scrubTables(
  act: Transactions["act"],
  tables: Register,
  redact: Redactor,
  touched: (tx: Tx, table: string, keys: readonly string[]) => Promise<void> = async () => {},
): Promise<void> {
  for (const [table, holds] of Object.entries(tables))
    if ("key" in holds)
      await act(async (tx) => {
        if (holds.among && tx.oneWriter) return;
        await touched(tx, table, await scrubTable(tx, table, holds, redact));
      });
}
