import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, Sql } from "../../src/ports/sql.ts";
import { MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";

/** Tables that only a database with several writers needs: what is locked where no row need be there, and who leads. */
const FOR_MANY = `
  CREATE TABLE row_lock(key TEXT PRIMARY KEY);
  CREATE TABLE leader(name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence BIGINT NOT NULL, until_ms BIGINT NOT NULL);`;

/** SQLite's tables in PostgreSQL's words. */
function tables(): string {
  const db = openDatabase(MEMORY);
  migrate(db);
  const made = db.query<{ readonly sql: string }>(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  );
  const text = made
    .all()
    .map(({ sql }) =>
      sql
        .replace(/INTEGER PRIMARY KEY( AUTOINCREMENT)?/g, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        .replace(/\bINTEGER\b/g, "BIGINT")
        .replace(/\bREAL\b/g, "DOUBLE PRECISION")
        .replace(/\bkey TEXT\b/g, 'key TEXT COLLATE "C"')
        .replace(/\)\s+STRICT(, WITHOUT ROWID)?$/, ")"),
    )
    .join(";\n");
  db.close();
  return `${text};${FOR_MANY}`;
}

/** Whole numbers of ours are far below 2^53; `pg` gives BIGINT as text otherwise. */
const INT8 = 20;
const DEADLOCK = "40P01";
const TRIES = 5;

interface Client {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>;
  on(event: "error", listener: () => void): unknown;
  release(): void;
}
interface Pool extends Pick<Client, "query" | "on"> {
  connect(): Promise<Client>;
  on(event: "error", listener: () => void): unknown;
  on(event: "connect", listener: (client: Client) => void): unknown;
  end(): Promise<void>;
}
/** What is used of the package. */
export interface Pg {
  readonly Pool: new (options: Readonly<Record<string, unknown>>) => Pool;
  readonly types: { getTypeParser(oid: number, format: string): unknown };
}

/** No dependency of Placard before it keeps anything in PostgreSQL; `undefined`: it is not installed. */
export async function loadPg(): Promise<Pg | undefined> {
  const name = "pg";
  try {
    return ((await import(name)) as { readonly default: Pg }).default;
  } catch {
    return undefined;
  }
}

function poolAt(pg: Pg, connectionString: string, max: number): Pool {
  const types = {
    getTypeParser: (oid: number, format: string) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
  };
  const pool = new pg.Pool({ connectionString, max, connectionTimeoutMillis: 60_000, types });
  // Without a listener the end of a connection would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/**
 * PostgreSQL under the rules, in a schema of its own that goes with it. For tests: it does not outlive its server.
 *
 * @param deadlocked told of each transaction that had to be run again: somebody left the order of locks
 */
export async function postgresEngine(pg: Pg, url: string, deadlocked: () => void): Promise<Engine> {
  const schema = `placard_test_${process.pid}_${schemas++}`;
  const admin = poolAt(pg, url, 1);
  await admin.query(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}; ${tables()}`);
  const at = new URL(url);
  at.searchParams.set("options", `-csearch_path=${schema}`);
  const pool = poolAt(pg, at.href, 8);
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  async function attempt<T>(body: (sql: Sql) => Promise<T>, [begin, end]: readonly [string, string]): Promise<T> {
    const client = await pool.connect();
    let open = 0;
    let over = false;
    const query = async (text: string, values: readonly unknown[]) => {
      if (over) throw new Error("a transaction was used after its end: an await is missing");
      open += 1;
      try {
        return await client.query(text, values);
      } finally {
        open -= 1;
      }
    };
    try {
      await client.query(begin);
      const result = await body({
        get: async <R>(text: string, ...values: readonly unknown[]) =>
          (await query(text, values)).rows[0] as R | undefined,
        all: async <R>(text: string, ...values: readonly unknown[]) => (await query(text, values)).rows as readonly R[],
        run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
      });
      over = true;
      if (open > 0) throw new Error("a transaction ended before its statements: an await is missing");
      await client.query(end);
      return result;
    } catch (error) {
      over = true;
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  }

  async function transaction<T>(body: (sql: Sql, again: boolean) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await attempt((sql) => body(sql, false), ["BEGIN", "COMMIT"]);
      } catch (error) {
        const isDeadlock = error instanceof Error && "code" in error && error.code === DEADLOCK;
        if (!isDeadlock || tries === TRIES) throw error;
        deadlocked();
        await sleep(5 * tries * Math.random());
      }
  }

  /** Closing waits for it. */
  function noted<T>(work: () => Promise<T>): Promise<T> {
    if (closing) return Promise.reject(new Error("the store is closed"));
    const run = work();
    running.add(run);
    const over = () => void running.delete(run);
    run.then(over, over);
    return run;
  }

  return {
    oneWriter: false,
    transact: (body) => noted(() => transaction(body)),
    read: (body) => noted(() => attempt(body, ["BEGIN READ ONLY", "COMMIT"])),
    close() {
      closing ??= (async () => {
        await Promise.allSettled(running);
        await pool.end();
        await admin.query(`DROP SCHEMA ${schema} CASCADE`);
        await admin.end();
      })();
      return closing;
    },
  };
}

let schemas = 0;
