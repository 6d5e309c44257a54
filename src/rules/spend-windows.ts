import { SPEND_WINDOW_MS, type SpendWindow, spendableAtMs } from "../domain/ledger.ts";
import type { SpendRefusal } from "../ports/payment.ts";
import { all, number, run, type Tx } from "./transaction.ts";

/** What is spent within 24 hours, by a column of the holds. */
interface Windows {
  of(tx: Tx, key: string, nowMs: number): Promise<SpendWindow>;
  /** Why this much more cannot be borne; `undefined` when it can. */
  short(tx: Tx, key: string, needed: Needed): Promise<SpendRefusal | undefined>;
}

interface Needed {
  readonly neededGpuMs: number;
  readonly capGpuMs: number;
  readonly nowMs: number;
}

/** Of a community or chat. */
export const spendWindows = windowsBy("pot_key", "pot_used");
/** Of all who come from one address. */
export const addressWindows = windowsBy("address_key", "address_used");

const forgetAddresses = run<[endedBeforeMs: number]>(
  "UPDATE hold SET address_key = NULL WHERE state = 'settled' AND address_key IS NOT NULL AND ended_at_ms <= $1",
);
/** See `Store.sweepAddresses`. */
export const sweepAddresses = (tx: Tx, nowMs: number) => forgetAddresses(tx, nowMs - SPEND_WINDOW_MS);

function windowsBy(column: "pot_key" | "address_key", code: SpendRefusal["code"]): Windows {
  const held = number<[key: string]>(
    `SELECT CAST(coalesce(sum(held_gpu_ms), 0) AS BIGINT) AS n FROM hold WHERE ${column} = $1 AND state = 'held'`,
  );
  const used = number<[key: string, afterMs: number]>(
    `SELECT CAST(coalesce(sum(used_gpu_ms), 0) AS BIGINT) AS n FROM hold
     WHERE ${column} = $1 AND state = 'settled' AND ended_at_ms > $2`,
  );
  const paidIn = all<{ readonly usedGpuMs: number; readonly atMs: number }, [key: string, afterMs: number]>(
    `SELECT used_gpu_ms AS "usedGpuMs", ended_at_ms AS "atMs" FROM hold
     WHERE ${column} = $1 AND state = 'settled' AND ended_at_ms > $2 ORDER BY ended_at_ms`,
  );
  const of = async (tx: Tx, key: string, nowMs: number): Promise<SpendWindow> => {
    const [heldGpuMs, usedGpuMs] = await Promise.all([held(tx, key), used(tx, key, nowMs - SPEND_WINDOW_MS)]);
    return { heldGpuMs, usedGpuMs };
  };
  return {
    of,
    async short(tx, key, { neededGpuMs, capGpuMs, nowMs }) {
      const spent = await of(tx, key, nowMs);
      const leftGpuMs = capGpuMs - spent.heldGpuMs - spent.usedGpuMs;
      // What is free is free where a spend window is overdrawn as well.
      if (neededGpuMs <= Math.max(0, leftGpuMs)) return undefined;
      const paid = neededGpuMs > capGpuMs ? [] : await paidIn(tx, key, nowMs - SPEND_WINDOW_MS);
      const retryAtMs = spendableAtMs(spent, neededGpuMs, capGpuMs, paid);
      const when = retryAtMs === undefined ? {} : { retryAtMs };
      return { code, neededGpuMs, leftGpuMs: Math.max(0, leftGpuMs), capGpuMs, ...when };
    },
  };
}
