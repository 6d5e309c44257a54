import type { Client } from "pg";
import { FIRST_COMMON_STEP, LATER_STEPS, type LaterStep } from "../shared/later-steps.ts";
import { inPostgres } from "./dialect.ts";
import { TABLES } from "./tables.ts";

/** Any number, as long as it is always this one: whoever changes the tables holds it. */
export const TABLES_LOCK = 7_221_530;

export const newestStep = FIRST_COMMON_STEP + LATER_STEPS.length;

/**
 * Makes the tables, or does what they lack, all of it or nothing. Looks first, without a lock: to make sure of an index that is
 * there locks its table, and each start would be in the way of the others' work.
 *
 * @param steps those after the first, all but for tests
 * @throws Error when a newer Placard has been here, and when the tables are another program's
 */
export async function migrate(client: Client, steps: readonly LaterStep[] = LATER_STEPS): Promise<void> {
  const newest = FIRST_COMMON_STEP + steps.length;
  if ((await versionIn(client)) === newest) return;
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [TABLES_LOCK]);
    // Another process may have done it while we waited.
    const version = await versionIn(client);
    if (version !== undefined && version > newest)
      throw new Error(
        `this database was written by a newer Placard (version ${version}, known here: ${newest}): update Placard, or use another DATABASE_URL`,
      );
    if (version === undefined) await client.query(await fresh(client));
    for (const step of steps.slice((version ?? FIRST_COMMON_STEP) - FIRST_COMMON_STEP))
      await client.query(typeof step === "string" ? inPostgres(step) : step.postgres);
    await client.query("UPDATE placard_version SET version = $1", [newest]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** `undefined`: no Placard has been here. */
export async function versionIn(client: Pick<Client, "query">): Promise<number | undefined> {
  if (!(await isThere(client, "placard_version"))) return undefined;
  const { rows } = await client.query<{ readonly version: number }>("SELECT version FROM placard_version");
  return rows[0]?.version;
}

/** By the rows of the catalogue: what `to_regclass` has not found once it does not find while the transaction lasts, whoever made it meanwhile. */
async function isThere(client: Pick<Client, "query">, table: string): Promise<boolean> {
  const { rows } = await client.query<{ readonly there: boolean }>(
    "SELECT EXISTS(SELECT FROM pg_class WHERE relname = $1 AND pg_table_is_visible(oid)) AS there",
    [table],
  );
  return rows[0]?.there === true;
}

async function fresh(client: Client): Promise<string> {
  if (await isThere(client, "job"))
    throw new Error(
      "there are tables of another program in this database: make one for Placard alone, and write its address into DATABASE_URL",
    );
  return `CREATE TABLE placard_version(version BIGINT NOT NULL);
    INSERT INTO placard_version VALUES (${FIRST_COMMON_STEP}); ${TABLES}`;
}
