import type { Client } from "pg";
import type { Outgoing } from "../../../ports/move.ts";
import { TABLES_LOCK, versionIn } from "../migrate.ts";

/** How far it is: what comes next is the row `rows` of this table. The end of the last table is the end. */
export interface Position {
  readonly table: string;
  readonly rows: number;
}

/** One row as long as a move is not finished, and no such table otherwise. */
const TABLE = `CREATE TABLE placard_move(installation TEXT NOT NULL, state TEXT NOT NULL, begun_at_ms BIGINT NOT NULL,
  at_table TEXT NOT NULL, at_row BIGINT NOT NULL)`;
const START: Position = { table: "", rows: 0 };

interface Noted extends Position {
  readonly installation: string;
  readonly state: string;
}

async function noted(client: Pick<Client, "query">): Promise<Noted | undefined> {
  const known = await client.query<{ readonly there: boolean }>(
    "SELECT to_regclass('placard_move') IS NOT NULL AS there",
  );
  if (known.rows[0]?.there !== true) return undefined;
  const { rows } = await client.query<Noted>(
    "SELECT installation, state, at_table AS table, at_row AS rows FROM placard_move",
  );
  return rows[0];
}

/** @throws Error for the operator who starts Placard, or asks, before a move into this database is finished */
export async function refuseHalfMoved(client: Pick<Client, "query">): Promise<void> {
  if ((await noted(client)) !== undefined)
    throw new Error(
      "an installation is being moved into this database, and not all of it is there yet: run npm run move -- --to DATABASE_URL again, which goes on where it was. To go on with the files instead, take DATABASE_URL out of .env",
    );
}

/**
 * Takes the empty database for this move, or finds it begun. What came of another state of the same files is removed again.
 *
 * @throws Error for the operator when there is a Placard in it, or half of another one
 */
export async function beginMove(client: Client, from: Outgoing, nowMs: number): Promise<"new" | "resumed"> {
  return within(client, async () => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [TABLES_LOCK]);
    const before = await noted(client);
    if (before === undefined) {
      await refuseTaken(client, from);
      await client.query(TABLE);
      const row = [from.installation, from.state, nowMs, START.table, START.rows];
      await client.query("INSERT INTO placard_move VALUES($1, $2, $3, $4, $5)", row);
      return "new";
    }
    if (before.installation !== from.installation)
      throw new Error(
        "half of another installation is in this database: finish that move, or make an empty database for this one (createdb)",
      );
    if (before.state === from.state) return "resumed";
    const there = await tablesIn(client);
    const filled = from.tables.filter(({ name }) => there.has(name));
    if (filled.length > 0) await client.query(`TRUNCATE ${filled.map(({ name }) => `"${name}"`).join(", ")}`);
    await client.query("UPDATE placard_move SET state = $1, begun_at_ms = $2, at_table = $3, at_row = $4", [
      from.state,
      nowMs,
      START.table,
      START.rows,
    ]);
    return "new";
  });
}

async function refuseTaken(client: Client, { leftFor }: Outgoing): Promise<void> {
  const version = await versionIn(client);
  if (leftFor !== undefined)
    throw new Error(
      `this installation was moved into ${leftFor} already: ${version === undefined ? "to move it once more, remove placard-moved.json from its folder first" : "write DATABASE_URL into .env, and start Placard"}`,
    );
  const { rows } = await client.query<{ readonly there: boolean }>("SELECT to_regclass('job') IS NOT NULL AS there");
  if (version !== undefined || rows[0]?.there === true)
    throw new Error(
      "this database is not empty: there is a Placard in it already, or another program. Make a new one for this move (createdb), and name that",
    );
}

export async function tablesIn(client: Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ readonly name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
  );
  return new Set(rows.map(({ name }) => name));
}

/** Where to go on. */
export async function positionIn(client: Client): Promise<Position> {
  const { table, rows } = (await noted(client)) ?? START;
  return { table, rows };
}

/**
 * Notes what the same transaction has brought.
 *
 * @throws Error when somebody else has gone on from there
 */
export async function proceed(client: Client, from: Position, to: Position): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE placard_move SET at_table = $1, at_row = $2 WHERE at_table = $3 AND at_row = $4",
    [to.table, to.rows, from.table, from.rows],
  );
  if (rowCount !== 1)
    throw new Error("this installation is being moved by another process as well: let that one finish");
}

/** From here on a Placard starts there. */
export async function endMove(client: Client): Promise<void> {
  await client.query("DROP TABLE placard_move");
}

/** One transaction. */
export async function within<T>(client: Client, body: () => Promise<T>): Promise<T> {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    const result = await body();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
