import { type GroupLogReads, seenBy } from "../../ports/group-log.ts";
import { all, type Tx } from "../transaction.ts";
import { COLUMNS, messageOf, type Row, revIn } from "./rows.ts";

const before = all<Row, [room: string, beforeSeq: number, memberId: string, limit: number]>(
  `SELECT ${COLUMNS} FROM web_message WHERE room = $1 AND seq < $2 AND (visible_to IS NULL OR visible_to = $3)
   ORDER BY seq DESC LIMIT $4`,
);
const after = all<Row, [room: string, rev: number, memberId: string, limit: number]>(
  `SELECT ${COLUMNS} FROM web_message WHERE room = $1 AND rev > $2
   AND (visible_to IS NULL OR visible_to = $3 OR answered = 'withdrawn') ORDER BY rev LIMIT $4`,
);
const withPicture = all<Row, [room: string, limit: number]>(
  `SELECT ${COLUMNS} FROM web_message WHERE room = $1 AND author_id IS NULL AND visible_to IS NULL AND picture = 1
   ORDER BY seq DESC LIMIT $2`,
);
const undecided = all<Row, [room: string, closesAfterMs: number, limit: number]>(
  `SELECT ${COLUMNS} FROM web_message WHERE room = $1 AND author_id IS NULL AND visible_to IS NULL AND closes_at_ms > $2
   ORDER BY seq LIMIT $3`,
);

/** Each within a look of its own, or all in one. */
export function readsOver(look: <T>(body: (tx: Tx) => Promise<T>) => Promise<T>): GroupLogReads {
  return {
    rev: () => look(revIn),
    newest: (group, memberId, limit, beforeSeq) =>
      look(async (tx) =>
        (await before(tx, group, beforeSeq ?? Number.MAX_SAFE_INTEGER, memberId, limit)).map(messageOf).reverse(),
      ),
    changedSince: (group, memberId, rev, limit) =>
      look(async (tx) =>
        (await after(tx, group, rev, memberId, limit)).flatMap((row) => seenBy(messageOf(row), memberId) ?? []),
      ),
    withPictures: (group, limit) => look(async (tx) => (await withPicture(tx, group, limit)).map(messageOf)),
    withOpenDecisions: (group, closesAfterMs, limit) =>
      look(async (tx) => (await undecided(tx, group, closesAfterMs, limit)).map(messageOf)),
  };
}
