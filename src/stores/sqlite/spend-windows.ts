import { SPEND_WINDOW_MS, type SpendWindow, spendableAtMs } from "../../domain/ledger.ts";
import type { SpendRefusal } from "../../ports/store.ts";
import type { Database } from "./database.ts";

/** What is spent within 24 hours, by a column of the holds. */
interface Windows {
  of(key: string, nowMs: number): SpendWindow;
  /** Why this much more cannot be borne; `undefined` when it can. */
  short(key: string, neededGpuMs: number, capGpuMs: number, nowMs: number): SpendRefusal | undefined;
}

const CODES = { pot_key: "pot_used", address_key: "address_used" } as const;

export function windowsOf(db: Database, column: keyof typeof CODES): Windows {
  const held = db.query<{ readonly gpuMs: number }>(
    `SELECT coalesce(sum(held_gpu_ms), 0) AS gpuMs FROM hold WHERE ${column} = ? AND state = 'held'`,
  );
  const used = db.query<{ readonly gpuMs: number }>(
    `SELECT coalesce(sum(used_gpu_ms), 0) AS gpuMs FROM hold WHERE ${column} = ? AND state = 'settled' AND ended_at_ms > ?`,
  );
  const paidIn = db.query<{ readonly usedGpuMs: number; readonly atMs: number }>(
    `SELECT used_gpu_ms AS usedGpuMs, ended_at_ms AS atMs FROM hold
     WHERE ${column} = ? AND state = 'settled' AND ended_at_ms > ? ORDER BY ended_at_ms`,
  );
  const of = (key: string, nowMs: number): SpendWindow => ({
    heldGpuMs: held.get(key)?.gpuMs ?? 0,
    usedGpuMs: used.get(key, nowMs - SPEND_WINDOW_MS)?.gpuMs ?? 0,
  });
  return {
    of,
    short(key, neededGpuMs, capGpuMs, nowMs) {
      const spent = of(key, nowMs);
      const leftGpuMs = capGpuMs - spent.heldGpuMs - spent.usedGpuMs;
      // What is free is free where a spend window is overdrawn as well.
      if (neededGpuMs <= Math.max(0, leftGpuMs)) return undefined;
      const paid = neededGpuMs > capGpuMs ? [] : paidIn.all(key, nowMs - SPEND_WINDOW_MS);
      const retryAtMs = spendableAtMs(spent, neededGpuMs, capGpuMs, paid);
      const when = retryAtMs === undefined ? {} : { retryAtMs };
      return { code: CODES[column], neededGpuMs, leftGpuMs: Math.max(0, leftGpuMs), capGpuMs, ...when };
    },
  };
}
