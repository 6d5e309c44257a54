import { randomUUID } from "node:crypto";
import { pauseMs } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import type { Leader } from "../../ports/leader.ts";
import type { Log } from "../../ports/log.ts";

const NAME = "placard";
const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 2500;
const ASK_EVERY_MS = 500;

export interface Sole {
  /** Somebody else has the database now: this process was asleep, or cut off, for longer than the lease. */
  readonly lost: boolean;
  giveBack(): Promise<void>;
}

/**
 * One Placard per database: at start every running job is taken to belong to a dead process, and all messages are sent by whoever
 * is there. By a row with a lease, as a lock of the server's is given to two by a pooler. After a kill the next start waits for
 * the lease to end.
 *
 * @throws Error for the operator when another Placard has it, and keeps it
 */
export async function soleIn(
  store: Leader,
  { nowMs, clock, log }: { readonly nowMs: () => number; readonly clock: Clock; readonly log: Log },
): Promise<Sole> {
  const holder = randomUUID();
  const ask = async (lastsMs: number) => (await store.lead(NAME, holder, nowMs(), nowMs() + lastsMs)) !== undefined;
  const untilMs = clock.steadyMs() + LEASE_MS + RENEW_EVERY_MS;
  for (let first = true; !(await ask(LEASE_MS)); first = false) {
    if (first)
      log.warn("database.in_use", { todo: "another Placard was here within the last 10 seconds: waiting for it" });
    if (clock.steadyMs() >= untilMs)
      throw new Error(
        "another Placard is already at work on this database: stop it first, or give this one its own DATABASE_URL",
      );
    await pauseMs(clock, ASK_EVERY_MS, NEVER);
  }
  let lost = false;
  const stop = every(clock, RENEW_EVERY_MS, () => {
    ask(LEASE_MS).then(
      (ours) => {
        if (!ours && !lost)
          log.error("database.taken", {
            todo: "another Placard has taken this database over: this one does nothing any more. Stop one of them.",
          });
        lost = !ours;
      },
      // The server is away, for the others as well.
      () => undefined,
    );
  });
  return {
    get lost() {
      return lost;
    },
    async giveBack() {
      stop();
      if (!lost) await ask(0).catch(() => undefined);
    },
  };
}

const NEVER = new AbortController().signal;
