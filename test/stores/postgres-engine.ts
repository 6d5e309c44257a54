import { afterAll, describe, test } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import type { Engine } from "../../src/ports/sql.ts";
import { engineOver } from "../../src/stores/postgres/engine.ts";
import { migrate } from "../../src/stores/postgres/migrate.ts";
import { openPool, withClient } from "../../src/stores/postgres/pool.ts";
import { createPresence } from "../../src/stores/postgres/presence.ts";
import { silentLog } from "../fakes/module-services.ts";
import { ownCluster, postgresPrograms } from "./postgres-cluster.ts";

const CONNECTIONS = 8;

/**
 * The address of a server for one file of tests: the one that is named, else one of its own from the programs of this machine.
 * `undefined`: neither is to be had, and it is listed as not run.
 */
export async function serverForTests(what: string): Promise<string | undefined> {
  const named = process.env["TEST_DATABASE_URL"];
  if (named !== undefined && named !== "") return named;
  const bin = postgresPrograms();
  if (bin === undefined) {
    notRun(
      what,
      "needs PostgreSQL 15 or newer: its programs on this machine, or TEST_DATABASE_URL, the address of a database",
    );
    return undefined;
  }
  const cluster = await ownCluster(bin);
  afterAll(() => cluster.remove());
  return cluster.url;
}

export function notRun(what: string, needs: string): void {
  describe(what, () => {
    test("is tried", (context) => {
      context.skip(needs);
    });
  });
}

export const asked = <R = unknown>(address: string, text: string): Promise<readonly R[]> =>
  withClient(address, undefined, async (client) => (await client.query(text)).rows as readonly R[]);

export const migrated = (address: string): Promise<void> => withClient(address, undefined, (client) => migrate(client));

/** A database of its own on that server, empty. */
export async function databaseAt(url: string, name: string): Promise<Room> {
  await asked(url, `CREATE DATABASE ${name}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return { address: address.href, drop: () => asked(url, `DROP DATABASE ${name} WITH (FORCE)`) };
}

interface EngineOptions {
  readonly named?: boolean;
  /** No pooler is in between. */
  readonly ownSessions?: boolean;
  /** Told of each transaction that had to be run again: somebody left the order of locks. */
  readonly conflicted?: () => void;
}

/** The product's engine over tables that are there. */
export function engineAt(
  address: string,
  { named = false, ownSessions = false, conflicted = () => undefined }: EngineOptions = {},
): Engine {
  return engineOver({
    pool: openPool({ address, connections: CONNECTIONS, ownSessions, lost: () => undefined }),
    connections: CONNECTIONS,
    ownSessions,
    presence: createPresence({
      clock: systemClock,
      log: silentLog,
      notices: { say: () => undefined },
      where: "",
      patienceMs: 60_000,
    }),
    named,
    conflicted,
  });
}

/** Where the tables of a test are: an address, not through a pooler. */
interface Room {
  readonly address: string;
  drop(): Promise<unknown>;
}

export const enginesAt = (url: string) => enginesIn((name) => schemaAt(url, name));
/** For a pooler, which refuses what names a schema. @param through from the address of a database to the one of the pooler */
export const enginesBehind = (url: string, through: (address: string) => string) =>
  enginesIn((name) => databaseAt(url, name), through);

/** Rooms are emptied and used again: to make the tables takes longer than most tests. */
function enginesIn(
  roomCalled: (name: string) => Promise<Room>,
  through = (address: string) => address,
): (options?: EngineOptions & { readonly place?: string }) => Promise<Engine & Pick<Room, "address">> {
  const free: Room[] = [];
  const all: Room[] = [];
  const places = new Map<string, Room>();
  afterAll(async () => {
    for (const room of all) await room.drop();
  });
  const fresh = async (): Promise<Room> => {
    const room = await roomCalled(`placard_test_${process.pid}_${made++}`);
    all.push(room);
    await migrated(room.address);
    return room;
  };
  return async ({ place, ...options } = {}) => {
    const room = (place === undefined ? undefined : places.get(place)) ?? free.pop() ?? (await fresh());
    if (place !== undefined) places.set(place, room);
    const ownSessions = through(room.address) === room.address;
    const engine = engineAt(through(room.address), { ownSessions, ...options });
    let closing: Promise<void> | undefined;
    const close = async () => {
      await engine.close();
      if (place !== undefined) return;
      await asked(room.address, EMPTIED);
      free.push(room);
    };
    return { ...engine, address: room.address, close: () => (closing ??= close()) };
  };
}
let made = 0;

async function schemaAt(url: string, name: string): Promise<Room> {
  await asked(url, `CREATE SCHEMA ${name}`);
  const address = new URL(url);
  address.searchParams.set("options", `-csearch_path=${name}`);
  return { address: address.href, drop: () => asked(url, `DROP SCHEMA ${name} CASCADE`) };
}

/** Every table but the version's, whatever refers to what; numbers begin anew. */
const EMPTIED = `SET session_replication_role = replica; DO $$ DECLARE one text; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'placard_version' LOOP
    EXECUTE format('DELETE FROM %I', one);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', one);
  END LOOP;
END $$`;
