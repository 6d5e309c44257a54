import { z } from "zod";
import { asError } from "../../src/lib/error.ts";
import { createKeyedSerial } from "../../src/lib/serial.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Telegram delivers an update again for a day at most; until then we have to know it. */
const REMEMBERED_MS = 25 * 3_600_000;
/** An update that was under way this often when the program ended is left alone. */
const MAX_TRIES = 20;

const row = z.object({
  atMs: z.number(),
  /** Gone once it was handed over. */
  update: z.unknown().optional(),
  tries: z.int(),
});

/**
 * Updates between Telegram and the core. What is stored is confirmed to Telegram and handed over afterwards, in order per
 * chat; what a dead process left is handed over at the next start; what comes twice is handed over once.
 */
export interface Inbox {
  /** Durable when it resolves. @throws Error of the store: then Telegram must not hear that we have it */
  add(updateId: number, orderKey: string, update: unknown): Promise<void>;
  /** Takes up what an earlier process left, oldest first. */
  replay(orderKeyOf: (update: unknown) => string | undefined): Promise<void>;
  /** Nothing is handed over any more; resolves when what is under way has ended. */
  stop(): Promise<void>;
  sweep(nowMs: number): Promise<void>;
}

/** An update with what is stored beside it. */
interface Handed {
  readonly update: unknown;
  readonly atMs: number;
  /** Counted from 1. */
  readonly tries: number;
}

export function createInbox(deps: {
  readonly botId: number;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
  readonly log: Log;
  /** Rejects only by a fault of ours, which the log gets. */
  readonly handOver: (update: unknown, again: boolean) => Promise<void>;
}): Inbox {
  const { nowMs, log } = deps;
  const rows = deps.values("update", row);
  const chats = createKeyedSerial();
  let stopped = false;
  // Ids sort as they were given: update ids have at most ten digits.
  const keyOf = (updateId: number) => `${deps.botId}:${String(updateId).padStart(12, "0")}`;

  function hand(key: string, orderKey: string, { update, atMs, tries }: Handed): void {
    chats
      .run(orderKey, async () => {
        if (stopped) return;
        // Not at the first: what ends the program is counted when it is taken up again.
        if (tries > 1) await rows.set(key, { atMs, update, tries });
        await deps.handOver(update, tries > 1).catch((error: unknown) =>
          // A fault of ours would be the same the next time.
          log.error("telegram.update_broke", { error: asError(error) }),
        );
        await rows.set(key, { atMs, tries });
      })
      .catch((error: unknown) => log.error("telegram.update_unnoted", { error: asError(error) }));
  }

  return {
    async add(updateId, orderKey, update) {
      const key = keyOf(updateId);
      if (await rows.get(key)) return;
      const atMs = nowMs();
      await rows.set(key, { atMs, update, tries: 1 });
      hand(key, orderKey, { update, atMs, tries: 1 });
    },
    async replay(orderKeyOf) {
      for (const [key, { update, atMs, tries }] of await rows.entries()) {
        // Another bot's are of no use to this one.
        if (update === undefined || !key.startsWith(`${deps.botId}:`)) continue;
        const orderKey = orderKeyOf(update);
        if (orderKey === undefined || tries >= MAX_TRIES) {
          log.error("telegram.update_given_up", { tries });
          await rows.set(key, { atMs, tries });
          continue;
        }
        hand(key, orderKey, { update, atMs, tries: tries + 1 });
      }
    },
    async stop() {
      stopped = true;
      await chats.settled();
    },
    async sweep(atMs) {
      for (const [key, { update, atMs: cameAtMs }] of await rows.entries())
        if (update === undefined && cameAtMs < atMs - REMEMBERED_MS) await rows.delete(key);
    },
  };
}
