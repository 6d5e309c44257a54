import type { NewPicture, Picture } from "../domain/job.ts";
import type { Withheld } from "../domain/withheld.ts";
import type { HistoryFilter, Store } from "../ports/store.ts";
import { overAccounts } from "./accounts.ts";
import { lockJob } from "./locks.ts";
import { changedEverywhere, meetingPicturesChanged } from "./outbox.ts";
import { LAST_NUMBER, nextNumber } from "./picture-numbers.ts";
import { parseHoldReason, pictureBody } from "./rows.ts";
import { all, effect, number, one, run, type Tx } from "./transaction.ts";

// What was made. Only rows: the files are somebody else's.

export interface PictureRow {
  readonly seq: number;
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
  /** Of one that a moderator decides about: see `Withheld`. */
  readonly heldState: Withheld["state"] | "approved" | null;
  readonly heldWhy: string | null;
  readonly heldReason: string | null;
  readonly heldReturnedGpuMs: number | null;
  readonly body: string;
}

// Only of the few that are out of sight.
const OF_HELD = (column: string) =>
  `CASE WHEN deleted_at_ms IS NULL THEN NULL ELSE (SELECT h.${column} FROM withheld h WHERE h.job_id = picture.job_id) END`;
export const SELECT = `SELECT seq, image_id AS "imageId", job_id AS "jobId", place AS "index", number, chat_key AS "chatKey",
  member_id AS "memberId", made_at_ms AS "madeAtMs", sha256, deleted_at_ms AS "deletedAtMs", deleted_by AS "deletedBy", body,
  ${OF_HELD("state")} AS "heldState", ${OF_HELD("why")} AS "heldWhy", ${OF_HELD("reason")} AS "heldReason",
  ${OF_HELD("returned_gpu_ms")} AS "heldReturnedGpuMs" FROM picture`;
const NEWEST_FIRST = "AND deleted_at_ms IS NULL ORDER BY number DESC";
const NEWEST_OF_ALL_FIRST = "AND deleted_at_ms IS NULL ORDER BY seq DESC";

export function pictureOf(row: PictureRow): Picture {
  const { seq: _seq, body, deletedAtMs, deletedBy, heldState, heldWhy, heldReason, heldReturnedGpuMs, ...rest } = row;
  const whole = { ...rest, ...pictureBody.parse(body) };
  if (deletedAtMs === null) return whole;
  const deleted = { atMs: deletedAtMs, byName: deletedBy ?? "" };
  // What a moderator let through was deleted later, as any other.
  if (heldState === null || heldState === "approved" || heldWhy === null) return { ...whole, deleted };
  const withheld = {
    state: heldState,
    why: parseHoldReason(heldWhy),
    ...(heldReason === null ? {} : { reason: heldReason }),
    ...(heldReturnedGpuMs === null ? {} : { returnedGpuMs: heldReturnedGpuMs }),
  };
  return { ...whole, deleted: { ...deleted, withheld } };
}

type Inserted = [
  imageId: string,
  jobId: string,
  index: number,
  memberId: string,
  madeAtMs: number,
  sha256: string,
  body: string,
];
const insert = effect<Inserted>(
  `INSERT INTO picture(image_id, job_id, place, chat_key, member_id, made_at_ms, sha256, body, settings_key, number)
   SELECT $1, job_id, CAST($3 AS BIGINT), chat_key, $4, CAST($5 AS BIGINT), $6, $7, coalesce(community_key, chat_key),
   ${LAST_NUMBER} FROM job WHERE job_id = $2`,
);
const insertLook = effect<[imageId: string, bits: string]>("INSERT INTO fingerprint(image_id, bits) VALUES ($1, $2)");
/** In the chat of its job as it is now: that can have moved while the picture was made. */
export async function addPicture(
  tx: Tx,
  { memberName, order, recipe, verdict, ...picture }: NewPicture,
): Promise<void> {
  const { imageId, jobId, index, memberId, madeAtMs, sha256, fingerprint } = picture;
  const body = pictureBody.text({ memberName, order, recipe, ...(verdict ? { verdict } : {}) });
  await nextNumber(tx, jobId);
  await insert(tx, imageId, jobId, index, memberId, madeAtMs, sha256, body);
  if (fingerprint !== undefined) await insertLook(tx, imageId, fingerprint);
}

const byImage = one<PictureRow, [imageId: string]>(`${SELECT} WHERE image_id = $1`);
const byNumber = one<PictureRow, [chatKey: string, number: number]>(`${SELECT} WHERE chat_key = $1 AND number = $2`);
const bySum = one<PictureRow, [chatKey: string, sha256: string]>(
  `${SELECT} WHERE chat_key = $1 AND sha256 = $2 ${NEWEST_FIRST} LIMIT 1`,
);
const byJob = all<PictureRow, [jobId: string]>(`${SELECT} WHERE job_id = $1 ORDER BY place`);

export async function picture(tx: Tx, imageId: string): Promise<Picture | undefined> {
  const row = await byImage(tx, imageId);
  return row && pictureOf(row);
}
export async function pictureByNumber(tx: Tx, chatKey: string, number: number): Promise<Picture | undefined> {
  const row = await byNumber(tx, chatKey, number);
  return row && pictureOf(row);
}
export async function pictureBySum(tx: Tx, chatKey: string, sha256: string): Promise<Picture | undefined> {
  const row = await bySum(tx, chatKey, sha256);
  return row && pictureOf(row);
}
export const picturesOf = async (tx: Tx, jobId: string) => (await byJob(tx, jobId)).map(pictureOf);

type Page = [before: number, limit: number];
const ofChat = all<PictureRow, [...Page, chatKey: string]>(
  `${SELECT} WHERE chat_key = $3 AND number < $1 ${NEWEST_FIRST} LIMIT $2`,
);
const ofMember = all<PictureRow, [...Page, chatKey: string, memberId: string]>(
  `${SELECT} WHERE chat_key = $3 AND member_id = $4 AND number < $1 ${NEWEST_FIRST} LIMIT $2`,
);
const ofAuthor = all<PictureRow, [memberId: string, limit: number]>(
  `${SELECT} WHERE member_id = $1 ${NEWEST_OF_ALL_FIRST} LIMIT $2`,
);
export async function history(tx: Tx, filter: HistoryFilter): Promise<readonly Picture[]> {
  const { chatKey, memberId, limit } = filter;
  if (chatKey === undefined)
    return newestOf(
      await overAccounts(tx, memberId, (each, account) => ofAuthor(each, account, limit)),
      (row) => row.seq,
      limit,
    );
  const page = [filter.beforeNumber ?? Number.MAX_SAFE_INTEGER, limit] as const;
  if (memberId === undefined) return (await ofChat(tx, ...page, chatKey)).map(pictureOf);
  return newestOf(
    await overAccounts(tx, memberId, (each, account) => ofMember(each, ...page, chatKey, account)),
    (row) => row.number,
    limit,
  );
}
/** Each account's own come in order; of several they are sorted into one. */
const newestOf = (
  rows: readonly PictureRow[],
  orderOf: (row: PictureRow) => number,
  limit: number,
): readonly Picture[] =>
  rows
    .toSorted((a, b) => orderOf(b) - orderOf(a))
    .slice(0, limit)
    .map(pictureOf);

const markRows = run<[jobId: string, nowMs: number, byName: string]>(
  "UPDATE picture SET deleted_at_ms = $2, deleted_by = $3 WHERE job_id = $1 AND deleted_at_ms IS NULL",
);
const restoreRows = run<[jobId: string]>(
  `UPDATE picture SET deleted_at_ms = NULL, deleted_by = NULL WHERE job_id = $1 AND deleted_at_ms IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM withheld h WHERE h.job_id = picture.job_id AND h.state <> 'approved')`,
);
const markedBy = one<object, [jobId: string, nowMs: number, byName: string]>(
  "SELECT 1 AS marked FROM picture WHERE job_id = $1 AND deleted_at_ms = $2 AND deleted_by = $3 LIMIT 1",
);
/** See `Store.markDeleted`. */
export async function markDeleted(tx: Tx, jobId: string, byName: string, nowMs: number): Promise<boolean> {
  await lockJob(tx, jobId);
  if (tx.again && (await markedBy(tx, jobId, nowMs, byName))) return true;
  if ((await markRows(tx, jobId, nowMs, byName)) === 0) return false;
  await changedEverywhere(tx, jobId);
  await meetingPicturesChanged(tx, jobId);
  return true;
}
export async function restore(tx: Tx, jobId: string): Promise<boolean> {
  await lockJob(tx, jobId);
  if ((await restoreRows(tx, jobId)) === 0)
    return tx.again && (await picturesOf(tx, jobId)).some(({ deleted }) => !deleted);
  await changedEverywhere(tx, jobId);
  await meetingPicturesChanged(tx, jobId);
  return true;
}

const countOld = number<[settingsKey: string, madeBeforeMs: number]>(
  "SELECT count(*) AS n FROM picture WHERE settings_key = $1 AND made_at_ms < $2 AND deleted_at_ms IS NULL",
);
export const countMadeBefore = (tx: Tx, { settingsKey, madeBeforeMs }: Parameters<Store["countMadeBefore"]>[0]) =>
  countOld(tx, settingsKey, madeBeforeMs);

interface Row {
  readonly seq: number;
  readonly imageId: string;
}
type Forget = Parameters<Store["forget"]>[0];
/** With the rule by which it may go: absent for what was deleted long ago. */
interface Forgettable extends Row {
  readonly chat?: Forget["chats"][number];
}
// What was refused stays until its message says so, which is said with its number and without its words; for a day at the longest.
const deletedBefore = all<Row, [beforeMs: number, limit: number]>(
  `SELECT seq, image_id AS "imageId" FROM picture WHERE deleted_at_ms IS NOT NULL AND deleted_at_ms < $1
   AND NOT EXISTS (SELECT 1 FROM withheld h WHERE h.job_id = picture.job_id AND (h.state = 'held'
   OR (h.state <> 'approved' AND picture.deleted_at_ms + 86400000 > $1 AND EXISTS (SELECT 1 FROM outbox o
   WHERE o.owner_id = h.job_id AND o.abandoned = 0 AND o.revision > o.posted_revision)))) ORDER BY deleted_at_ms LIMIT $2`,
);
const madeBefore = all<Row, [settingsKey: string, madeBeforeMs: number, limit: number]>(
  `SELECT seq, image_id AS "imageId" FROM picture WHERE settings_key = $1 AND made_at_ms < $2 ORDER BY made_at_ms LIMIT $3`,
);
/** What `forget` is about: looked up before it, so that it is known after a commit that was not heard of, too, whose files may go. */
export async function forgettable(tx: Tx, input: Forget, limit: number): Promise<readonly Forgettable[]> {
  const found = new Map<number, Forgettable>();
  for (const row of await deletedBefore(tx, input.deletedBeforeMs, limit)) found.set(row.seq, row);
  for (const chat of input.chats) {
    if (found.size >= limit) break;
    const old = await madeBefore(tx, chat.settingsKey, chat.madeBeforeMs, limit);
    for (const row of old.filter(({ seq }) => !found.has(seq)).slice(0, limit - found.size))
      found.set(row.seq, { ...row, chat });
  }
  return [...found.values()];
}
const forgetDeleted = run<[seq: number, beforeMs: number]>("DELETE FROM picture WHERE seq = $1 AND deleted_at_ms < $2");
const forgetOld = run<[seq: number, settingsKey: string, madeBeforeMs: number]>(
  "DELETE FROM picture WHERE seq = $1 AND settings_key = $2 AND made_at_ms < $3",
);
const isThere = one<object, [seq: number]>("SELECT 1 AS there FROM picture WHERE seq = $1");
/** See `Store.forget`. What was restored since it was looked up stays. */
export async function forget(
  tx: Tx,
  found: readonly Forgettable[],
  deletedBeforeMs: number,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { seq, imageId, chat } of found) {
    const removed = chat
      ? await forgetOld(tx, seq, chat.settingsKey, chat.madeBeforeMs)
      : await forgetDeleted(tx, seq, deletedBeforeMs);
    if (removed === 1 || (await isThere(tx, seq)) === undefined) gone.push(imageId);
  }
  return gone;
}

const pictureWith = one<object, [settingsKey: string, words: string]>(
  `SELECT 1 AS used FROM picture JOIN job ON job.job_id = picture.job_id
   WHERE picture.settings_key = $1 AND job.body LIKE '%' || CAST($2 AS TEXT) || '%' LIMIT 1`,
);
const orderWith = one<object, [words: string]>(
  "SELECT 1 AS used FROM job WHERE ended_at_ms IS NULL AND body LIKE '%' || CAST($1 AS TEXT) || '%' LIMIT 1",
);
/** See `Store.usesLogo`. */
export const usesLogo = async (tx: Tx, settingsKey: string, logoKey: string): Promise<boolean> =>
  (await pictureWith(tx, settingsKey, logoKey)) !== undefined || (await orderWith(tx, logoKey)) !== undefined;
