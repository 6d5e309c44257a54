import { BATCH_MAX } from "../../domain/batch.ts";
import { chatKeyOf, type MessageRef, type Place } from "../../domain/place.ts";
import type { OutboxContent, OutboxKey, OutboxRow } from "../../ports/store.ts";
import { parseMessage } from "../shared/rows.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly jobId: string;
  readonly kind: string;
  readonly revision: number;
  readonly failures: number;
  readonly message: string | null;
  readonly byName: string | null;
}

/** How the content is stored: "job", "pick0" …, "file0" …, as released versions wrote it. */
const WORD = { picture: "pick", original: "file" } as const;
const storedKind = (content: OutboxContent): string =>
  content.kind === "job" ? content.kind : `${WORD[content.kind]}${content.index}`;
function contentOf(stored: string): OutboxContent {
  const [, word, index] = /^(pick|file)(\d)$/.exec(stored) ?? [];
  if (word === undefined) return { kind: "job" };
  return { kind: word === WORD.picture ? "picture" : "original", index: Number(index) };
}

/** An original follows: the message before it, which shows the picture, is out. A job's first revision is its placeholder. */
const FOLLOWS = `kind NOT GLOB 'file*' OR NOT EXISTS (
  SELECT 1 FROM outbox before WHERE before.job_id = outbox.job_id
  AND before.kind IN ('job', 'pick' || substr(outbox.kind, 5)) AND before.posted_revision < 1 + (before.kind = 'job'))`;

const rowOf = ({ message, byName, kind, ...row }: Row): OutboxRow => ({
  ...row,
  ...contentOf(kind),
  ...(message === null ? {} : { message: parseMessage(message) }),
  ...(byName === null ? {} : { byName }),
});

export type Outbox = ReturnType<typeof outboxOf>;

/**
 * One row per message owed. The placeholder and the final of a job are one row with growing revisions, so a final can
 * never overtake its placeholder, and what waits never hides what can be sent.
 */
export function outboxOf(db: Database) {
  const insert = db.query("INSERT INTO outbox(job_id, kind) VALUES(?, 'job')");
  // What is new is tried at once: a picture does not sit out the wait that its own progress was told.
  const bump = db.query(
    "UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE job_id = ? AND kind = 'job'",
  );
  const bumpAll = db.query("UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE job_id = ?");
  const due = db.query<Row>(
    `SELECT job_id AS jobId, kind, revision, failures, message, by_name AS byName FROM outbox
     WHERE abandoned = 0 AND revision > posted_revision AND not_before_ms <= ? AND (${FOLLOWS}) ORDER BY seq LIMIT ?`,
  );
  const posted = db.query(
    `UPDATE outbox SET posted_revision = ?3, message = ?4, failures = 0, not_before_ms = 0
     WHERE job_id = ?1 AND kind = ?2 AND posted_revision <= ?3`,
  );
  const shown = db.query("UPDATE job SET message = ?2 WHERE job_id = ?1");
  const postpone = db.query(
    "UPDATE outbox SET not_before_ms = ?3, failures = failures + 1 WHERE job_id = ?1 AND kind = ?2 AND abandoned = 0",
  );
  // With a message goes what was to follow it.
  const abandon = db.query(
    `UPDATE outbox SET abandoned = 1 WHERE job_id = ?1 AND (kind = ?2 OR
     (posted_revision = 0 AND kind GLOB 'file*' AND (?2 = 'job' OR substr(kind, 5) = substr(?2, 5))))`,
  );
  const pick = db.query(
    `INSERT INTO outbox(job_id, kind, by_name, by_member_id)
     SELECT job_id, ?3, ?4, ?5 FROM picture WHERE job_id = ?1 AND place = ?2 AND deleted_at_ms IS NULL
     ON CONFLICT(job_id, kind) DO NOTHING`,
  );
  const file = db.query("INSERT INTO outbox(job_id, kind) VALUES(?, ?) ON CONFLICT(job_id, kind) DO NOTHING");
  const byMessage = db.query<{ readonly jobId: string; readonly kind: string }>(
    `SELECT job_id AS jobId, kind FROM outbox WHERE message IS NOT NULL
     AND message ->> '$.messageId' = ?1 AND message ->> '$.place.chatId' = ?2 AND message ->> '$.place.platform' = ?3`,
  );
  const shows = db.query(
    `INSERT INTO shown(chat_key, message_id, image_id, message, whole)
     SELECT ?1, ?2, image_id, ?4, ?5 FROM picture WHERE image_id = ?3
     ON CONFLICT(chat_key, message_id) DO UPDATE SET image_id = excluded.image_id, whole = excluded.whole`,
  );
  const shownIn = db.query<{ readonly jobId: string; readonly index: number; readonly whole: number }>(
    `SELECT p.job_id AS jobId, p.place AS "index", s.whole AS whole FROM shown s JOIN picture p ON p.image_id = s.image_id
     WHERE s.chat_key = ? AND s.message_id = ?`,
  );
  const showing = db.query<{ readonly message: string; readonly index: number }>(
    `SELECT s.message AS message, p.place AS "index" FROM shown s JOIN picture p ON p.image_id = s.image_id
     WHERE p.job_id = ? AND s.message IS NOT NULL`,
  );

  return {
    placeholder(jobId: string): void {
      insert.run(jobId);
    },
    /** The message of a job shows something new. */
    changed(jobId: string): void {
      bump.run(jobId);
    },
    /** Also the single pictures of a batch. */
    changedEverywhere(jobId: string): void {
      bumpAll.run(jobId);
    },
    due: (nowMs: number, limit: number): readonly OutboxRow[] => due.all(nowMs, limit).map(rowOf),
    posted(key: OutboxKey, revision: number, message: MessageRef): void {
      const json = JSON.stringify(message);
      if (posted.run(key.jobId, storedKind(key), revision, json) === 1 && key.kind === "job")
        shown.run(key.jobId, json);
    },
    postpone(key: OutboxKey, untilMs: number): void {
      postpone.run(key.jobId, storedKind(key), untilMs);
    },
    abandon(key: OutboxKey): void {
      abandon.run(key.jobId, storedKind(key));
    },
    /** The original of one picture gets a message, once. */
    original(jobId: string, index: number): void {
      if (index < BATCH_MAX) file.run(jobId, storedKind({ kind: "original", index }));
    },
    shows(message: MessageRef, imageId: string, whole: boolean): void {
      shows.run(chatKeyOf(message.place), message.messageId, imageId, JSON.stringify(message), whole ? 1 : 0);
    },
    showing: (jobId: string) =>
      showing.all(jobId).flatMap(({ message, index }) => {
        const ref = parseMessage(message);
        return ref ? [{ message: ref, index }] : [];
      }),
    /** Whose message it is; without `index` it shows the whole job. */
    byMessage(
      place: Pick<Place, "platform" | "chatId">,
      messageId: string,
    ): { readonly jobId: string; readonly index?: number } | undefined {
      const owed = byMessage.get(messageId, place.chatId, place.platform);
      if (!owed) {
        const found = shownIn.get(chatKeyOf(place), messageId);
        return found?.whole === 1 ? { jobId: found.jobId } : found;
      }
      const content = contentOf(owed.kind);
      return { jobId: owed.jobId, ...(content.kind === "job" ? {} : { index: content.index }) };
    },
    pick(jobId: string, index: number, by: { readonly memberId: string; readonly name: string }): boolean {
      const kind = storedKind({ kind: "picture", index });
      return index < BATCH_MAX && pick.run(jobId, index, kind, by.name, by.memberId) === 1;
    },
  };
}
