import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { asError } from "../../lib/error.ts";
import { markOf } from "../../lib/folder-mark.ts";
import type { PlatformInspection } from "../../ports/module.ts";
import { elsewhereText, PICTURES_FOLDER } from "../../ports/pictures-folder.ts";
import { shownAddress } from "./address.ts";
import { companyIn } from "./company.ts";
import { newestStep, versionIn } from "./migrate.ts";
import { refuseHalfMoved } from "./move-in/state.ts";
import { withClient } from "./pool.ts";
import { startProblem } from "./start-problem.ts";

const ANSWER_WITHIN_MS = 5000;
const HEARD_WITHIN_MS = 1500;
/** Nobody minds less; it is evened out anyway. */
const CLOCK_OFF_MS = 2000;
const CHANNEL = "placard_doctor";

export interface InspectOptions {
  readonly address: string;
  readonly directAddress: string | undefined;
  readonly named: boolean;
  readonly picturesDir: string;
}

/** What is found, and what to do about it; a step that is not `must` only makes it better. */
interface Found {
  readonly facts: readonly string[];
  readonly musts: readonly string[];
  readonly mays: readonly string[];
}

/** Asks the database for all that Placard needs of it. Changes nothing there. Never throws. */
export async function inspectPostgres(options: InspectOptions): Promise<PlatformInspection> {
  try {
    const found = await looking(options.address, "DATABASE_URL", async (client) => [
      await moveFound(client),
      await serverFound(client, options.address),
      { facts: await companyIn(client), musts: [], mays: [] },
      await lineFound(client, options),
      ...(options.named ? [await namedFound(client, options)] : []),
      await picturesFound(options.picturesDir, await folderMarkIn(client)),
    ]);
    return inspectionOf(found);
  } catch (error) {
    return inspectionOf(
      [{ facts: [asError(error).message], musts: [], mays: [] }, await picturesFound(options.picturesDir, undefined)],
      false,
    );
  }
}

const inspectionOf = (found: readonly Found[], ok = true): PlatformInspection => {
  const musts = found.flatMap((one) => one.musts);
  return {
    ok: ok && musts.length === 0,
    facts: found.flatMap(({ facts }) => facts),
    nextSteps: [...musts, ...found.flatMap(({ mays }) => mays)],
  };
};

const looking = <T>(address: string, setting: string, work: (client: Client) => Promise<T>): Promise<T> =>
  withClient(address, ANSWER_WITHIN_MS, work).catch((error: unknown) => {
    throw startProblem(error, address, setting);
  });

/** Half of an installation may be there. */
const moveFound = (client: Client): Promise<Found> =>
  refuseHalfMoved(client).then(
    () => ({ facts: [], musts: [], mays: [] }),
    (error: unknown) => ({ facts: [], musts: [`Finish the move: ${asError(error).message}.`], mays: [] }),
  );

interface Server {
  readonly version: string;
  readonly number: string;
  readonly encoding: string;
  readonly commit: string;
  readonly fsync: string;
  readonly mayMake: boolean | null;
  readonly ms: number;
}

async function serverFound(client: Client, address: string): Promise<Found> {
  const askedMs = performance.now();
  const { rows } = await client.query<Server>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
       current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS commit,
       current_setting('fsync') AS fsync, has_schema_privilege(current_schema(), 'CREATE') AS "mayMake",
       CAST(extract(epoch FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS ms`,
  );
  const tripMs = performance.now() - askedMs;
  const [server] = rows;
  if (!server) throw new Error("the server said nothing of itself");
  const offMs = Math.round(server.ms + tripMs / 2 - Date.now());
  const made = await versionIn(client);
  const major = Math.floor(Number(server.number) / 10_000);
  return {
    facts: [
      `${shownAddress(address)}: PostgreSQL ${server.version.split(" ")[0]}, ${Math.round(tripMs)} ms away`,
      made === undefined ? "no tables yet: the first start makes them" : `tables of version ${made}`,
      `its clock is ${Math.abs(offMs)} ms ${offMs < 0 ? "behind" : "ahead of"} this machine's; Placard goes by the database's`,
    ],
    musts: [
      ...(major < 15 ? ["Update the server: Placard needs PostgreSQL 15 or newer."] : []),
      ...(server.encoding === "UTF8"
        ? []
        : ["Make a database that keeps texts as UTF8: createdb -E UTF8 -T template0."]),
      ...(server.mayMake === true
        ? []
        : ["Let this user make tables: ALTER DATABASE … OWNER TO …, or GRANT CREATE ON SCHEMA public TO …."]),
      ...(made !== undefined && made > newestStep ? ["A newer Placard has been here: update this one."] : []),
      ...(server.fsync === "off" || server.commit === "off"
        ? ["Set fsync and synchronous_commit to on: as it is, a power cut loses what members were promised."]
        : []),
    ],
    mays: Math.abs(offMs) > CLOCK_OFF_MS ? ["Let both machines set their clocks by the network (NTP)."] : [],
  };
}

/** Whether words that are told through the one address are heard on the other. */
async function lineFound(client: Client, { address, directAddress }: InspectOptions): Promise<Found> {
  const through = await heard(client, address, "DATABASE_URL");
  const pooler = through ? "" : "through a pooler that hands out connections by the transaction";
  if (directAddress === undefined)
    return through
      ? { facts: ["changes are told at once"], musts: [], mays: [] }
      : {
          facts: [pooler],
          musts: ["Set DATABASE_DIRECT_URL to the address past the pooler: nothing that is told through it is heard."],
          mays: [],
        };
  const direct = await heard(client, directAddress, "DATABASE_DIRECT_URL");
  return {
    facts: [...(through ? [] : [pooler]), ...(direct ? ["changes are told at once, on DATABASE_DIRECT_URL"] : [])],
    musts: direct
      ? []
      : [
          "Set DATABASE_DIRECT_URL to the same database past the pooler: what is told through DATABASE_URL is not heard there.",
        ],
    mays: [],
  };
}

function heard(teller: Client, address: string, setting: string): Promise<boolean> {
  return looking(address, setting, async (listener) => {
    const word = Math.random().toString(36).slice(2);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    listener.on("notification", ({ payload }) => {
      if (payload === word) resolve(true);
    });
    const timer = setTimeout(() => resolve(false), HEARD_WITHIN_MS);
    try {
      await listener.query(`LISTEN ${CHANNEL}`);
      await teller.query("SELECT pg_notify($1, $2)", [CHANNEL, word]);
      return await promise;
    } finally {
      clearTimeout(timer);
      await listener.query(`UNLISTEN ${CHANNEL}`).catch(() => undefined);
    }
  });
}

async function namedFound(first: Client, { address }: InspectOptions): Promise<Found> {
  const named = { name: CHANNEL, text: "SELECT 1 AS one" };
  try {
    await looking(address, "DATABASE_URL", async (second) => {
      for (const client of [first, second, first, second]) await client.query(named);
    });
    return { facts: ["statements are kept planned"], musts: [], mays: [] };
  } catch {
    return {
      facts: [],
      musts: ["Take DATABASE_PREPARED out of .env: the pooler does not go along with it."],
      mays: [],
    };
  }
}

/** `undefined`: no Placard has started on it yet. */
async function folderMarkIn(client: Client): Promise<string | undefined> {
  if ((await versionIn(client)) === undefined) return undefined;
  const { namespace, key } = PICTURES_FOLDER;
  const { rows } = await client.query<{ readonly value: string }>(
    "SELECT value FROM key_value WHERE namespace = $1 AND key = $2",
    [namespace, key],
  );
  return /[0-9a-f]{32}/.exec(rows[0]?.value ?? "")?.[0];
}

/** @param mark of the folder that the installation has put its pictures into */
async function picturesFound(folder: string, mark: string | undefined): Promise<Found> {
  const facts = [
    mark === undefined
      ? `pictures are files in ${folder}`
      : `pictures are files in ${folder}: processes on other machines have to see the same folder`,
  ];
  const file = join(folder, `.doctor-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, "");
    await rm(file);
    if (mark !== undefined && (await markOf(folder)) !== mark)
      return { facts: [`pictures would be files in ${folder}`], musts: [elsewhereText(folder, mark)], mays: [] };
    return { facts: [...facts, "the web chat's messages are in the database, too"], musts: [], mays: [] };
  } catch (error) {
    return { facts, musts: [`Make ${folder} writable for Placard: ${asError(error).message}.`], mays: [] };
  }
}
