import { type Clock, systemClock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { GroupLog } from "../../ports/group-log.ts";
import type { Log } from "../../ports/log.ts";
import type { Notices } from "../../ports/notices.ts";
import type { Wake } from "../../ports/wake.ts";
import { STORE_TABLES, WEB_TABLES } from "../../rules/forgetting/register.ts";
import { type StoreOverSql, storeOver } from "../../rules/store.ts";
import { shownAddress } from "./address.ts";
import { engineOver } from "./engine.ts";
import { groupLogAt } from "./group-log.ts";
import { migrate, newestStep } from "./migrate.ts";
import { refuseHalfMoved } from "./move-in/state.ts";
import { openPool, withClient } from "./pool.ts";
import { createPresence } from "./presence.ts";
import { serverClock } from "./server-clock.ts";
import { startProblem } from "./start-problem.ts";
import { refuseUnfit } from "./unfit.ts";
import { listen } from "./wake.ts";

/** More are no faster: they wait for the same disk. */
const CONNECTIONS = 8;
const LOOK_WITHIN_MS = 10_000;
/** At a stop: in all, and for one answer. A restart of the server may take longer, and then what was under way is done again. */
const STOP_WITHIN_MS = 3000;
const ANSWER_AT_STOP_MS = 1500;

export interface PostgresOptions {
  readonly address: string;
  /** Past a pooler; the same where there is none. */
  readonly directAddress: string;
  readonly named: boolean;
  readonly log: Log;
  readonly notices: Pick<Notices, "say">;
  readonly clock?: Clock;
  /** Default: those that members can bear. */
  readonly limits?: { readonly patienceMs?: number; readonly answerWithinMs?: number };
}

export interface PostgresStore {
  readonly store: StoreOverSql;
  readonly nowMs: () => number;
  readonly wake: Wake;
  /** The web chat's log in the same database. Closing it leaves the store open. */
  readonly groupLog: () => Promise<GroupLog>;
  readonly hurry: () => void;
  readonly statements: () => number;
}

/** @throws Error in words for the operator: see `startProblem`, `migrate` */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const { address, directAddress, log, notices, named, clock = systemClock, limits = {} } = options;
  await prepare(address).catch((error: unknown) => {
    throw startProblem(error, address);
  });
  const where = shownAddress(address);
  const presence = createPresence({ ...limits, clock, log, notices, where });
  const ownSessions = directAddress === address;
  const pool = openPool({
    ...limits,
    ownSessions,
    address,
    connections: CONNECTIONS,
    lost: (error) => presence.missed(error, false),
  });
  const over = engineOver({
    pool,
    connections: CONNECTIONS,
    presence,
    ownSessions,
    named,
    clock,
    conflicted: (code) => log.warn("database.conflict", { code }),
  });
  const engine = { ...over, erase: () => vacuum(directAddress, log) };
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const time = await serverClock(() => engine.read(async (sql) => (await sql.get<Time>(NOW))?.ms ?? 0), clock);
    closers.push(time.stop);
    const store = storeOver(engine, time.nowMs);
    const wake = listen({ directAddress, clock, log });
    closers.push(wake.close);
    log.info("store.opened", { kind: "postgres", where, version: newestStep, clockOffsetMs: time.offsetMs() });
    const hurry = () => engine.hurry(STOP_WITHIN_MS, ANSWER_AT_STOP_MS);
    let closing: Promise<void> | undefined;
    const close = async () => {
      for (const one of closers.toReversed()) await one();
      await store.close();
    };
    const groupLog = () => groupLogAt({ engine, wake, nowMs: time.nowMs, clock, log });
    const own = { ...store, close: () => (closing ??= close()) };
    return { store: own, nowMs: time.nowMs, wake, groupLog, hurry, statements: engine.statements };
  } catch (error) {
    for (const one of closers.toReversed()) await one();
    await engine.close();
    throw startProblem(error, address);
  }
}

/** Rows that are gone go from its files; its own log and copies are the server's. It may be forbidden, and then it is for the server as well. */
async function vacuum(address: string, log: Log): Promise<void> {
  const tables = Object.keys({ ...STORE_TABLES, ...WEB_TABLES });
  await withClient(address, undefined, (client) => client.query(`VACUUM ${tables.join(", ")}`)).catch(
    (cause: unknown) => log.warn("database.not_vacuumed", { error: asError(cause) }),
  );
}

interface Time {
  readonly ms: number;
}
const NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS DOUBLE PRECISION) AS ms";

/** Changing tables can take longer than anybody waits for an answer. */
async function prepare(address: string): Promise<void> {
  await withClient(address, LOOK_WITHIN_MS, async (client) => {
    await refuseUnfit(client);
    await refuseHalfMoved(client);
  });
  await withClient(address, undefined, (client) => migrate(client));
}
