import { setTimeout as pauseMs } from "node:timers/promises";
import type { Client } from "pg";
import { openClient } from "../../../src/stores/postgres/pool.ts";

const LOOK_EVERY_MS = 25;
const ANSWER_WITHIN_MS = 2000;

/** Who leads, as the database says it. */
export interface Throne {
  readonly holder: string | undefined;
  /** From now until somebody else leads: noted in `takeoversMs`. */
  fell(): void;
  readonly takeoversMs: readonly number[];
  close(): Promise<void>;
}

interface Row {
  readonly holder: string;
  readonly until: number;
}

/** Looks at the row again and again, over all crashes of the server. */
export function watchThrone(directAddress: string): Throne {
  let holder: string | undefined;
  let lost: { readonly holder: string | undefined; readonly atMs: number } | undefined;
  const takeoversMs: number[] = [];
  let isOver = false;

  async function look(client: Client): Promise<void> {
    const { rows } = await client.query<Row>(
      "SELECT holder, until_ms AS until FROM leader ORDER BY until_ms DESC LIMIT 1",
    );
    holder = rows[0]?.holder;
    if (lost === undefined || holder === undefined || holder === lost.holder) return;
    takeoversMs.push(performance.now() - lost.atMs);
    lost = undefined;
  }

  async function watch(): Promise<void> {
    while (!isOver) {
      const client = openClient(directAddress, ANSWER_WITHIN_MS);
      try {
        await client.connect();
        while (!isOver) {
          await look(client);
          await pauseMs(LOOK_EVERY_MS);
        }
      } catch {
        // The server is away, or has no tables yet.
        await pauseMs(LOOK_EVERY_MS);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  const watching = watch();
  return {
    get holder() {
      return holder;
    },
    fell() {
      lost ??= { holder, atMs: performance.now() };
    },
    takeoversMs,
    async close() {
      isOver = true;
      await watching;
    },
  };
}
