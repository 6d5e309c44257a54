import { imageIdOf } from "../../domain/ids.ts";
import type { ForgetPlan, ForgettableFiles, HeldOf } from "../../ports/forgetting.ts";
import { accountsOf } from "../accounts.ts";
import { pictureBody } from "../rows.ts";
import { all, number, type Tx } from "../transaction.ts";
import { chatsAbout } from "./chats.ts";
import { inputsOf, type OwnJob, ownJobs, wordlessRecipe, wordsOf } from "./own-jobs.ts";

// What there is of somebody, before it goes.

const votesOf = number<[memberId: string]>("SELECT count(*) AS n FROM decision_vote WHERE member_id = $1");
const documentsOf = number<[memberId: string]>("SELECT count(*) AS n FROM document WHERE member_id = $1");
const picturesOf = all<{ readonly imageId: string; readonly body: string }, [jobId: string]>(
  `SELECT image_id AS "imageId", body FROM picture WHERE job_id = $1`,
);
const messagesOf = all<{ readonly at: string }, [jobId: string]>(
  "SELECT platform || ':' || chat_id AS at FROM outbox WHERE owner_id = $1 AND message_id IS NOT NULL",
);
const documentsIn = all<{ readonly documentId: string }, [chatKey: string]>(
  `SELECT document_id AS "documentId" FROM document WHERE chat_key = $1`,
);
const documentsBy = all<{ readonly documentId: string }, [memberId: string]>(
  `SELECT document_id AS "documentId" FROM document WHERE member_id = $1`,
);
/** Each chat has a counter from its first picture on; a meeting or a setting comes before, perhaps. */
const chats = all<{ readonly key: string }, []>(
  `SELECT chat_key AS key FROM picture_count UNION SELECT chat_key FROM job UNION SELECT chat_key FROM meeting
   UNION SELECT key FROM key_value WHERE namespace IN ('chat-settings', 'chat-approvals')
   UNION SELECT substr(key, 7) FROM key_value WHERE namespace = 'languages' AND substr(key, 1, 6) = 'heard/'`,
);

/** See `Forgetting.heldOf`. */
export async function heldOf(tx: Tx, memberId: string): Promise<HeldOf> {
  const accounts = await accountsOf(tx, memberId);
  const jobs = await ownJobs(tx, accounts);
  const sum = { pictures: 0, staying: 0, votes: 0, documents: 0, messages: 0, alone: 0 };
  const backends = new Set<string>();
  for (const job of jobs) {
    if (job.backend !== undefined) backends.add(job.backend);
    const count = (await picturesOf(tx, job.jobId)).length;
    if (job.fate === "goes") sum.pictures += count;
    else sum.staying += count;
    for (const { at } of await messagesOf(tx, job.jobId))
      if (accounts.includes(at)) sum.alone += 1;
      else if (job.fate === "goes") sum.messages += 1;
  }
  for (const account of accounts) {
    sum.votes += await votesOf(tx, account);
    sum.documents += await documentsOf(tx, account);
  }
  return { ...sum, backends: [...backends].toSorted() };
}

/** See `Forgetting.forgettableFiles`. */
export async function forgettableFiles(tx: Tx, { accounts }: ForgetPlan): Promise<ForgettableFiles | "busy"> {
  const ids = accounts.map(({ id }) => id);
  const jobs = await ownJobs(
    tx,
    ids,
    accounts.map(({ goneId }) => goneId),
  );
  if (jobs.some(({ isOpen }) => isOpen)) return "busy";
  const wordless: ForgettableFiles["wordless"][number][] = [];
  const imageIds: string[] = [];
  for (const job of jobs.filter(({ fate }) => fate !== "stays")) {
    const rows = await picturesOf(tx, job.jobId);
    imageIds.push(...withoutRow(job, rows));
    for (const { imageId, body } of rows)
      if (job.fate === "goes") imageIds.push(imageId);
      else wordless.push({ imageId, recipe: wordlessRecipe(pictureBody.parse(body).recipe) });
  }
  const documentIds = new Set<string>();
  for (const chatKey of await chatsAbout(tx, ids))
    for (const { documentId } of await documentsIn(tx, chatKey)) documentIds.add(documentId);
  for (const id of ids) for (const { documentId } of await documentsBy(tx, id)) documentIds.add(documentId);
  return {
    imageIds,
    jobIds: going(jobs).map(({ jobId }) => jobId),
    wordless,
    inputKeys: jobs.flatMap(({ body }) => inputsOf(body.order)),
    chatKeys: [...new Set([...(await chats(tx)).map(({ key }) => key), ...ids])],
    documentIds: [...documentIds],
    words: wordsIn(jobs.filter(({ fate }) => fate !== "stays")),
  };
}

/** A file is written before its row: of what failed or was cancelled it may lie there, with all that was typed for it. */
function withoutRow({ jobId, body }: OwnJob, rows: readonly { readonly imageId: string }[]): readonly string[] {
  const known = new Set(rows.map(({ imageId }) => imageId));
  return Array.from({ length: body.order.count }, (_, index) => imageIdOf(jobId, index)).filter((id) => !known.has(id));
}

const going = (jobs: readonly OwnJob[]): readonly OwnJob[] => jobs.filter(({ fate }) => fate === "goes");

const wordsIn = (jobs: readonly OwnJob[]): readonly string[] =>
  [...new Set(jobs.flatMap(({ body }) => wordsOf(body.order)))].toSorted((a, b) => b.length - a.length);
