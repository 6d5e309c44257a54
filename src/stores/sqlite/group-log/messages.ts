import { type Body, type GroupLog, type StoredMessage, type Typed, withdrawn } from "../../../ports/group-log.ts";
import type { Database } from "../database.ts";

const REMOVED = JSON.stringify({ removed: true } satisfies Body);

/** The stored columns: a group is called `room` in them since the first version. */
interface Row {
  readonly seq: number;
  readonly rev: number;
  readonly id: string;
  readonly room: string;
  readonly at_ms: number;
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly visible_to: string | null;
  readonly for_name: string | null;
  readonly body: string;
  readonly command: string | null;
  readonly answered: string | null;
}

const messageOf = (row: Row): StoredMessage => ({
  seq: row.seq,
  rev: row.rev,
  id: row.id,
  group: row.room,
  atMs: row.at_ms,
  ...(row.author_id === null ? {} : { authorId: row.author_id }),
  ...(row.author_name === null ? {} : { authorName: row.author_name }),
  ...(row.visible_to === null ? {} : { visibleTo: row.visible_to }),
  ...(row.for_name === null ? {} : { forName: row.for_name }),
  // The border: only this file writes these columns.
  body: JSON.parse(row.body) as Body,
  ...(row.answered === null ? {} : { answered: row.answered as NonNullable<StoredMessage["answered"]> }),
  ...(row.command === null ? {} : { command: JSON.parse(row.command) as Typed }),
});

const isUndecided = ({ body }: StoredMessage): boolean => "view" in body && body.view?.decision?.state === "open";

type Messages = Pick<
  GroupLog,
  | "rev"
  | "add"
  | "message"
  | "edit"
  | "remove"
  | "settle"
  | "unacknowledged"
  | "acknowledge"
  | "newest"
  | "changedSince"
  | "withPictures"
  | "withOpenDecisions"
  | "uploadIds"
>;

export function messagesOf(db: Database, nowMs: () => number): Messages {
  const lastRev = db.query<{ readonly rev: number }>("SELECT coalesce(max(rev), 0) AS rev FROM message");
  let rev = lastRev.get()?.rev ?? 0;
  const changing = <T>(body: () => T): T => {
    const before = rev;
    try {
      return db.tx(body);
    } catch (cause) {
      rev = before;
      throw cause;
    }
  };

  const byId = db.query<Row>("SELECT * FROM message WHERE id = ?");
  const byNonce = db.query<Row>("SELECT * FROM message WHERE nonce = ?");
  const oursById = db.query<Row>("SELECT * FROM message WHERE id = ? AND author_id IS NULL");
  const insert = db.query(
    `INSERT INTO message (rev, id, room, at_ms, author_id, author_name, visible_to, for_name, body, nonce, command, heard)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setBody = db.query("UPDATE message SET body = ?, rev = ? WHERE id = ?");
  const toEnd = db.query("UPDATE message SET seq = (SELECT max(seq) FROM message) + 1, at_ms = ? WHERE id = ?");
  const setAnswered = db.query("UPDATE message SET answered = ? WHERE id = ?");
  const setVisible = db.query("UPDATE message SET visible_to = ?, rev = ? WHERE id = ?");
  // The stored column is called `heard` since the first version.
  const setAcknowledged = db.query("UPDATE message SET heard = 1 WHERE id = ?");
  const unacknowledged = db.query<Row>("SELECT * FROM message WHERE heard = 0 ORDER BY seq");
  const before = db.query<Row>(
    `SELECT * FROM message WHERE room = ? AND seq < ? AND (visible_to IS NULL OR visible_to = ?)
     ORDER BY seq DESC LIMIT ?`,
  );
  const after = db.query<Row>(
    `SELECT * FROM message WHERE room = ? AND rev > ?
     AND (visible_to IS NULL OR visible_to = ? OR answered = 'withdrawn') ORDER BY rev LIMIT ?`,
  );
  const withPicture = db.query<Row>(
    `SELECT * FROM message WHERE room = ? AND author_id IS NULL AND visible_to IS NULL
     AND json_extract(body, '$.view.image.key') IS NOT NULL AND json_extract(body, '$.view.progress') IS NULL
     AND json_extract(body, '$.view.decision') IS NULL
     ORDER BY seq DESC LIMIT ?`,
  );
  const undecided = db.query<Row>(
    `SELECT * FROM message WHERE room = ? AND author_id IS NULL AND visible_to IS NULL
     AND json_extract(body, '$.view.decision.state') = 'open' AND json_extract(body, '$.view.decision.closesAtMs') > ?
     ORDER BY seq LIMIT ?`,
  );
  const uploads = db.query<{ readonly id: string }>(
    "SELECT json_extract(body, '$.upload.id') AS id FROM message WHERE json_extract(body, '$.upload.id') IS NOT NULL",
  );

  const message = (id: string): StoredMessage | undefined => {
    const row = byId.get(id);
    return row && messageOf(row);
  };

  return {
    get rev() {
      return rev;
    },
    add: (fresh, acknowledged) =>
      changing(() => {
        const known = byNonce.get(fresh.nonce);
        if (known) return { message: messageOf(known), fresh: false };
        insert.run(
          rev + 1,
          fresh.id,
          fresh.group,
          nowMs(),
          fresh.authorId ?? null,
          fresh.authorName ?? null,
          fresh.visibleTo ?? null,
          fresh.forName ?? null,
          JSON.stringify(fresh.body),
          fresh.nonce,
          fresh.command ? JSON.stringify(fresh.command) : null,
          acknowledged ? 1 : 0,
        );
        rev += 1;
        return { message: message(fresh.id)!, fresh: true };
      }),
    message,
    edit: (id, view) =>
      changing(() => {
        const known = oursById.get(id);
        if (!known || known.body === REMOVED) return undefined;
        const body = JSON.stringify({ view } satisfies Body);
        if (body === known.body) return { message: messageOf(known), changed: false };
        setBody.run(body, rev + 1, id);
        rev += 1;
        if (isUndecided(messageOf(known)) && view.decision?.state !== "open") toEnd.run(nowMs(), id);
        return { message: message(id)!, changed: true };
      }),
    remove: (id) =>
      changing(() => {
        if (setBody.run(REMOVED, rev + 1, id) === 0) return undefined;
        rev += 1;
        return message(id);
      }),
    settle: (id, how) =>
      changing(() => {
        const known = message(id);
        if (!known?.command || known.authorId === undefined || known.answered === "public") return undefined;
        const { answered, authorId, visibleTo } = known;
        if (how !== "public" && answered !== undefined) return undefined;
        if (how === "shown" && visibleTo === undefined) return undefined;
        const next = how === "shown" ? null : how === "private" && visibleTo === undefined ? "withdrawn" : how;
        setAnswered.run(next, id);
        // Already in front of everyone: no tab has anything to learn.
        if (how === "public" && visibleTo === undefined) return undefined;
        setVisible.run(how === "private" ? authorId : null, rev + 1, id);
        rev += 1;
        return message(id);
      }),
    unacknowledged: () => unacknowledged.all().map(messageOf),
    acknowledge(id) {
      setAcknowledged.run(id);
    },
    newest: (group, memberId, limit, beforeSeq) =>
      before
        .all(group, beforeSeq ?? Number.MAX_SAFE_INTEGER, memberId, limit)
        .map(messageOf)
        .reverse(),
    changedSince: (group, memberId, seenRev, limit) =>
      after
        .all(group, seenRev, memberId, limit)
        .map(messageOf)
        .map((found) => (found.visibleTo === undefined || found.visibleTo === memberId ? found : withdrawn(found))),
    withPictures: (group, limit) => withPicture.all(group, limit).map(messageOf),
    withOpenDecisions: (group, closesAfterMs, limit) => undecided.all(group, closesAfterMs, limit).map(messageOf),
    uploadIds: () => new Set(uploads.all().map(({ id }) => String(id))),
  };
}
