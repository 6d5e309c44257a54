import type { Client } from "pg";
import type { CopyWork } from "../../../ports/backup.ts";
import type { Cell, MovedColumn, MovedTable, Outgoing } from "../../../ports/move.ts";
import { codeOf } from "../faults.ts";
import { storable } from "../storable.ts";
import { type Position, positionIn, proceed, within } from "./state.ts";

/** Of one transaction: as much as is not worth doing again. */
const ROWS_MAX = 2000;
const CHARACTERS_MAX = 4_000_000;

const TYPES: Readonly<Record<MovedColumn["kind"], string>> = {
  text: "text",
  integer: "bigint",
  real: "double precision",
};
export const typeOf = (table: MovedTable, column: string): string =>
  TYPES[table.columns.find(({ name }) => name === column)?.kind ?? "text"];

/** Brings what is not there yet, some rows a transaction. */
export async function bringRows(client: Client, from: Outgoing, { signal, tell }: CopyWork): Promise<void> {
  const total = from.tables.reduce((sum, { rows }) => sum + rows, 0);
  let at = await positionIn(client);
  const first = Math.max(
    0,
    from.tables.findIndex(({ name }) => name === at.table),
  );
  let done = from.tables.slice(0, first).reduce((sum, { rows }) => sum + rows, 0) + at.rows;
  for (const table of from.tables.slice(first)) {
    const before = at.table === table.name ? at.rows : 0;
    for (const rows of batches(from.rows(table, before))) {
      signal.throwIfAborted();
      const next = { table: table.name, rows: (at.table === table.name ? at.rows : 0) + rows.length };
      await brought(client, table, rows, { at, next });
      at = next;
      done += rows.length;
      tell({ doing: "rows", done, total });
    }
  }
}

async function brought(
  client: Client,
  table: MovedTable,
  rows: readonly (readonly Cell[])[],
  { at, next }: { readonly at: Position; readonly next: Position },
): Promise<void> {
  const names = table.columns.map(({ name }) => `"${name}"`).join(", ");
  const arrays = table.columns.map(({ kind }, column) => `$${column + 1}::${TYPES[kind]}[]`).join(", ");
  try {
    await within(client, async () => {
      await proceed(client, at, next);
      await client.query(
        `INSERT INTO "${table.name}"(${names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays})`,
        table.columns.map((_, column) => rows.map((row) => storable(row[column] ?? null))),
      );
    });
  } catch (error) {
    if (codeOf(error) !== "23505") throw error;
    throw new Error(
      `two rows of ${table.name} differ only in a character that PostgreSQL does not keep (a zero byte): they cannot both be moved`,
      { cause: error },
    );
  }
}

function* batches(rows: Iterable<readonly Cell[]>): Iterable<readonly (readonly Cell[])[]> {
  let batch: (readonly Cell[])[] = [];
  let characters = 0;
  for (const row of rows) {
    batch.push(row);
    for (const cell of row) characters += typeof cell === "string" ? cell.length : 0;
    if (batch.length < ROWS_MAX && characters < CHARACTERS_MAX) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Numbers that the tables give go on where they were. */
export async function goOnCounting(client: Client, tables: readonly MovedTable[]): Promise<void> {
  for (const { name, key, lastNumber } of tables) {
    if (lastNumber === undefined) continue;
    const last = lastNumber < 1n ? 1n : lastNumber;
    await client.query("SELECT setval(pg_get_serial_sequence($1, $2), $3, $4)", [
      `"${name}"`,
      key[0],
      String(last),
      lastNumber >= 1n,
    ]);
  }
  if (tables.some(({ ofGroupLog }) => ofGroupLog)) await client.query(COUNT_CHANGES);
}

/** Where several write, a message's number is that of its change, which a file needs no counter for. */
const COUNT_CHANGES = `UPDATE web_count SET last = GREATEST(last, (SELECT coalesce(max(GREATEST(rev, seq)), 0) FROM web_message))
  WHERE name = 'rev'`;
