import type { Fleet, FleetNow, ServedLane } from "../ports/fleet.ts";
import { parseLanes } from "./rows.ts";
import { preview, seenWork, sweepWork, tellWork, workSoFar } from "./shown-work.ts";
import { giveAllSlots, giveSlot, slotIdsOf, takeSlot } from "./slots.ts";
import { all, one, run, type Transactions, type Tx } from "./transaction.ts";

/** Nothing rests for longer. */
const FORGET_CIRCUIT_AFTER_MS = 3 * 24 * 3_600_000;
/** Of a dead worker nobody wants to know anything; its rows stay a while for whoever looks into the database. */
const FORGET_AFTER_MS = 3_600_000;

const isThere = run<[workerId: string, lanes: string, untilMs: number]>(
  `INSERT INTO worker(worker_id, lanes, until_ms) VALUES($1, $2, $3)
   ON CONFLICT(worker_id) DO UPDATE SET lanes = excluded.lanes, until_ms = excluded.until_ms`,
);
// One that another transaction has in its hands is forgotten another time.
const forgetDead = run<[beforeMs: number]>(
  "DELETE FROM worker WHERE worker_id IN (SELECT worker_id FROM worker WHERE until_ms < $1 FOR NO KEY UPDATE SKIP LOCKED)",
);
const forgetCircuits = run<[beforeMs: number]>("DELETE FROM circuit WHERE at_ms < $1");
async function present(
  tx: Tx,
  { workerId, lanes }: { readonly workerId: string; readonly lanes: readonly ServedLane[] },
  nowMs: number,
  untilMs: number,
): Promise<ReadonlySet<string>> {
  await isThere(tx, workerId, JSON.stringify(lanes), untilMs);
  await forgetDead(tx, nowMs - FORGET_AFTER_MS);
  await forgetCircuits(tx, nowMs - FORGET_CIRCUIT_AFTER_MS);
  return slotIdsOf(tx, workerId);
}

const gone = run<[workerId: string]>("DELETE FROM worker WHERE worker_id = $1");
async function leave(tx: Tx, workerId: string): Promise<void> {
  await gone(tx, workerId);
  await giveAllSlots(tx, workerId);
}

const there = all<{ readonly workerId: string; readonly lanes: string }, [nowMs: number]>(
  `SELECT worker_id AS "workerId", lanes FROM worker WHERE until_ms > $1 ORDER BY worker_id`,
);
const circuits = all<{ readonly device: string; readonly state: string }, []>("SELECT device, state FROM circuit");
async function fleet(tx: Tx, nowMs: number): Promise<FleetNow> {
  const workers = await there(tx, nowMs);
  return {
    workers: workers.map(({ workerId, lanes }) => ({ workerId, lanes: parseLanes(lanes) })),
    circuits: new Map((await circuits(tx)).map(({ device, state }) => [device, state])),
  };
}

const stateOf = one<{ readonly state: string }, [device: string]>("SELECT state FROM circuit WHERE device = $1");
const firstState = run<[device: string, state: string, atMs: number]>(
  "INSERT INTO circuit(device, state, at_ms) VALUES($1, $2, $3) ON CONFLICT(device) DO NOTHING",
);
const nextState = run<[device: string, state: string, atMs: number, before: string]>(
  "UPDATE circuit SET state = $2, at_ms = $3 WHERE device = $1 AND state = $4",
);
const noState = run<[device: string, before: string]>("DELETE FROM circuit WHERE device = $1 AND state = $2");
/** See `Fleet.changeCircuit`. Each is one statement that looks by itself whether the row is as it was. */
async function changeCircuit(
  tx: Tx,
  ...[device, before, next, nowMs]: Parameters<Fleet["changeCircuit"]>
): ReturnType<Fleet["changeCircuit"]> {
  const rows =
    next === undefined
      ? await noState(tx, device, before ?? "")
      : before === undefined
        ? await firstState(tx, device, next, nowMs)
        : await nextState(tx, device, next, nowMs, before);
  const now = (await stateOf(tx, device))?.state;
  return { changed: rows === 1 || (before === undefined && next === undefined && now === undefined), now };
}

export const over = ({ act, look }: Transactions): Fleet => ({
  tellWork: (work) => act((tx) => tellWork(tx, work)),
  sweepWork: (nowMs) => act(async (tx) => void (await sweepWork(tx, nowMs))),
  seenWork: () => look((tx) => seenWork(tx)),
  workSoFar: (jobId, nowMs) => look((tx) => workSoFar(tx, jobId, nowMs)),
  preview: (jobId) => look((tx) => preview(tx, jobId)),
  present: (...input) => act((tx) => present(tx, ...input)),
  leave: (workerId) => act((tx) => leave(tx, workerId)),
  takeSlot: (...input) => act((tx) => takeSlot(tx, ...input)),
  giveSlot: (slotId) => act(async (tx) => void (await giveSlot(tx, slotId))),
  fleet: (nowMs) => look((tx) => fleet(tx, nowMs)),
  changeCircuit: (...input) => act((tx) => changeCircuit(tx, ...input)),
});
