import type { Client } from "pg";

const VERSION_MIN = 15;

/** @throws Error for a server or a database that Placard cannot use */
export async function refuseUnfit(client: Client): Promise<void> {
  const { rows } = await client.query<{ readonly version: string; readonly encoding: string }>(
    "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
  );
  const [found] = rows;
  const version = Math.floor(Number(found?.version) / 10_000);
  if (version < VERSION_MIN)
    throw new Error(`this is PostgreSQL ${version}, and Placard needs ${VERSION_MIN} or newer: update the server`);
  if (found?.encoding !== "UTF8")
    throw new Error(
      `the database keeps texts as ${found?.encoding}, and Placard needs UTF8: make one with createdb -E UTF8 -T template0`,
    );
}
