import type { Body, StoredMessage, Typed } from "../../ports/group-log.ts";
import { all, one, type Tx } from "../transaction.ts";

// Messages as they are stored: a group is called `room` there since the first version, and `acknowledged` `heard`.

export interface Row {
  readonly seq: number;
  readonly rev: number;
  readonly id: string;
  readonly room: string;
  readonly atMs: number;
  readonly authorId: string | null;
  readonly authorName: string | null;
  readonly visibleTo: string | null;
  readonly forName: string | null;
  readonly body: string;
  readonly command: string | null;
  readonly answered: string | null;
  readonly heldBy: string | null;
}

export const COLUMNS = `seq, rev, id, room, at_ms AS "atMs", author_id AS "authorId", author_name AS "authorName",
  visible_to AS "visibleTo", for_name AS "forName", body, command, answered, held_by AS "heldBy"`;

export const messageOf = (row: Row): StoredMessage => ({
  seq: row.seq,
  rev: row.rev,
  id: row.id,
  group: row.room,
  atMs: row.atMs,
  ...(row.authorId === null ? {} : { authorId: row.authorId }),
  ...(row.authorName === null ? {} : { authorName: row.authorName }),
  ...(row.visibleTo === null ? {} : { visibleTo: row.visibleTo }),
  ...(row.forName === null ? {} : { forName: row.forName }),
  // The border: only this folder writes these columns.
  body: JSON.parse(row.body) as Body,
  ...(row.answered === null ? {} : { answered: row.answered as NonNullable<StoredMessage["answered"]> }),
  ...(row.command === null ? {} : { command: JSON.parse(row.command) as Typed }),
});

/** What is looked for in a body, in columns of its own: databases read JSON each in words of their own. */
export function factsOf(body: Body): [uploadId: string | null, picture: number, closesAtMs: number | null] {
  const view = "view" in body ? body.view : undefined;
  const { decision, image, progress } = view ?? {};
  return [
    "upload" in body && body.upload ? body.upload.id : null,
    image?.key !== undefined && progress === undefined && decision === undefined ? 1 : 0,
    decision?.state === "open" ? decision.closesAtMs : null,
  ];
}

export const byId = one<Row, [id: string]>(`SELECT ${COLUMNS} FROM web_message WHERE id = $1`);

const newest = one<{ readonly rev: number }, []>("SELECT coalesce(max(rev), 0) AS rev FROM web_message");
const counted = one<{ readonly rev: number }, []>("SELECT last AS rev FROM web_count WHERE name = 'rev'");
export const revIn = async (tx: Tx): Promise<number> => (await (tx.oneWriter ? newest(tx) : counted(tx)))?.rev ?? 0;

const count = one<{ readonly rev: number }, []>(
  "UPDATE web_count SET last = last + 1 WHERE name = 'rev' RETURNING last AS rev",
);
/**
 * The number of the change that this transaction makes. From here to its end no other process changes anything, so that numbers
 * come in the order of commits: who has read up to one has read all below it. What was read before has to be read again.
 */
export const nextRev = async (tx: Tx): Promise<number> =>
  tx.oneWriter ? (await revIn(tx)) + 1 : ((await count(tx))?.rev ?? 0);

/** As the message is now that nobody else can change it. */
export const again = async (tx: Tx, known: Row): Promise<Row | undefined> =>
  tx.oneWriter ? known : byId(tx, known.id);

export const between = all<Row, [afterRev: number, upToRev: number, limit: number]>(
  `SELECT ${COLUMNS} FROM web_message WHERE rev > $1 AND rev <= $2 ORDER BY rev LIMIT $3`,
);
