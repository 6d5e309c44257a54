import { randomUUID } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import type { Leader, Reign } from "../../ports/leader.ts";

export interface Leadership {
  /** While this process may begin something; `undefined`: another one leads. */
  reign(): Promise<Reign | undefined>;
  /** So that the next one need not wait for its end. Nothing is begun here any more: to ask would be to take it again. */
  giveBack(): Promise<void>;
}

const REIGN_MS = 5000;
/** As long as most sends take: nothing is begun so shortly before the end. */
const MARGIN_MS = 2000;

/**
 * Of several processes over one database one sends. It asks when it has something to do, and counts by the time that only
 * passes, from before it asked: however late the answer comes, the database's row lasts longer than it believes. A fence
 * cannot reach a platform: what a process that was asleep still sends, a nonce or an edit makes harmless.
 */
export function createLeadership(name: string, store: Leader, clock: Clock): Leadership {
  const holder = randomUUID();
  let over = false;
  let current: { readonly reign: Reign; readonly untilMs: number } | undefined;

  async function askUntil(lastsMs: number): Promise<void> {
    const askedAtMs = clock.steadyMs();
    const nowMs = clock.nowMs();
    const reign = await store.lead(name, holder, nowMs, nowMs + lastsMs);
    current = reign && { reign, untilMs: askedAtMs + lastsMs };
  }

  return {
    async reign() {
      if (over) return undefined;
      if (!current || clock.steadyMs() >= current.untilMs - MARGIN_MS) await askUntil(REIGN_MS);
      return current?.reign;
    },
    async giveBack() {
      over = true;
      if (current) await askUntil(0);
      current = undefined;
    },
  };
}
