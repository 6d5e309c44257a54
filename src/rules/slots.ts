import type { SlotWanted } from "../ports/fleet.ts";
import { lockSlotsAt } from "./locks.ts";
import { all, number, one, run, type Tx } from "./transaction.ts";

// Places at devices: rows in the order in which they came. The first of them, as many as the device has, are inside; the others
// wait. A row lives as long as its worker is there.

const LIVES = "EXISTS (SELECT 1 FROM worker WHERE worker.worker_id = backend_slot.worker_id AND until_ms > $2)";

export const slotsTaken = number<[device: string, nowMs: number]>(
  `SELECT count(*) AS n FROM backend_slot WHERE device = $1 AND ${LIVES}`,
);
const addSlot = run<[slotId: string, device: string, workerId: string]>(
  "INSERT INTO backend_slot(slot_id, device, worker_id) VALUES($1, $2, $3) ON CONFLICT(slot_id) DO NOTHING",
);
/** Behind all others. Twice is harmless. */
export const lineUp = addSlot;

const deadThere = all<{ readonly workerId: string }, [device: string, nowMs: number]>(
  `SELECT worker_id AS "workerId" FROM worker WHERE until_ms <= $2
   AND worker_id IN (SELECT worker_id FROM backend_slot WHERE device = $1) ORDER BY worker_id FOR NO KEY UPDATE`,
);
const takeFrom = run<[device: string, workerId: string]>(
  "DELETE FROM backend_slot WHERE device = $1 AND worker_id = $2",
);
const takeOrphans = run<[device: string]>(
  "DELETE FROM backend_slot WHERE device = $1 AND worker_id NOT IN (SELECT worker_id FROM worker)",
);
/**
 * Slots of dead workers end. With their rows in hand: one that was only asleep renews its own after that, and learns that the slot is
 * gone. The device is locked.
 */
export async function freeLapsedSlots(tx: Tx, device: string, nowMs: number): Promise<void> {
  for (const { workerId } of await deadThere(tx, device, nowMs)) await takeFrom(tx, device, workerId);
  await takeOrphans(tx, device);
}

const before = one<{ readonly n: number }, [device: string, slotId: string]>(
  `SELECT count(*) AS n FROM backend_slot WHERE device = $1
   AND seq < (SELECT seq FROM backend_slot own WHERE own.slot_id = $2)`,
);
/** See `Fleet.takeSlot`. */
export async function takeSlot(tx: Tx, wanted: SlotWanted, nowMs: number): Promise<boolean> {
  const { slotId, device, slots, workerId } = wanted;
  await lockSlotsAt(tx, device);
  await freeLapsedSlots(tx, device, nowMs);
  await addSlot(tx, slotId, device, workerId);
  return ((await before(tx, device, slotId))?.n ?? 0) < slots;
}

export const giveSlot = run<[slotId: string]>("DELETE FROM backend_slot WHERE slot_id = $1");
export const giveAllSlots = run<[workerId: string]>("DELETE FROM backend_slot WHERE worker_id = $1");
const slotsOf = all<{ readonly slotId: string }, [workerId: string]>(
  `SELECT slot_id AS "slotId" FROM backend_slot WHERE worker_id = $1`,
);
export const slotIdsOf = async (tx: Tx, workerId: string): Promise<ReadonlySet<string>> =>
  new Set((await slotsOf(tx, workerId)).map(({ slotId }) => slotId));
