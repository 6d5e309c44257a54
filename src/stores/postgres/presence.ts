import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";
import type { Notices } from "../../ports/notices.ts";

/** How long one call goes on trying: a restart of the server takes less. */
const PATIENCE_MS = 10_000;
const NOTICE = "database";
const SAY_AGAIN_MS = 60_000;

/** Whether the server is there, as far as those who ask it can tell. */
export interface Presence {
  /** How long a call may go on trying now: not at all once all know that the server is away, or everybody would queue up. */
  patienceMs(): number;
  /** Somebody was not answered; `gaveUp`: and they will not be. */
  missed(error: unknown, gaveUp: boolean): void;
  answered(): void;
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
  const todo = `The database at ${where} does not answer: members are asked to come back in a minute. Look after the PostgreSQL server; Placard goes on by itself, and nothing that was promised is lost.`;
  return {
    patienceMs: () => (awaySinceMs !== undefined && clock.steadyMs() - awaySinceMs >= patienceMs ? 0 : patienceMs),
    missed(error, gaveUp) {
      const nowMs = clock.steadyMs();
      if (awaySinceMs === undefined) log.warn("database.missed", { error: asError(error) });
      awaySinceMs ??= nowMs;
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
