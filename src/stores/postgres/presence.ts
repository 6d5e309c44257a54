import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";
import type { Notices } from "../../ports/notices.ts";

/** How long one call goes on trying: a restart of the server takes less. */
const PATIENCE_MS = 10_000;
const NOTICE = "database";
const SAY_AGAIN_MS = 60_000;
const AT_STOP =
  "The database did not answer while Placard stopped: pictures that were under way are made again, and messages that were owed are sent, once it is started and the database is there.";

/** Whether the server is there, as far as those who ask it can tell. */
export interface Presence {
  /** How long a call may go on trying now: not at all once all know that the server is away, or everybody would queue up. */
  patienceMs(): number;
  /** Somebody was not answered; `gaveUp`: and they will not be. */
  missed(error: unknown, gaveUp: boolean): void;
  answered(): void;
  /** The process ends: from then on nobody waits for a server that is away. */
  hurry(withinMs: number): void;
  /** By the steady clock, when all waiting ends. */
  endsAtMs(): number;
  /** Nothing comes of asking any more. */
  readonly over: boolean;
}

/** Says when the server goes and when it comes back, once each, and to the operator what to do meanwhile. */
export function createPresence(deps: {
  readonly clock: Pick<Clock, "steadyMs">;
  readonly log: Log;
  readonly notices: Pick<Notices, "say">;
  /** "db.example.org:5432, database placard". */
  readonly where: string;
  readonly patienceMs?: number;
}): Presence {
  const { clock, log, notices, where, patienceMs = PATIENCE_MS } = deps;
  let awaySinceMs: number | undefined;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let endsAtMs = Number.POSITIVE_INFINITY;
  let saidAtEnd = false;
  const todo = `The database at ${where} does not answer: members are asked to come back in a minute. Look after the PostgreSQL server; Placard goes on by itself, and nothing that was promised is lost.`;
  return {
    patienceMs() {
      const nowMs = clock.steadyMs();
      if (awaySinceMs !== undefined && nowMs - awaySinceMs >= patienceMs) return 0;
      return Math.max(0, Math.min(patienceMs, endsAtMs - nowMs));
    },
    hurry(withinMs) {
      endsAtMs = Math.min(endsAtMs, clock.steadyMs() + withinMs);
    },
    endsAtMs: () => endsAtMs,
    get over() {
      return awaySinceMs !== undefined && clock.steadyMs() >= endsAtMs;
    },
    missed(error, gaveUp) {
      const nowMs = clock.steadyMs();
      if (awaySinceMs === undefined) log.warn("database.missed", { error: asError(error) });
      awaySinceMs ??= nowMs;
      if (gaveUp && endsAtMs !== Number.POSITIVE_INFINITY) {
        if (!saidAtEnd) log.warn("database.away_at_stop", { todo: AT_STOP });
        saidAtEnd = true;
        return;
      }
      if (!gaveUp || nowMs - saidAtMs < SAY_AGAIN_MS) return;
      saidAtMs = nowMs;
      notices.say(NOTICE, todo);
      log.error("database.away", { todo });
    },
    answered() {
      if (awaySinceMs === undefined) return;
      log.info("database.back", { awayMs: Math.round(clock.steadyMs() - awaySinceMs) });
      notices.say(NOTICE, undefined);
      awaySinceMs = undefined;
      saidAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
