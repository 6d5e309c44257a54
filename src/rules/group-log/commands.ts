import type { StoredMessage } from "../../ports/group-log.ts";
import { all, run, type Tx } from "../transaction.ts";
import type { Holder } from "./messages.ts";
import { COLUMNS, messageOf, type Row } from "./rows.ts";

// Commands between their storing and the core's having heard them.

type Taking = [holder: string, untilMs: number, nowMs: number];
const taking = (free: string) =>
  all<Row, Taking>(
    `UPDATE web_message SET held_by = $1, held_until_ms = $2 WHERE heard = 0 AND ${free} RETURNING ${COLUMNS}`,
  );
const LAPSED = "coalesce(held_until_ms, 0) <= $3";
const takeLapsed = taking(LAPSED);
/** Where one process has the database whoever else held them is dead. */
const takeOthers = taking(`(coalesce(held_by, '') <> $1 OR ${LAPSED})`);

/** As `GroupLog.takeInHand`. */
export async function takeInHand(
  tx: Tx,
  { holder, nowMs }: Holder,
  untilMs: number,
): Promise<readonly StoredMessage[]> {
  const rows = await (tx.oneWriter ? takeOthers : takeLapsed)(tx, holder, untilMs, nowMs);
  return rows.map(messageOf).toSorted((one, other) => one.seq - other.seq);
}

export const keepInHand = run<[id: string, holder: string, untilMs: number]>(
  "UPDATE web_message SET held_until_ms = $3 WHERE id = $1 AND held_by = $2 AND heard = 0",
);
export const letOut = run<[holder: string]>(
  "UPDATE web_message SET held_until_ms = 0 WHERE held_by = $1 AND heard = 0",
);
export const acknowledge = run<[id: string]>("UPDATE web_message SET heard = 1 WHERE id = $1 AND heard = 0");
