import { randomUUID } from "node:crypto";
import type { StoredDocument } from "../domain/document-order.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { AskDocumentInput, AskDocumentResult, DocumentOrders } from "../ports/document-store.ts";
import { personOf, sumOver } from "./accounts.ts";
import { type DocumentRow, documentBody, documentOf } from "./document-rows.ts";
import { note, takeUpdate } from "./intake.ts";
import { lockDocumentsOf } from "./locks.ts";
import { oweDocument } from "./outbox.ts";
import { all, number, one, run, type Transactions, type Tx } from "./transaction.ts";

// Files that were asked for: each ends once. One statement is its own lock: nothing is decided by what was read before.

type Id = [documentId: string];
const COLUMNS = `chat_key AS "chatKey", state, attempt, losses, ended_at_ms AS "endedAtMs", problem, file, forgotten, spec,
  (SELECT message FROM outbox WHERE outbox.owner_id = document.document_id AND outbox.kind = 'document') AS message`;
const OPEN = "state IN ('queued','running')";

const byId = one<DocumentRow, Id>(`SELECT ${COLUMNS} FROM document WHERE document_id = $1`);
async function documentBy(tx: Tx, documentId: string): Promise<StoredDocument | undefined> {
  const row = await byId(tx, documentId);
  return row && documentOf(row);
}
const openRows = all<DocumentRow, [limit: number]>(
  `SELECT ${COLUMNS} FROM document WHERE ${OPEN} ORDER BY state = 'queued', seq LIMIT $1`,
);
const openOf = number<[memberId: string]>(`SELECT count(*) AS n FROM document WHERE member_id = $1 AND ${OPEN}`);

const insert = run<[...Id, chatKey: string, memberId: string, askedAtMs: number, spec: string]>(
  "INSERT INTO document(document_id, chat_key, member_id, asked_at_ms, spec) VALUES($1, $2, $3, $4, $5)",
);
async function ask(tx: Tx, input: AskDocumentInput): Promise<AskDocumentResult> {
  const { updateId, document, maxOpen, nowMs } = input;
  const { documentId, askedBy } = document;
  const before = await takeUpdate(tx, updateId, nowMs);
  await lockDocumentsOf(tx, await personOf(tx, askedBy.id));
  // Or its inbox row has been swept: its id follows from the update.
  const known = await documentBy(tx, before?.did === "asked" ? before.documentId : documentId);
  if (known) return { status: tx.again ? "asked" : "known", document: known };
  const open = await sumOver(tx, askedBy.id, openOf);
  if (open >= maxOpen) return { status: "too_many", open };
  await note(tx, updateId, { did: "asked", documentId }, nowMs);
  await insert(tx, documentId, chatKeyOf(document.target.place), askedBy.id, nowMs, documentBody.text(document));
  await oweDocument(tx, documentId);
  return { status: "asked", document: { ...document, state: "queued", attempt: 0, losses: 0 } };
}

const next = one<{ readonly documentId: string }, [nowMs: number]>(
  `SELECT document_id AS "documentId" FROM document
   WHERE state = 'queued' OR (state = 'running' AND lease_until_ms <= $1) ORDER BY seq LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
);
const claimedRow = one<DocumentRow, [claimId: string]>(
  `SELECT ${COLUMNS} FROM document WHERE claim_id = $1 AND state = 'running'`,
);
const startRow = one<DocumentRow, [...Id, claimId: string, leaseUntilMs: number]>(
  `UPDATE document SET state = 'running', attempt = attempt + 1,
   losses = losses + CASE WHEN state = 'running' THEN 1 ELSE 0 END, claim_id = $2, lease_until_ms = $3
   WHERE document_id = $1 RETURNING ${COLUMNS}`,
);
interface Claim {
  /** Of this call: run again after a commit that was not heard of, it finds what it has claimed. */
  readonly claimId: string;
  readonly nowMs: number;
  readonly leaseMs: number;
}
async function claim(tx: Tx, { claimId, nowMs, leaseMs }: Claim): Promise<StoredDocument | undefined> {
  const earlier = tx.again ? await claimedRow(tx, claimId) : undefined;
  if (earlier) return documentOf(earlier);
  const found = await next(tx, nowMs);
  const row = found && (await startRow(tx, found.documentId, claimId, nowMs + leaseMs));
  return row && documentOf(row);
}

type Ours = [...Id, attempt: number];
const OURS = "WHERE document_id = $1 AND attempt = $2 AND state = 'running'";
const keep = run<[...Ours, leaseUntilMs: number]>(`UPDATE document SET lease_until_ms = $3 ${OURS}`);
const queueAgain = run<Ours>(`UPDATE document SET state = 'queued', lease_until_ms = NULL ${OURS}`);
const queueAllAgain = run<[]>(
  "UPDATE document SET state = 'queued', losses = losses + 1, lease_until_ms = NULL WHERE state = 'running'",
);
const finishRow = run<[...Ours, endedAtMs: number, file: string]>(
  `UPDATE document SET state = 'done', ended_at_ms = $3, file = $4 ${OURS}`,
);
const failRow = run<[...Ours, endedAtMs: number, problem: string]>(
  `UPDATE document SET state = 'failed', ended_at_ms = $3, problem = $4 ${OURS}`,
);
const cancelRow = run<[...Id, endedAtMs: number, problem: string]>(
  `UPDATE document SET state = 'cancelled', ended_at_ms = $2, problem = $3 WHERE document_id = $1 AND ${OPEN}`,
);

/** What its message shows is new where it changed; run again, it did the first time. */
async function ended(
  tx: Tx,
  documentId: string,
  changed: number,
  isSo: (document: StoredDocument) => boolean,
): Promise<boolean> {
  if (changed === 1) await oweDocument(tx, documentId);
  if (changed === 1 || !tx.again) return changed === 1;
  const document = await documentBy(tx, documentId);
  return document !== undefined && isSo(document);
}

const expiredRows = all<{ readonly documentId: string }, [endedBeforeMs: number, limit: number]>(
  `SELECT document_id AS "documentId" FROM document WHERE file IS NOT NULL AND forgotten = 0 AND ended_at_ms < $1
   ORDER BY ended_at_ms LIMIT $2`,
);
const forgetRow = run<Id>("UPDATE document SET forgotten = 1 WHERE document_id = $1 AND forgotten = 0");
const SWEPT = "(file IS NULL OR forgotten = 1) AND ended_at_ms < $1";
const sweepMessages = run<[endedBeforeMs: number]>(
  `DELETE FROM outbox WHERE kind = 'document' AND owner_id IN
   (SELECT document_id FROM document WHERE ${SWEPT})`,
);
const sweepRows = run<[endedBeforeMs: number]>(`DELETE FROM document WHERE ${SWEPT}`);

/** See `DocumentOrders`. */
export function over({ act, look }: Transactions): DocumentOrders {
  return {
    askDocument: (input) => act((tx) => ask(tx, input)),
    claimDocument(nowMs, leaseMs) {
      const wanted = { claimId: randomUUID(), nowMs, leaseMs };
      return act((tx) => claim(tx, wanted));
    },
    keepDocument: (documentId, attempt, nowMs, leaseMs) =>
      act(async (tx) => (await keep(tx, documentId, attempt, nowMs + leaseMs)) === 1),
    finishDocument: (documentId, attempt, file, nowMs) =>
      act(async (tx) => {
        const changed = await finishRow(tx, documentId, attempt, nowMs, JSON.stringify(file));
        return ended(tx, documentId, changed, (it) => it.state === "done" && it.attempt === attempt);
      }),
    failDocument: (documentId, attempt, problem, nowMs) =>
      act(async (tx) => {
        const changed = await failRow(tx, documentId, attempt, nowMs, JSON.stringify(problem));
        return ended(tx, documentId, changed, (it) => it.state === "failed" && it.attempt === attempt);
      }),
    giveBackDocument: (documentId, attempt) =>
      act(async (tx) => {
        const changed = await queueAgain(tx, documentId, attempt);
        return ended(tx, documentId, changed, (it) => it.state === "queued" && it.attempt === attempt);
      }),
    cancelDocument: (documentId, problem, nowMs) =>
      act(async (tx) => {
        const changed = await cancelRow(tx, documentId, nowMs, JSON.stringify(problem));
        return ended(tx, documentId, changed, (it) => it.state === "cancelled" && it.endedAtMs === nowMs);
      }),
    recoverDocuments: () => act(async (tx) => queueAllAgain(tx)),
    document: (documentId) => look((tx) => documentBy(tx, documentId)),
    openDocuments: (limit) => look(async (tx) => (await openRows(tx, limit)).map(documentOf)),
    expiredDocuments: (endedBeforeMs, limit) =>
      look(async (tx) => (await expiredRows(tx, endedBeforeMs, limit)).map(({ documentId }) => documentId)),
    forgetDocumentFile: (documentId) =>
      act(async (tx) => {
        if ((await forgetRow(tx, documentId)) === 1) await oweDocument(tx, documentId);
      }),
    sweepDocuments: (endedBeforeMs) =>
      act(async (tx) => {
        await sweepMessages(tx, endedBeforeMs);
        return sweepRows(tx, endedBeforeMs);
      }),
  };
}
