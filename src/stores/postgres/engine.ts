import type { Client, Pool, PoolClient } from "pg";
import { limitOf, pauseMs, within } from "../../lib/abort.ts";
import { type Clock, every, systemClock } from "../../lib/clock.ts";
import { DatabaseAway } from "../../lib/database-away.ts";
import { createSemaphore } from "../../lib/semaphore.ts";
import type { Engine, Sql } from "../../ports/sql.ts";
import { codeOf, type Fault, faultOf } from "./faults.ts";
import { createNames, STANDSTILL_MS, STATEMENT_MS } from "./pool.ts";
import type { Presence } from "./presence.ts";
import { Session } from "./session.ts";

/** Of those that were in each other's way. Counted apart from the tries that a restart of the server takes. */
const CONFLICTS_MAX = 5;
const CONFLICT_PAUSE_MS = 10;
const GONE_PAUSE_MS = 150;
/** Of a server that does not answer while the process ends. */
const END_WITHIN_MS = 1000;
const LOOK_EVERY_MS = 250;
// In one message, and set for this transaction only: a pooler may give the connection to somebody else after it. Read committed,
// whatever the server's default: what is read after a lock has to be what it was waited for.
const BEGIN_ANYWHERE = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${STATEMENT_MS}; SET LOCAL idle_in_transaction_session_timeout = ${STANDSTILL_MS}`;

export interface EngineOptions {
  readonly pool: Pool;
  /** As many as the pool has. */
  readonly connections: number;
  readonly presence: Presence;
  /** As the pool's: each connection is set up already. */
  readonly ownSessions?: boolean;
  /** Keeps statements planned in the server. */
  readonly named?: boolean;
  readonly clock?: Clock;
  /** Told of each transaction that is run again because another was in its way: somebody left the order of locks. */
  readonly conflicted?: (code: string) => void;
}

export interface HurriedEngine extends Engine {
  /**
   * The process ends. A server that is away, or does not answer within `answerWithinMs`, is waited for no longer than `withinMs`
   * in all; one that answers is asked as before.
   */
  hurry(withinMs: number, answerWithinMs: number): void;
  /** Sent to the server so far, the words around a transaction counted. */
  statements(): number;
}

/** "one": a statement that changes something, and commits itself. */
type How = "look" | "one" | "several";

type Tried<T> =
  | { readonly is: "done"; readonly result: T }
  | { readonly is: "conflict"; readonly error: unknown }
  /** `unheard`: it may have been committed. */
  | { readonly is: "gone"; readonly error: unknown; readonly unheard: boolean };

/**
 * PostgreSQL under the rules. Transactions run side by side, one connection each, and one that met a deadlock or a restart of the
 * server is run again.
 */
export function engineOver(options: EngineOptions): HurriedEngine {
  const { pool, presence, clock = systemClock } = options;
  const nameOf = options.named === true ? createNames() : undefined;
  const begin = options.ownSessions === true ? "BEGIN" : BEGIN_ANYWHERE;
  const turns = createSemaphore();
  const running = new Set<Promise<unknown>>();
  /** Since when each connection that somebody has is theirs. */
  const taken = new Map<PoolClient, number>();
  /** Those that wait for one. */
  const awaiting = new Set<Awaiting>();
  let stopCutting = () => {};
  let statements = 0;
  let closing: Promise<void> | undefined;

  const sessionOf = (client: PoolClient, opened: Promise<unknown> | undefined): Session =>
    new Session((text, values) => {
      statements += 1;
      return nameOf ? client.query({ name: nameOf(text), text, values }) : client.query(text, values);
    }, opened);

  async function tried<T>(body: (sql: Sql) => Promise<T>, how: How): Promise<Tried<T>> {
    let client: PoolClient | undefined;
    let committing = false;
    let session: Session | undefined;
    try {
      client = await connected();
      taken.set(client, clock.steadyMs());
      // One statement is its own transaction, and several of a look need not be of one moment.
      if (how === "several") statements += 2;
      const opened = how === "several" ? client.query(begin) : undefined;
      committing = how === "one";
      session = sessionOf(client, opened);
      const result = await body(session);
      session.end();
      committing = how !== "look";
      if (how === "several") {
        // Behind what is on the way: where that fails, it is answered with an undoing.
        await client.query("COMMIT");
        committing = false;
      }
      await session.quiet();
      session.check();
      letGo(client, "free");
      presence.answered();
      return { is: "done", result };
    } catch (error) {
      session?.drop();
      const fault = faultOf(error);
      if (client && fault !== "gone") await session?.quiet();
      if (client) letGo(client, await leftBy(client, fault, how));
      if (fault === "gone") return { is: "gone", error, unheard: committing };
      if (client) presence.answered();
      if (fault === "conflict") return { is: "conflict", error };
      throw error;
    }
  }

  /** A cut here is one of ours, for `pg` has none: the connection that is made nevertheless is nobody's. */
  async function connected(): Promise<PoolClient> {
    const { promise: cut, reject } = Promise.withResolvers<never>();
    const own: Awaiting = { sinceMs: clock.steadyMs(), cut: () => reject(new LateConnection()) };
    const connecting = pool.connect();
    awaiting.add(own);
    try {
      return await Promise.race([connecting, cut]);
    } catch (error) {
      void connecting.then((client) => client.release(true)).catch(() => undefined);
      throw error;
    } finally {
      awaiting.delete(own);
    }
  }

  /** Not before its last word: whoever has the connection next is noted under it, too. */
  function letGo(client: PoolClient, left: "broken" | "free"): void {
    taken.delete(client);
    client.release(left === "broken");
  }

  /** What waits longer than that for an answer has none to come; once all is over, nothing has. */
  function cutOff(answerWithinMs: number): void {
    const isLate = (sinceMs: number) => presence.over || clock.steadyMs() - sinceMs >= answerWithinMs;
    for (const [client, sinceMs] of taken) if (isLate(sinceMs)) sever(client);
    for (const { sinceMs, cut } of awaiting) if (isLate(sinceMs)) cut();
  }

  function refuseWhenOver(): void {
    if (!presence.over) return;
    const error = new Error("the process ends");
    presence.missed(error, true);
    throw new DatabaseAway(error);
  }

  async function untilDone<T>(body: (sql: Sql, again: boolean) => Promise<T>, how: How): Promise<T> {
    refuseWhenOver();
    const untilMs = clock.steadyMs() + presence.patienceMs();
    const giveBack = await turnWithin(untilMs);
    let again = false;
    try {
      for (let conflicts = 0; ; ) {
        // A turn may come late, and a pause end after it.
        refuseWhenOver();
        const outcome = await tried((sql) => body(sql, again), how);
        if (outcome.is === "done") return outcome.result;
        const { error } = outcome;
        if (outcome.is === "conflict") {
          conflicts += 1;
          options.conflicted?.(codeOf(error));
          if (conflicts === CONFLICTS_MAX) throw error;
          await pause(CONFLICT_PAUSE_MS * conflicts * Math.random());
        } else {
          again ||= outcome.unheard;
          const gaveUp = clock.steadyMs() >= Math.min(untilMs, presence.endsAtMs());
          presence.missed(error, gaveUp);
          if (gaveUp) throw new DatabaseAway(error);
          await pause(GONE_PAUSE_MS);
        }
      }
    } finally {
      giveBack();
    }
  }

  /** Not at the pool's own queue: what waits there for a connection looks as if the server were away. */
  async function turnWithin(untilMs: number): Promise<() => void> {
    const limit = limitOf(clock, Math.max(STATEMENT_MS, untilMs - clock.steadyMs()));
    try {
      return await turns.acquire("connection", options.connections, limit.signal);
    } catch (error) {
      presence.missed(error, true);
      throw new DatabaseAway(error);
    } finally {
      limit.end();
    }
  }

  const pause = (durationMs: number) => pauseMs(clock, durationMs, NEVER);

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
    statements: () => statements,
    transact: (body, how) => noted(() => untilDone(body, how ?? "several")),
    read: (body) => noted(() => untilDone((sql) => body(sql), "look")),
    close() {
      closing ??= Promise.allSettled(running)
        .then(() => within(clock, presence.over ? 0 : END_WITHIN_MS, pool.end()))
        .then(stopCutting);
      return closing;
    },
    hurry(withinMs, answerWithinMs) {
      presence.hurry(withinMs);
      stopCutting();
      // A server that is frozen says nothing to those who wait for it.
      stopCutting = every(clock, LOOK_EVERY_MS, () => cutOff(answerWithinMs));
    },
  };
}

const NEVER = new AbortController().signal;

/**
 * Whoever waits for an answer there is told at once that none comes. `end` would wait for the answers to all that is on the way, as
 * statements are sent one behind the other. The pool's connections are `pg`'s whole ones; their type leaves the socket out.
 */
const sever = (client: PoolClient & Partial<Pick<Client, "connection">>): void => {
  client.connection?.stream.destroy();
};

/** Somebody who waits for a connection. */
interface Awaiting {
  readonly sinceMs: number;
  cut(): void;
}

class LateConnection extends Error {
  readonly code = "ETIMEDOUT";
  constructor() {
    super("no connection in time");
  }
}

/** How a connection was left: broken, or free once what was begun on it is undone. */
async function leftBy(client: PoolClient, fault: Fault, how: How): Promise<"broken" | "free"> {
  if (fault === "gone") return "broken";
  if (how !== "several") return "free";
  return client.query("ROLLBACK").then(
    () => "free",
    () => "broken",
  );
}
