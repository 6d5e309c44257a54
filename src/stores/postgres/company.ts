import type { Client } from "pg";
import { z } from "zod";

const lanesSchema = z.array(z.object({ lane: z.string() }));
const NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

/** Who works with this database at the moment, in sentences for whoever runs it. Before the first start: nothing. */
export async function companyIn(client: Client): Promise<readonly string[]> {
  const leaders = await rowsOf(client, "leader", "holder", z.object({ holder: z.string() }));
  const workers = await rowsOf(client, "worker", "lanes", z.object({ lanes: z.string() }));
  if (leaders === undefined || workers === undefined) return [];
  // What stands behind it tells two processes of a machine apart, for themselves.
  const leader = leaders[0]?.holder.replace(/ \([^)]*\)$/, "");
  return [
    leader === undefined ? "nobody leads at the moment: start a front" : `leading now: ${leader}`,
    `workers now: ${workers.length === 0 ? "none, nobody makes pictures" : workersText(workers)}`,
  ];
}

/** "3 (sketch 3, comfyui 1)" */
function workersText(workers: readonly { readonly lanes: string }[]): string {
  const lanes = Map.groupBy(
    workers.flatMap(({ lanes }) => lanesSchema.parse(JSON.parse(lanes))),
    ({ lane }) => lane,
  );
  const counted = [...lanes].map(([lane, { length }]) => `${lane} ${length}`);
  return `${workers.length} (${counted.join(", ")})`;
}

/** Those that are not over; `undefined`: there is no such table yet. */
async function rowsOf<T>(client: Client, table: "leader" | "worker", column: string, row: z.ZodType<T>) {
  const { rows: there } = await client.query<{ readonly there: boolean }>(
    `SELECT to_regclass('${table}') IS NOT NULL AS there`,
  );
  if (there[0]?.there !== true) return undefined;
  const { rows } = await client.query(`SELECT ${column} FROM ${table} WHERE until_ms > ${NOW} ORDER BY ${column}`);
  return z.array(row).parse(rows);
}
