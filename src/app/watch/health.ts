import { makesPictures, type Role } from "../../domain/role.ts";
import { within } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import type { Store } from "../../ports/store.ts";
import type { Loop, Tally } from "./tally.ts";

export interface Health {
  readonly ok: boolean;
  /** One line. */
  readonly text: string;
}

const ANSWER_WITHIN_MS = 2000;
/** The slowest comes every 15 s, and waits for a database that is away. */
const SEEN_WITHIN_MS = 120_000;

interface HealthDeps {
  readonly role: Role;
  /** Where it is in its life. */
  readonly phase: () => "starting" | "at work" | "stopping";
  /** Unwatched: whoever asks is no loop. */
  readonly store: Pick<Store, "dueDeferred">;
  readonly tally: Pick<Tally, "seenAtMs">;
  readonly leads: () => boolean;
  readonly outOfRoom: () => boolean;
  readonly clock: Pick<Clock, "nowMs" | "steadyMs" | "after">;
}

/** Whether this process takes orders, its database answers and its loops go on. What a platform or a backend does is no part of it. */
export function healthOf(deps: HealthDeps): () => Promise<Health> {
  const { role, store, tally, clock } = deps;
  /** Since when each loop has to be at work. */
  const dueSinceMs = new Map<Loop, number>();

  function standingStill(): Loop | undefined {
    const nowMs = clock.steadyMs();
    const loops: readonly (readonly [Loop, boolean])[] = [
      ["worker", makesPictures(role)],
      ["outbox", deps.leads()],
      ["housekeeping", deps.leads()],
      ["deferred orders", deps.leads()],
    ];
    for (const [loop, isDue] of loops) {
      if (!isDue) dueSinceMs.delete(loop);
      else if (!dueSinceMs.has(loop)) dueSinceMs.set(loop, nowMs);
    }
    const late = ([loop, sinceMs]: readonly [Loop, number]) =>
      nowMs - Math.max(sinceMs, tally.seenAtMs(loop) ?? sinceMs) > SEEN_WITHIN_MS;
    return [...dueSinceMs].find(late)?.[0];
  }

  return async () => {
    const phase = deps.phase();
    if (phase !== "at work") return { ok: false, text: `it is ${phase}` };
    const database = await answers(store, clock);
    if (database !== undefined) return { ok: false, text: database };
    const loop = standingStill();
    if (loop !== undefined) return { ok: false, text: `${loop}: nothing has been done for two minutes` };
    if (deps.outOfRoom()) return { ok: false, text: "there is no room on the disk" };
    return { ok: true, text: `ok: ${deps.leads() ? "leads" : "follows"}, role ${role}` };
  };
}

/** A read that waits for the disk, as orders do. `undefined`: it answers. */
async function answers(store: Pick<Store, "dueDeferred">, clock: HealthDeps["clock"]): Promise<string | undefined> {
  try {
    const found = await within(clock, ANSWER_WITHIN_MS, store.dueDeferred(clock.nowMs(), 1));
    return found ? undefined : "the database does not answer";
  } catch (error) {
    return isFlushFailed(error) ? "the disk did not confirm what was written" : "the database cannot be read";
  }
}
