import { BATCH_MAX } from "../domain/batch.ts";
import { chatKeyOf, type MessageRef, type Place } from "../domain/place.ts";
import {
  type MeetingContent,
  type OutboxContent,
  type OutboxKey,
  type OutboxRow,
  type OwnedContent,
  ownerIdOf,
  type Store,
} from "../ports/store.ts";
import { jobBy, wantsOriginals } from "./jobs.ts";
import { messageBody } from "./rows.ts";
import { all, effect, one, run, type Tx } from "./transaction.ts";

// One row per message owed. The placeholder and the final of a job are one row with growing revisions, so a final can never
// overtake its placeholder, and what waits never hides what can be sent.

interface Row {
  readonly ownerId: string;
  readonly kind: string;
  readonly revision: number;
  readonly failures: number;
  readonly message: string | null;
  readonly byName: string | null;
  readonly placed: number;
}

/** How the content is stored: "job", "wait", "pick0" …, "file0" …, as released versions wrote it. */
const WORD = {
  job: "job",
  waited: "wait",
  picture: "pick",
  original: "file",
  decision: "decision",
  reminder: "reminder",
  meeting: "meeting",
  opening: "opening",
  item: "item",
  document: "document",
} as const;
const storedKind = (content: OutboxContent): string =>
  "index" in content ? `${WORD[content.kind]}${content.index}` : WORD[content.kind];
function keyOf(ownerId: string, stored: string): OwnedContent {
  if (stored === WORD.decision || stored === WORD.reminder) return { decisionId: ownerId, kind: stored };
  if (stored === WORD.waited) return { jobId: ownerId, kind: "waited" };
  if (stored === WORD.meeting || stored === WORD.opening) return { meetingId: ownerId, kind: stored };
  if (stored === WORD.document) return { documentId: ownerId, kind: stored };
  const [, word, index] = /^(pick|file|item)(\d+)$/.exec(stored) ?? [];
  if (word === undefined) return { jobId: ownerId, kind: "job" };
  if (word === WORD.item) return { meetingId: ownerId, kind: word, index: Number(index) };
  return { jobId: ownerId, kind: word === WORD.picture ? "picture" : "original", index: Number(index) };
}
const rowOf = ({ ownerId, message, byName, kind, placed, revision, failures }: Row): OutboxRow => ({
  ...keyOf(ownerId, kind),
  revision,
  failures,
  ...(message === null ? {} : { message: messageBody.parse(message) }),
  ...(byName === null ? {} : { byName }),
  ...(placed === 0 ? {} : { placed }),
});

/** An original follows: the message before it, which shows the picture, is out. A job's first revision is its placeholder. */
const FOLLOWS = `kind NOT LIKE 'file%' OR NOT EXISTS (
  SELECT 1 FROM outbox earlier WHERE earlier.owner_id = outbox.owner_id
  AND earlier.kind IN ('job', 'pick' || substr(outbox.kind, 5))
  AND earlier.posted_revision < CASE WHEN earlier.kind = 'job' THEN 2 ELSE 1 END)`;
const dueWhere = (more: string) =>
  all<Row, [nowMs: number, limit: number, platform: string]>(
    `SELECT owner_id AS "ownerId", kind, revision, failures, message, by_name AS "byName", placed FROM outbox
     WHERE abandoned = 0 AND revision > posted_revision AND goes_to = $3 AND not_before_ms <= $1 AND (${FOLLOWS}) ${more}
     ORDER BY seq LIMIT $2`,
  );
const dueRows = {
  all: dueWhere(""),
  unposted: dueWhere("AND message IS NULL"),
  posted: dueWhere("AND message IS NOT NULL"),
};
/** See `Store.due`. */
export const due = async (tx: Tx, ...[nowMs, limit, { platform, only }]: Parameters<Store["due"]>) =>
  (await dueRows[only ?? "all"](tx, nowMs, limit, platform)).map(rowOf);

const OWE = "INSERT INTO outbox(owner_id, kind) VALUES($1, $2) ON CONFLICT(owner_id, kind) DO NOTHING";
const oweOnce = effect<[ownerId: string, kind: string]>(OWE);
const oweAnew = run<[ownerId: string, kind: string]>(OWE);
export const owePlaceholder = (tx: Tx, jobId: string) => oweOnce(tx, jobId, "job");
/** The original of one picture gets a message, once. */
export async function oweOriginal(tx: Tx, jobId: string, index: number): Promise<void> {
  if (index < BATCH_MAX) await oweOnce(tx, jobId, storedKind({ kind: "original", index }));
}

// What is new is tried at once: a picture does not sit out the wait that its own progress was told.
/** The message of a job shows something new. */
export const changed = effect<[jobId: string]>(
  "UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE owner_id = $1 AND kind = 'job'",
);
/** Also the single pictures of a batch, and the reminder of a decision. */
export const changedEverywhere = effect<[ownerId: string]>(
  "UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE owner_id = $1",
);

/** A decision has one line, which shows something new. */
export const oweLine = effect<[decisionId: string]>(
  `INSERT INTO outbox(owner_id, kind) VALUES($1, 'decision')
   ON CONFLICT(owner_id, kind) DO UPDATE SET revision = outbox.revision + 1, not_before_ms = 0`,
);
/** What there is of it in its chat shows something new: one that was about a reroll before there were lines has none. */
export const lineChanged = effect<[decisionId: string]>(
  "UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE owner_id = $1 AND kind = 'decision'",
);
/** A document has one message, which shows something new. */
export const oweDocument = effect<[documentId: string]>(
  `INSERT INTO outbox(owner_id, kind) VALUES($1, '${WORD.document}')
   ON CONFLICT(owner_id, kind) DO UPDATE SET revision = outbox.revision + 1, not_before_ms = 0`,
);
/** Resolves with 1 where it was not owed before. */
export const oweReminder = (tx: Tx, decisionId: string) => oweAnew(tx, decisionId, WORD.reminder);

/** The message that it has shows something else from now on; what is shown as that already stays with the message before. */
const keepPlace = run<[ownerId: string, kind: string, as: string]>(
  `INSERT INTO outbox(owner_id, kind, message, platform, chat_id, message_id)
   SELECT owner_id, CAST($3 AS TEXT), message, platform, chat_id, message_id FROM outbox
   WHERE owner_id = $1 AND kind = $2 AND message IS NOT NULL AND abandoned = 0
   ON CONFLICT(owner_id, kind) DO UPDATE SET message = excluded.message, platform = excluded.platform,
   chat_id = excluded.chat_id, message_id = excluded.message_id, revision = outbox.revision + 1, not_before_ms = 0, failures = 0,
   abandoned = 0`,
);
// A job's first revision is its placeholder; of all else each revision is one of its own, so that a late word is known by it.
const leavePlace = effect<[ownerId: string, kind: string]>(
  `UPDATE outbox SET revision = CASE WHEN kind = 'job' THEN 1 ELSE revision + 1 END, posted_revision = 0, failures = 0,
   not_before_ms = 0, message = NULL, platform = NULL, chat_id = NULL, message_id = NULL, placed = placed + 1
   WHERE owner_id = $1 AND kind = $2`,
);
const wasPlaced = one<object, [ownerId: string, as: string]>(
  "SELECT 1 AS placed FROM outbox WHERE owner_id = $1 AND kind = $2",
);
/**
 * It goes on in a new message at the end of its chat, and the one far up becomes something that says so. What is still noted of an
 * edit of the old one does not bring it back: see `posted`. What has no message yet is only changed.
 */
async function moveToEnd(tx: Tx, ownerId: string, kind: string, as: string): Promise<void> {
  if ((await keepPlace(tx, ownerId, kind, as)) === 1) await leavePlace(tx, ownerId, kind);
  else await ownChanged(tx, ownerId, kind);
}
const ownChanged = effect<[ownerId: string, kind: string]>(
  "UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE owner_id = $1 AND kind = $2",
);
/** A job that waited for hours, once. */
export async function placeAnew(tx: Tx, jobId: string): Promise<void> {
  if (await wasPlaced(tx, jobId, WORD.waited)) await changed(tx, jobId);
  else await moveToEnd(tx, jobId, WORD.job, WORD.waited);
}

export const oweMeeting = (tx: Tx, meetingId: string) => oweOnce(tx, meetingId, WORD.meeting);
/** Where it stands shows something new. */
export const meetingChanged = (tx: Tx, meetingId: string) => ownChanged(tx, meetingId, WORD.meeting);
/** What came of an item shows something new, where it has a message. */
export const itemChanged = (tx: Tx, meetingId: string, index: number) =>
  ownChanged(tx, meetingId, storedKind({ kind: "item", index }));
/** A picture of its chat came, or went: what can be voted on is another. */
export const meetingPicturesChanged = effect<[jobId: string]>(
  // Of a chat at most one is open. Joined instead, it takes PostgreSQL four times as long to plan as to do.
  `UPDATE outbox SET revision = revision + 1, not_before_ms = 0 WHERE kind = 'meeting' AND owner_id = (SELECT meeting_id
   FROM meeting WHERE state = 'running' AND chat_key = (SELECT chat_key FROM job WHERE job_id = $1))`,
);
/** At another item, or at its end: the card that it leaves says what came of that. */
export const meetingPlacedAnew = (tx: Tx, meetingId: string, leaves: MeetingContent) =>
  moveToEnd(tx, meetingId, WORD.meeting, storedKind(leaves));

type Key = [ownerId: string, kind: string];
type At = [message: string, platform: string, chatId: string, messageId: string];
/** A word about a message that it had before it was placed anew. */
const LATE = "placed <> $8";
/** And that message shows something else by now. */
const LEFT = `EXISTS (SELECT 1 FROM outbox w WHERE w.owner_id = $1 AND w.kind <> $2 AND w.message_id = $7 AND w.chat_id = $6)`;
const noteposted = effect<[...Key, revision: number, ...At, placed: number]>(
  `UPDATE outbox SET posted_revision = CASE WHEN ${LATE} THEN 0 ELSE $3 END, message = $4, platform = $5, chat_id = $6, message_id = $7, failures = 0,
   not_before_ms = 0 WHERE owner_id = $1 AND kind = $2 AND posted_revision <= $3 AND NOT (${LATE} AND ${LEFT})`,
);
export async function posted(tx: Tx, key: OutboxKey, revision: number, message: MessageRef): Promise<void> {
  const { place, messageId } = message;
  const at = [place.platform, place.chatId, messageId] as const;
  await noteposted(tx, ownerIdOf(key), storedKind(key), revision, messageBody.text(message), ...at, key.placed ?? 0);
}

// Run again after a commit that was not heard of, it is the same failure and counts once.
const notBefore = effect<[...Key, untilMs: number, again: number]>(
  `UPDATE outbox SET not_before_ms = $3, failures = failures + 1
   WHERE owner_id = $1 AND kind = $2 AND abandoned = 0 AND NOT ($4 = 1 AND not_before_ms = $3)`,
);
export async function postpone(tx: Tx, key: OutboxKey, untilMs: number): Promise<void> {
  await notBefore(tx, ownerIdOf(key), storedKind(key), untilMs, tx.again ? 1 : 0);
}

// With a message goes what was to follow it.
const letGo = effect<Key>(
  `UPDATE outbox SET abandoned = 1 WHERE owner_id = $1 AND (kind = $2 OR
   (posted_revision = 0 AND kind LIKE 'file%' AND ($2 = 'job' OR substr(kind, 5) = substr($2, 5))))`,
);
export async function abandon(tx: Tx, key: OutboxKey): Promise<void> {
  await letGo(tx, ownerIdOf(key), storedKind(key));
}

const owePick = run<[jobId: string, index: number, kind: string, byName: string, byMemberId: string]>(
  `INSERT INTO outbox(owner_id, kind, by_name, by_member_id)
   SELECT job_id, $3, $4, $5 FROM picture WHERE job_id = $1 AND place = $2 AND deleted_at_ms IS NULL
   ON CONFLICT(owner_id, kind) DO NOTHING`,
);
const pickedBy = one<object, [...Key, byMemberId: string]>(
  "SELECT 1 AS picked FROM outbox WHERE owner_id = $1 AND kind = $2 AND by_member_id = $3",
);
/** See `Store.pick`. */
export async function pick(tx: Tx, ...[jobId, index, by]: Parameters<Store["pick"]>): Promise<boolean> {
  if (index >= BATCH_MAX) return false;
  const kind = storedKind({ kind: "picture", index });
  const fresh = (await owePick(tx, jobId, index, kind, by.name, by.memberId)) === 1;
  if (!fresh) return tx.again && (await pickedBy(tx, jobId, kind, by.memberId)) !== undefined;
  if (await wantsOriginals(tx, jobId)) await oweOriginal(tx, jobId, index);
  return true;
}

const owedAs = one<
  { readonly ownerId: string; readonly kind: string },
  [messageId: string, chatId: string, platform: string]
>(`SELECT owner_id AS "ownerId", kind FROM outbox WHERE message_id = $1 AND chat_id = $2 AND platform = $3`);
const shownIn = one<
  { readonly jobId: string; readonly index: number; readonly whole: number },
  [chatKey: string, messageId: string]
>(
  `SELECT p.job_id AS "jobId", p.place AS "index", s.whole AS whole FROM shown s JOIN picture p ON p.image_id = s.image_id
   WHERE s.chat_key = $1 AND s.message_id = $2`,
);
/** Whoever answers the line of a decision means what it is about. */
const subjectOf = one<{ readonly jobId: string | null }, [decisionId: string]>(
  `SELECT subject_job_id AS "jobId" FROM decision WHERE decision_id = $1`,
);
/** Whose message it is; without `index` it shows the whole job. */
async function shownBy(
  tx: Tx,
  place: Pick<Place, "platform" | "chatId">,
  messageId: string,
): Promise<{ readonly jobId: string; readonly index?: number } | undefined> {
  const owed = await owedAs(tx, messageId, place.chatId, place.platform);
  if (owed) {
    const key = keyOf(owed.ownerId, owed.kind);
    if (key.jobId !== undefined) return { jobId: key.jobId, ...("index" in key ? { index: key.index } : {}) };
    const jobId = key.decisionId === undefined ? undefined : (await subjectOf(tx, key.decisionId))?.jobId;
    return jobId == null ? undefined : { jobId };
  }
  const found = await shownIn(tx, chatKeyOf(place), messageId);
  return found && { jobId: found.jobId, ...(found.whole === 1 ? {} : { index: found.index }) };
}
export async function jobByMessage(tx: Tx, ...[place, messageId]: Parameters<Store["jobByMessage"]>) {
  const found = await shownBy(tx, place, messageId);
  const job = found && (await jobBy(tx, found.jobId));
  return job && { job, ...(found.index === undefined ? {} : { index: found.index }) };
}

const noteShown = effect<[chatKey: string, messageId: string, imageId: string, message: string, whole: number]>(
  `INSERT INTO shown(chat_key, message_id, image_id, message, whole)
   SELECT $1, $2, image_id, $4, CAST($5 AS BIGINT) FROM picture WHERE image_id = $3
   ON CONFLICT(chat_key, message_id) DO UPDATE SET image_id = excluded.image_id, whole = excluded.whole`,
);
/** See `Store.shows`. */
export async function shows(tx: Tx, message: MessageRef, imageId: string, whole: boolean): Promise<void> {
  const { place, messageId } = message;
  await noteShown(tx, chatKeyOf(place), messageId, imageId, messageBody.text(message), whole ? 1 : 0);
}
const showingRows = all<{ readonly message: string; readonly index: number }, [jobId: string]>(
  `SELECT s.message AS message, p.place AS "index" FROM shown s JOIN picture p ON p.image_id = s.image_id
   WHERE p.job_id = $1 AND s.message IS NOT NULL`,
);
export const showing = async (tx: Tx, jobId: string) =>
  (await showingRows(tx, jobId)).map(({ message, index }) => ({ message: messageBody.parse(message), index }));
