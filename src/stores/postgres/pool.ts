import { createHash } from "node:crypto";
import pg from "pg";

/** A server that does not answer is one that is not there: no connection waits longer for it. */
const CONNECT_WITHIN_MS = 3000;
/** Of a statement: by the server's clock, and a little later by ours, for a server that is frozen. */
export const STATEMENT_MS = 8000;
/**
 * So long a transaction may stand still before the server ends it: a process that froze, or whose machine died, holds its locks no
 * longer. Less than a reign: nobody can take over a row that is locked.
 */
export const STANDSTILL_MS = 2000;
const ANSWER_WITHIN_MS = 10_000;
const IDLE_MS = 60_000;

/** Whole numbers of ours are far below 2^53; `pg` gives BIGINT as text otherwise. Only here: others may share the package. */
const INT8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: "text") =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as never,
};

const SESSION = `SET default_transaction_isolation = 'read committed'; SET statement_timeout = ${STATEMENT_MS};
  SET idle_in_transaction_session_timeout = ${STANDSTILL_MS}`;

export interface PoolOptions {
  readonly address: string;
  readonly connections: number;
  /** No pooler is in between: what is set when one connects holds as long as it is ours, and no transaction has to say it again. */
  readonly ownSessions?: boolean;
  /** Default: as long as a statement may take in the server, and a little. */
  readonly answerWithinMs?: number;
  /** Of a connection that ends while nobody uses it. */
  readonly lost: (error: Error) => void;
}

/** Nothing is connected yet. What PgBouncer refuses at a connect (`statement_timeout`, `options`) is not asked for there. */
export function openPool(options: PoolOptions): pg.Pool {
  const { address, connections, lost, answerWithinMs = ANSWER_WITHIN_MS, ownSessions = false } = options;
  const pool = new pg.Pool({
    connectionString: address,
    application_name: "placard",
    max: connections,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: answerWithinMs,
    keepAlive: true,
    // A statement is sent without waiting for the answers to those before it: see `Session`.
    pipeline: true,
    types,
  });
  // Without a listener on both, the end of a connection would end the process.
  pool.on("error", lost);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    // Before whatever it was made for. Where it fails the connection does, and that is told there.
    if (ownSessions) client.query(SESSION).catch(() => undefined);
  });
  return pool;
}

/** One connection of its own, for what takes long or has to be the same one for long. Nothing is connected yet. */
export function openClient(address: string, answerWithinMs: number | undefined): pg.Client {
  const client = new pg.Client({
    connectionString: address,
    application_name: "placard",
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    types,
    ...(answerWithinMs === undefined ? {} : { query_timeout: answerWithinMs }),
  });
  client.on("error", () => undefined);
  return client;
}

/** What the work gives, on a connection of its own that ends with it. */
export async function withClient<T>(
  address: string,
  answerWithinMs: number | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = openClient(address, answerWithinMs);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A statement that the server keeps planned under a name that follows from its text. */
export function createNames(): (text: string) => string {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `p${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    names.set(text, name);
    return name;
  };
}
