import type { NewPicture, Picture } from "../../domain/job.ts";
import type { HistoryFilter, Store } from "../../ports/store.ts";
import { parsePictureBody } from "../shared/rows.ts";
import type { Database } from "./database.ts";

interface PictureRow {
  readonly imageId: string;
  readonly jobId: string;
  readonly index: number;
  readonly number: number;
  readonly chatKey: string;
  readonly memberId: string;
  readonly madeAtMs: number;
  readonly sha256: string;
  readonly deletedAtMs: number | null;
  readonly deletedBy: string | null;
  readonly body: string;
}

const COLUMNS = `image_id AS imageId, job_id AS jobId, place AS "index", number, chat_key AS chatKey, member_id AS memberId,
  made_at_ms AS madeAtMs, sha256, deleted_at_ms AS deletedAtMs, deleted_by AS deletedBy, body`;

const pictureOf = ({ body, deletedAtMs, deletedBy, ...row }: PictureRow): Picture => ({
  ...row,
  ...parsePictureBody(body),
  ...(deletedAtMs === null ? {} : { deleted: { atMs: deletedAtMs, byName: deletedBy ?? "" } }),
});

/** What was made. Only rows: the files are somebody else's. */
export function picturesOf(db: Database) {
  const insert = db.query(
    `INSERT INTO picture(image_id, job_id, place, chat_key, member_id, made_at_ms, sha256, body, settings_key)
     SELECT ?1, job_id, ?3, chat_key, ?4, ?5, ?6, ?7, coalesce(community_key, chat_key) FROM job WHERE job_id = ?2`,
  );
  const byImage = db.query<PictureRow>(`SELECT ${COLUMNS} FROM picture WHERE image_id = ?`);
  const byNumber = db.query<PictureRow>(`SELECT ${COLUMNS} FROM picture WHERE number = ?`);
  const byJob = db.query<PictureRow>(`SELECT ${COLUMNS} FROM picture WHERE job_id = ? ORDER BY place`);
  const ofChat = db.query<PictureRow>(
    `SELECT ${COLUMNS} FROM picture WHERE chat_key = ? AND number < ? AND deleted_at_ms IS NULL ORDER BY number DESC LIMIT ?`,
  );
  const ofMember = db.query<PictureRow>(
    `SELECT ${COLUMNS} FROM picture WHERE chat_key = ? AND member_id = ? AND number < ? AND deleted_at_ms IS NULL
     ORDER BY number DESC LIMIT ?`,
  );
  const ofAuthor = db.query<PictureRow>(
    `SELECT ${COLUMNS} FROM picture WHERE member_id = ? AND number < ? AND deleted_at_ms IS NULL ORDER BY number DESC LIMIT ?`,
  );
  const remove = db.query(
    "UPDATE picture SET deleted_at_ms = ?2, deleted_by = ?3 WHERE job_id = ?1 AND deleted_at_ms IS NULL",
  );
  const restore = db.query(
    "UPDATE picture SET deleted_at_ms = NULL, deleted_by = NULL WHERE job_id = ? AND deleted_at_ms IS NOT NULL",
  );
  const forgetDeleted = db.query<{ readonly imageId: string }>(
    `DELETE FROM picture WHERE number IN (
       SELECT number FROM picture WHERE deleted_at_ms IS NOT NULL AND deleted_at_ms < ? ORDER BY deleted_at_ms LIMIT ?)
     RETURNING image_id AS imageId`,
  );
  const forgetOld = db.query<{ readonly imageId: string }>(
    `DELETE FROM picture WHERE number IN (
       SELECT number FROM picture WHERE settings_key = ? AND made_at_ms < ? ORDER BY made_at_ms LIMIT ?)
     RETURNING image_id AS imageId`,
  );
  const countOld = db.query<{ readonly count: number }>(
    "SELECT count(*) AS count FROM picture WHERE settings_key = ? AND made_at_ms < ? AND deleted_at_ms IS NULL",
  );
  const one = (row: PictureRow | undefined) => row && pictureOf(row);

  return {
    /** In the chat of its job as it is now: that can have moved while the picture was made. */
    add({ memberName, order, recipe, ...picture }: NewPicture): void {
      const { imageId, jobId, index, memberId, madeAtMs, sha256 } = picture;
      const body = JSON.stringify({ memberName, order, recipe });
      insert.run(imageId, jobId, index, memberId, madeAtMs, sha256, body);
    },
    picture: (imageId: string) => one(byImage.get(imageId)),
    byNumber: (number: number) => one(byNumber.get(number)),
    ofJob: (jobId: string) => byJob.all(jobId).map(pictureOf),
    history({ chatKey, memberId, beforeNumber, limit }: HistoryFilter): readonly Picture[] {
      const before = beforeNumber ?? Number.MAX_SAFE_INTEGER;
      if (chatKey !== undefined && memberId !== undefined)
        return ofMember.all(chatKey, memberId, before, limit).map(pictureOf);
      if (chatKey !== undefined) return ofChat.all(chatKey, before, limit).map(pictureOf);
      if (memberId !== undefined) return ofAuthor.all(memberId, before, limit).map(pictureOf);
      throw new Error("a history of nobody");
    },
    remove: (jobId: string, byName: string, nowMs: number) => remove.run(jobId, nowMs, byName) > 0,
    restore: (jobId: string) => restore.run(jobId) > 0,
    countMadeBefore: ({ settingsKey, madeBeforeMs }: Parameters<Store["countMadeBefore"]>[0]): number =>
      countOld.get(settingsKey, madeBeforeMs)?.count ?? 0,
    forget({ deletedBeforeMs, chats }: Parameters<Store["forget"]>[0], limit: number): readonly string[] {
      const gone = forgetDeleted.all(deletedBeforeMs, limit).map((row) => row.imageId);
      for (const { settingsKey, madeBeforeMs } of chats) {
        if (gone.length >= limit) break;
        gone.push(...forgetOld.all(settingsKey, madeBeforeMs, limit - gone.length).map((row) => row.imageId));
      }
      return gone;
    },
  };
}
