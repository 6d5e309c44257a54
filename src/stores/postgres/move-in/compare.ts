import { createHash, type Hash } from "node:crypto";
import type { Client } from "pg";
import type { CopyWork } from "../../../ports/backup.ts";
import type { Cell, Moved, MovedTable, MoveSum, Outgoing } from "../../../ports/move.ts";
import { storable } from "../storable.ts";
import { typeOf } from "./rows.ts";

const ROWS_AT_ONCE = 1000;

type Row = readonly Cell[];

/**
 * Reads every row back and holds it against the one that it came from.
 *
 * @throws Error naming the first row that is another, or how many there are too many or too few
 */
export async function comparedRows(
  client: Client,
  from: Outgoing,
  { signal, tell }: CopyWork,
): Promise<Pick<Moved, "tables" | "altered">> {
  const total = from.tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  let altered = 0;
  const tables: Moved["tables"][number][] = [];
  for (const table of from.tables) {
    const { rows: counted } = await client.query<{ readonly n: number }>(`SELECT count(*) AS n FROM "${table.name}"`);
    if (counted[0]?.n !== table.rows)
      throw unequal(`there are ${counted[0]?.n} rows in ${table.name}, and there should be ${table.rows}`);
    const [ours, theirs] = [createHash("sha256"), createHash("sha256")];
    for (const rows of pages(from.rows(table, 0))) {
      signal.throwIfAborted();
      const found = await rowsLike(client, table, rows);
      for (const row of rows) {
        altered += row.filter((cell) => storable(cell) !== cell).length;
        const there = found.get(keyOf(table, row));
        if (there === undefined || textOf(row) !== textOf(there))
          throw unequal(`${nameOf(table, row)} is not the same`);
        add(ours, row);
        add(theirs, there);
      }
      done += rows.length;
      tell({ doing: "comparing", done, total });
    }
    const sha256 = ours.digest("hex");
    if (theirs.digest("hex") !== sha256) throw unequal(`the rows of ${table.name} have another sum`);
    tables.push({ name: table.name, rows: table.rows, sha256 });
  }
  return { tables, altered };
}

const unequal = (what: string): Error =>
  new Error(
    `what arrived is not what was sent: ${what}. The files are as they were. Make an empty database, run it again there, and tell the makers of Placard`,
  );

function* pages(rows: Iterable<Row>): Iterable<readonly Row[]> {
  let page: Row[] = [];
  for (const row of rows) {
    page.push(row);
    if (page.length < ROWS_AT_ONCE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** As PostgreSQL keeps it; numbers as texts, since JavaScript's end at 2^53. */
const textOf = (row: Row): string =>
  JSON.stringify(row.map((cell) => (typeof cell === "bigint" ? String(cell) : storable(cell))));

const add = (hash: Hash, row: Row): void => void hash.update(`${textOf(row)}\n`);

const keyCells = ({ key, columns }: MovedTable, row: Row): Row =>
  key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
const keyOf = (table: MovedTable, row: Row): string => textOf(keyCells(table, row));
const nameOf = (table: MovedTable, row: Row): string => `${table.name} ${keyOf(table, row)}`;

/** By their keys, since texts with a zero byte stand elsewhere in PostgreSQL's order. */
async function rowsLike(client: Client, table: MovedTable, rows: readonly Row[]): Promise<ReadonlyMap<string, Row>> {
  const names = table.columns.map(({ name, kind }) =>
    kind === "integer" ? `CAST(t."${name}" AS TEXT)` : `t."${name}"`,
  );
  const wanted = table.key.map((name, at) => `$${at + 1}::${typeOf(table, name)}[]`);
  const { rows: found } = await client.query<Cell[]>({
    text: `SELECT ${names.join(", ")} FROM unnest(${wanted.join(", ")}) AS wanted(${table.key.map((name) => `"${name}"`).join(", ")})
      JOIN "${table.name}" t USING (${table.key.map((name) => `"${name}"`).join(", ")})`,
    values: table.key.map((_, at) => rows.map((row) => storable(keyCells(table, row)[at] ?? null))),
    rowMode: "array",
  });
  return new Map(found.map((row) => [keyOf(table, row), row]));
}

/** What an organizer can see from outside: each asked of both sides. */
const SUMS: readonly (readonly [what: string, text: string])[] = [
  ["GPU ms held", "SELECT CAST(coalesce(sum(held_gpu_ms), 0) AS BIGINT) AS n FROM hold WHERE state = 'held'"],
  ["GPU ms spent", "SELECT CAST(coalesce(sum(used_gpu_ms), 0) AS BIGINT) AS n FROM hold WHERE state = 'settled'"],
  ["balances, GPU ms", "SELECT CAST(coalesce(sum(balance_gpu_ms), 0) AS BIGINT) AS n FROM bucket"],
  ["given to pots, GPU ms", "SELECT CAST(coalesce(sum(gpu_ms), 0) AS BIGINT) AS n FROM gift"],
  ["picture numbers", "SELECT CAST(coalesce(sum(number), 0) AS BIGINT) AS n FROM picture"],
  ["open jobs", "SELECT count(*) AS n FROM job WHERE ended_at_ms IS NULL"],
  ["open votes", "SELECT count(*) AS n FROM decision WHERE state = 'open'"],
  [
    "votes in them",
    "SELECT count(*) AS n FROM decision_vote v JOIN decision d ON d.decision_id = v.decision_id WHERE d.state = 'open'",
  ],
  ["messages owed", "SELECT count(*) AS n FROM outbox WHERE abandoned = 0 AND revision > posted_revision"],
];

/** @throws Error naming a sum that is another */
export async function comparedSums(client: Client, from: Outgoing): Promise<readonly MoveSum[]> {
  const sums: MoveSum[] = [];
  for (const [what, text] of SUMS) {
    const value = from.sum(text);
    const { rows } = await client.query<{ readonly n: string }>(`SELECT CAST(n AS TEXT) AS n FROM (${text}) one`);
    if (rows[0]?.n !== String(value)) throw unequal(`${what} should be ${value}, and is ${rows[0]?.n}`);
    sums.push({ what, value });
  }
  return sums;
}
