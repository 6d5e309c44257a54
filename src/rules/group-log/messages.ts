import type { Body, NewMessage, StoredMessage } from "../../ports/group-log.ts";
import type { ShownView } from "../../ports/view.ts";
import { one, run, type Tx } from "../transaction.ts";
import { again, byId, COLUMNS, factsOf, messageOf, nextRev, type Row } from "./rows.ts";

const REMOVED: Body = { removed: true };
/** As it is stored. */
export const GONE = JSON.stringify(REMOVED);

type Facts = ReturnType<typeof factsOf>;
type NewRow = [
  rev: number,
  id: string,
  room: string,
  atMs: number,
  authorId: string | null,
  authorName: string | null,
  visibleTo: string | null,
  forName: string | null,
  body: string,
  nonce: string,
  command: string | null,
  heard: number,
  heldBy: string | null,
  heldUntilMs: number | null,
  ...Facts,
];
const byNonce = one<Row, [nonce: string]>(`SELECT ${COLUMNS} FROM web_message WHERE nonce = $1`);
const insert = one<Row, NewRow>(
  `INSERT INTO web_message(seq, rev, id, room, at_ms, author_id, author_name, visible_to, for_name, body, nonce, command, heard,
   held_by, held_until_ms, upload_id, picture, closes_at_ms)
   VALUES($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING ${COLUMNS}`,
);

/** Who has a command in hand. */
export interface Holder {
  readonly holder: string;
  readonly nowMs: number;
}
interface Added {
  readonly message: StoredMessage;
  readonly fresh: boolean;
}
/** As `GroupLog.add`. */
export async function add(
  tx: Tx,
  { holder, nowMs }: Holder,
  message: NewMessage,
  inHandUntilMs: number | undefined,
): Promise<Added> {
  const known = (row: Row): Added => ({
    message: messageOf(row),
    // It was us, and nobody heard that it was committed.
    fresh: tx.again && row.heldBy === holder,
  });
  const before = await byNonce(tx, message.nonce);
  if (before) return known(before);
  const rev = await nextRev(tx);
  const meanwhile = tx.oneWriter ? undefined : await byNonce(tx, message.nonce);
  if (meanwhile) return known(meanwhile);
  const row = await insert(
    tx,
    rev,
    message.id,
    message.group,
    nowMs,
    message.authorId ?? null,
    message.authorName ?? null,
    message.visibleTo ?? null,
    message.forName ?? null,
    JSON.stringify(message.body),
    message.nonce,
    message.command ? JSON.stringify(message.command) : null,
    inHandUntilMs === undefined ? 1 : 0,
    inHandUntilMs === undefined ? null : holder,
    inHandUntilMs ?? null,
    ...factsOf(message.body),
  );
  if (!row) throw new Error("a message was not stored");
  return { message: messageOf(row), fresh: true };
}

const setBody = one<Row, [body: string, rev: number, id: string, ...Facts]>(
  `UPDATE web_message SET body = $1, rev = $2, upload_id = $4, picture = $5, closes_at_ms = $6 WHERE id = $3 RETURNING ${COLUMNS}`,
);
const toEnd = one<Row, [rev: number, atMs: number, id: string]>(
  `UPDATE web_message SET seq = $1, at_ms = $2 WHERE id = $3 RETURNING ${COLUMNS}`,
);
const isOpenDecision = ({ body }: StoredMessage): boolean => "view" in body && body.view?.decision?.state === "open";

/** As `GroupLog.edit`. */
export async function edit(
  tx: Tx,
  id: string,
  view: ShownView,
  nowMs: number,
): Promise<{ readonly message: StoredMessage; readonly changed: boolean } | undefined> {
  const body: Body = { view };
  const json = JSON.stringify(body);
  const isOurs = (row: Row | undefined): row is Row => row?.authorId === null && row.body !== GONE;
  const before = await byId(tx, id);
  if (!isOurs(before)) return undefined;
  if (before.body === json) return { message: messageOf(before), changed: false };
  const rev = await nextRev(tx);
  const known = await again(tx, before);
  if (!isOurs(known)) return undefined;
  const edited = await setBody(tx, json, rev, id, ...factsOf(body));
  const ends = isOpenDecision(messageOf(known)) && view.decision?.state !== "open";
  const row = ends ? await toEnd(tx, rev, nowMs, id) : edited;
  return row && { message: messageOf(row), changed: true };
}

/** As `GroupLog.remove`. */
export async function remove(tx: Tx, id: string): Promise<StoredMessage | undefined> {
  if (!(await byId(tx, id))) return undefined;
  const row = await setBody(tx, GONE, await nextRev(tx), id, ...factsOf(REMOVED));
  return row && messageOf(row);
}

export async function message(tx: Tx, id: string): Promise<StoredMessage | undefined> {
  const row = await byId(tx, id);
  return row && messageOf(row);
}

type How = "public" | "private" | "shown";
/** What is to be written; `visibleTo` "as it is": no tab has anything to learn. */
interface Settling {
  readonly answered: string | null;
  readonly visibleTo: string | null | "as it is";
}
function settling(row: Row | undefined, how: How): Settling | undefined {
  if (!row || row.command === null || row.authorId === null || row.answered === "public") return undefined;
  const { answered, authorId, visibleTo } = row;
  if (how !== "public" && answered !== null) return undefined;
  if (how === "shown") return visibleTo === null ? undefined : { answered: null, visibleTo: null };
  if (how === "public") return { answered: how, visibleTo: visibleTo === null ? "as it is" : null };
  return { answered: visibleTo === null ? "withdrawn" : how, visibleTo: authorId };
}

const setAnswered = run<[answered: string | null, id: string]>("UPDATE web_message SET answered = $1 WHERE id = $2");
const setVisible = one<Row, [answered: string | null, visibleTo: string | null, rev: number, id: string]>(
  `UPDATE web_message SET answered = $1, visible_to = $2, rev = $3 WHERE id = $4 RETURNING ${COLUMNS}`,
);
/** As `GroupLog.settle`. */
export async function settle(tx: Tx, id: string, how: How): Promise<StoredMessage | undefined> {
  const before = await byId(tx, id);
  if (!before || !settling(before, how)) return undefined;
  const rev = await nextRev(tx);
  const next = settling(await again(tx, before), how);
  if (!next) return undefined;
  if (next.visibleTo === "as it is") {
    await setAnswered(tx, next.answered, id);
    return undefined;
  }
  const row = await setVisible(tx, next.answered, next.visibleTo, rev, id);
  return row && messageOf(row);
}
