import { randomBytes } from "node:crypto";
import { NAMELESS, WORDLESS } from "../../domain/forgetting.ts";
import { UNDO_MS } from "../../domain/job.ts";
import { SPEND_WINDOW_MS } from "../../domain/ledger.ts";
import { text } from "../../domain/text.ts";
import type { ForgetPlan, Forgetting } from "../../ports/forgetting.ts";
import { blockedAs } from "../blocks.ts";
import { decisionBody } from "../decision-rows.ts";
import { changedEverywhere } from "../outbox.ts";
import { jobBody, pictureBody } from "../rows.ts";
import { all, effect, one, type Transactions, type Tx } from "../transaction.ts";
import { chatsAbout } from "./chats.ts";
import { groupsChoice } from "./groups.ts";
import { type OwnJob, ownJobs, wordlessOrder, wordlessRecipe } from "./own-jobs.ts";
import { type Redactor, redactorOf } from "./redact.ts";
import { STORE_TABLES, valuesIn } from "./register.ts";
import { scrubTables } from "./scrub.ts";

// What is taken out of the store. In transactions of a size that others can wait for; the order makes each of them harmless if it
// comes twice: one's own rows are found by their account, so that is taken out last.

const setJob = effect<[jobId: string, body: string]>("UPDATE job SET body = $2, said_words = NULL WHERE job_id = $1");
const unsaid = effect<[jobId: string]>("UPDATE job SET said_words = NULL WHERE job_id = $1");
const nothingSaid = effect<[jobId: string, problem: string]>(
  "UPDATE job SET problem = $2 WHERE job_id = $1 AND problem IS NOT NULL",
);
const pictures = all<{ readonly imageId: string; readonly body: string }, [jobId: string]>(
  `SELECT image_id AS "imageId", body FROM picture WHERE job_id = $1`,
);
const setPicture = effect<[imageId: string, body: string]>("UPDATE picture SET body = $2 WHERE image_id = $1");
// Nobody can take it back: its file is gone.
const deletePictures = effect<[jobId: string, atMs: number]>(
  `UPDATE picture SET deleted_at_ms = $2, deleted_by = '${NAMELESS}' WHERE job_id = $1`,
);
/** Nobody decides about it any more: let through, it would be there again, and what waits is never swept. */
const withdrawHeld = effect<[jobId: string]>(
  "UPDATE withheld SET state = 'withdrawn' WHERE job_id = $1 AND state = 'held'",
);
/** What counts for an address still counts: or whoever forgets themselves could spend without end. See `sweepAddresses`. */
const noAddress = effect<[memberId: string, endedBeforeMs: number]>(
  `UPDATE hold SET address_key = NULL WHERE member_id = $1
   AND state <> 'held' AND (state <> 'settled' OR ended_at_ms <= $2)`,
);

// What a moderator wrote about a picture of theirs, and what they wrote as one.
const noReasonFor = effect<[jobId: string]>("UPDATE withheld SET reason = NULL WHERE job_id = $1");
const noRulingReason = effect<[memberId: string]>(
  "UPDATE withheld SET reason = NULL WHERE job_id IN (SELECT job_id FROM moderation_step WHERE by_member_id = $1)",
);
const noBlockReason = effect<[memberId: string]>("UPDATE block SET reason = NULL WHERE by_member_id = $1");

const GONE = JSON.stringify({ code: "expired", text: text("problem.forgotten") });

async function forgetJob(tx: Tx, { jobId, body, fate }: OwnJob, nowMs: number): Promise<void> {
  await noReasonFor(tx, jobId);
  if (fate === "stays") return void (await unsaid(tx, jobId));
  const { said: _said, ...job } = body;
  await setJob(tx, jobId, jobBody.text({ ...job, order: wordlessOrder(body.order) }));
  await nothingSaid(tx, jobId, GONE);
  for (const { imageId, body: json } of await pictures(tx, jobId)) {
    const { order, recipe, ...rest } = pictureBody.parse(json);
    // What a classifier said of it keeps it covered.
    const without = { ...rest, order: wordlessOrder(order), recipe: wordlessRecipe(recipe) };
    await setPicture(tx, imageId, pictureBody.text(without));
  }
  if (fate === "goes") {
    await deletePictures(tx, jobId, nowMs - UNDO_MS);
    await withdrawHeld(tx, jobId);
  }
  await changedEverywhere(tx, jobId);
}

const noReason = effect<[memberId: string]>("UPDATE decision_vote SET reason = NULL WHERE member_id = $1");
const votedIn = all<{ readonly decisionId: string }, [memberId: string]>(
  `SELECT decision_id AS "decisionId" FROM decision_vote WHERE member_id = $1`,
);
const votesAnew = effect<[decisionId: string, votesTag: string]>(
  "UPDATE decision SET votes_tag = $2 WHERE decision_id = $1",
);
const opened = all<{ readonly decisionId: string; readonly body: string }, [memberId: string]>(
  `SELECT decision_id AS "decisionId", body FROM decision WHERE replace(body, $1, '') <> body`,
);
const setDecision = effect<[decisionId: string, body: string]>("UPDATE decision SET body = $2 WHERE decision_id = $1");

/** Votes count on, nameless; what only they wanted decided loses its words. */
async function forgetVotes(tx: Tx, plan: ForgetPlan): Promise<void> {
  const own = new Set(plan.accounts.flatMap(({ id, goneId }) => [id, goneId]));
  const { joined } = await groupsChoice(tx, (memberId) => own.has(memberId));
  for (const { id } of plan.accounts) {
    await noReason(tx, id);
    for (const { decisionId } of await votedIn(tx, id)) {
      await votesAnew(tx, decisionId, "");
      await changedEverywhere(tx, decisionId);
    }
    for (const { decisionId, body } of await opened(tx, id)) {
      const decision = decisionBody.parse(body);
      if (decision.openedBy.id !== id || joined.has(decisionId)) continue;
      const { question, order } = decision;
      const without = {
        ...decision,
        ...(question === undefined ? {} : { question: WORDLESS }),
        ...(order === undefined ? {} : { order: wordlessOrder(order) }),
      };
      await setDecision(tx, decisionId, decisionBody.text(without));
      await changedEverywhere(tx, decisionId);
    }
  }
}

const blocked = effect<[memberId: string, as: string]>(
  `UPDATE block SET member_id = $2, member_name = '${NAMELESS}', reason = NULL WHERE member_id = $1`,
);
/** Or whoever is shut out would come back by being forgotten. */
async function keepBlocks(tx: Tx, memberId: string): Promise<void> {
  await blocked(tx, memberId, blockedAs(memberId, randomBytes(16).toString("base64url")));
}

const documentMessages = effect<[memberId: string]>(
  `DELETE FROM outbox WHERE kind = 'document' AND owner_id IN (SELECT document_id FROM document WHERE member_id = $1)`,
);
const documents = effect<[memberId: string]>("DELETE FROM document WHERE member_id = $1");
/** Of others, in chats in which they did anything: the files went. */
const othersDocuments = effect<[chatKey: string]>(
  "UPDATE document SET forgotten = 1 WHERE chat_key = $1 AND file IS NOT NULL",
);
/** What is being made has read names that are not there any more. */
const documentsAnew = effect<[chatKey: string]>(
  "UPDATE document SET state = 'queued', lease_until_ms = NULL WHERE chat_key = $1 AND state = 'running'",
);
// A chat with the bot alone is named after them. What stands there only they can remove.
const aloneMessages = effect<[memberId: string]>("DELETE FROM outbox WHERE platform || ':' || chat_id = $1");

const values = all<{ readonly namespace: string; readonly key: string; readonly value: string }, []>(
  "SELECT namespace, key, value FROM key_value",
);
const removeValue = effect<[namespace: string, key: string]>("DELETE FROM key_value WHERE namespace = $1 AND key = $2");
const moveValue = effect<[namespace: string, key: string, newKey: string, value: string]>(
  "UPDATE key_value SET key = $3, value = $4 WHERE namespace = $1 AND key = $2",
);
async function forgetValues(tx: Tx, redact: Redactor): Promise<void> {
  for (const { namespace, key, value } of await values(tx)) {
    if (!redact.mentions(namespace, key, value)) continue;
    const holds = valuesIn(namespace) ?? "goes";
    if (holds === "goes" || isOwnLock(namespace, key, redact)) await removeValue(tx, namespace, key);
    else if (holds === "stays") await moveValue(tx, namespace, key, redact.id(key), redact.json(value));
  }
}
/** A chat's lock has its chat in its key; their own also them. */
const isOwnLock = (namespace: string, key: string, { ids }: Redactor): boolean =>
  ids.some((id) => namespace === "seed-locks" && key.endsWith(`/${id}`));

/** At most so many jobs in one transaction: others wait for it. */
const AT_ONCE = 50;

/** See `Forgetting.forgetRows`. */
export async function forgetRows(
  { act, look }: Transactions,
  plan: ForgetPlan,
  nowMs: number,
): ReturnType<Forgetting["forgetRows"]> {
  const ids = plan.accounts.map(({ id }) => id);
  const goneIds = plan.accounts.map(({ goneId }) => goneId);
  const redact = redactorOf(plan);
  const jobs = await look((tx) => ownJobs(tx, ids, goneIds));
  const chats = await look((tx) => chatsAbout(tx, [...ids, ...goneIds]));
  for (let at = 0; at < jobs.length; at += AT_ONCE)
    await act(async (tx) => {
      for (const job of jobs.slice(at, at + AT_ONCE)) await forgetJob(tx, job, nowMs);
    });
  await act((tx) => forgetVotes(tx, plan));
  await act(async (tx) => {
    for (const id of ids) {
      await documentMessages(tx, id);
      await documents(tx, id);
      await aloneMessages(tx, id);
      await noAddress(tx, id, nowMs - SPEND_WINDOW_MS);
      await noRulingReason(tx, id);
      await noBlockReason(tx, id);
      await keepBlocks(tx, id);
    }
  });
  await act((tx) => forgetValues(tx, redact));
  const known = new Set(jobs.map(({ jobId }) => jobId));
  await scrubTables(act, STORE_TABLES, redact, async (tx, table, touched) => {
    if (table === "job") await allKnown(tx, touched, known, goneIds);
    // What is shown of it names them still.
    if (SHOWN.has(table)) for (const ownerId of touched) await changedEverywhere(tx, ownerId);
  });
  await act(async (tx) => {
    for (const chatKey of chats) {
      await othersDocuments(tx, chatKey);
      await documentsAnew(tx, chatKey);
    }
  });
}
const madeBy = one<{ readonly memberId: string }, [jobId: string]>(
  `SELECT member_id AS "memberId" FROM job WHERE job_id = $1`,
);
/** What they ordered since it was looked up would be nobody's from now on, with its words: all of it is done again. */
async function allKnown(
  tx: Tx,
  jobIds: readonly string[],
  known: ReadonlySet<string>,
  goneIds: readonly string[],
): Promise<void> {
  for (const jobId of jobIds.filter((id) => !known.has(id)))
    if (goneIds.includes((await madeBy(tx, jobId))?.memberId ?? ""))
      throw new Error("something was ordered while its member was being forgotten");
}

/** Those with messages of their own. */
const SHOWN: ReadonlySet<string> = new Set(["decision", "document", "job", "meeting"]);

const owed = all<{ readonly messageId: string }, [platform: string]>(
  `SELECT message_id AS "messageId" FROM outbox WHERE platform = $1 AND message_id IS NOT NULL`,
);
/** See `Forgetting.owedMessages`. */
export async function owedMessages(
  tx: Tx,
  platform: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const asked = new Set(messageIds);
  return new Set((await owed(tx, platform)).flatMap(({ messageId }) => (asked.has(messageId) ? [messageId] : [])));
}
