import { chatKeyOf } from "../domain/place.ts";
import type { ChatMove } from "../ports/store.ts";
import { openInChat } from "./decisions.ts";
import { moveSpendWindow } from "./ledger.ts";
import { decisionKeys, decisionsOfChatKey, lockDecisions, lockJobsOfChat, meetingKey } from "./locks.ts";
import { meetingsToMove, moveMeetings } from "./meetings.ts";
import { joinNumbers } from "./picture-numbers.ts";
import { movePot } from "./pots.ts";
import { run, type Tx } from "./transaction.ts";

// A chat under a new id. What moved already is not found again.

type Chat = [chatKey: string, platform: string, chatId: string];
type Moved = [from: string, to: string];

// Whoever waits for a picture goes on seeing how far it is; what is ended stays in the old chat. Before its message is forgotten.
const showAnew = run<Chat>(
  `UPDATE outbox SET posted_revision = CASE WHEN posted_revision < revision THEN posted_revision ELSE revision - 1 END,
   not_before_ms = 0 WHERE kind = 'job' AND platform = $2 AND chat_id = $3
   AND owner_id IN (SELECT job_id FROM job WHERE chat_key = $1 AND ended_at_ms IS NULL)`,
);
const showOpenAnew = run<Chat>(
  `UPDATE outbox SET posted_revision = CASE WHEN posted_revision < revision THEN posted_revision ELSE revision - 1 END,
   not_before_ms = 0 WHERE kind = 'decision' AND platform = $2 AND chat_id = $3
   AND owner_id IN (SELECT decision_id FROM decision WHERE chat_key = $1 AND state = 'open')`,
);
const showMeetingAnew = run<Chat>(
  `UPDATE outbox SET posted_revision = CASE WHEN posted_revision < revision THEN posted_revision ELSE revision - 1 END,
   not_before_ms = 0 WHERE kind = 'meeting' AND platform = $2 AND chat_id = $3
   AND owner_id IN (SELECT meeting_id FROM meeting WHERE chat_key = $1 AND state <> 'ended')`,
);
const showDocumentsAnew = run<Chat>(
  `UPDATE outbox SET posted_revision = CASE WHEN posted_revision < revision THEN posted_revision ELSE revision - 1 END,
   not_before_ms = 0 WHERE kind = 'document' AND platform = $2 AND chat_id = $3
   AND owner_id IN (SELECT document_id FROM document WHERE chat_key = $1 AND state IN ('queued','running'))`,
);
// Ids of messages mean other messages in the new chat: Telegram counts them anew there.
const forgetMessages = run<Chat>(
  `UPDATE outbox SET message = NULL, platform = NULL, chat_id = NULL, message_id = NULL
   WHERE platform = $2 AND chat_id = $3 AND (owner_id IN (SELECT job_id FROM job WHERE chat_key = $1)
   OR owner_id IN (SELECT decision_id FROM decision WHERE chat_key = $1)
   OR owner_id IN (SELECT meeting_id FROM meeting WHERE chat_key = $1)
   OR owner_id IN (SELECT document_id FROM document WHERE chat_key = $1))`,
);
const forgetShown = run<[chatKey: string]>("DELETE FROM shown WHERE chat_key = $1");
const jobs = run<Moved>("UPDATE job SET chat_key = $2 WHERE chat_key = $1");
const decisions = run<Moved>("UPDATE decision SET chat_key = $2 WHERE chat_key = $1");
const decisionSettings = run<Moved>("UPDATE decision SET settings_key = $2 WHERE settings_key = $1");
const documents = run<Moved>("UPDATE document SET chat_key = $2 WHERE chat_key = $1");
const pictures = run<Moved>("UPDATE picture SET chat_key = $2 WHERE chat_key = $1");
const pictureKeys = run<Moved>("UPDATE picture SET settings_key = $2 WHERE settings_key = $1");
// Whom the new chat blocks already stays as it has them.
const blocks = run<Moved>(
  `UPDATE block SET scope = $2 WHERE scope = $1
   AND NOT EXISTS (SELECT 1 FROM block other WHERE other.scope = $2 AND other.member_id = block.member_id)`,
);
type Values = [namespace: string, from: string];
const oneValue = run<[...Values, to: string]>(
  `UPDATE key_value SET key = $3 WHERE namespace = $1 AND key = $2
   AND NOT EXISTS (SELECT 1 FROM key_value other WHERE other.namespace = $1 AND other.key = $3)`,
);
const removeValue = run<Values>("DELETE FROM key_value WHERE namespace = $1 AND key = $2");
const BEGIN = "namespace = $1 AND key >= $2 AND substr(key, 1, length(CAST($2 AS TEXT))) = $2";
const ANEW = "CAST($3 AS TEXT) || substr(key_value.key, length(CAST($2 AS TEXT)) + 1)";
const allValues = run<[...Values, to: string]>(
  `UPDATE key_value SET key = ${ANEW} WHERE ${BEGIN}
   AND NOT EXISTS (SELECT 1 FROM key_value other WHERE other.namespace = $1 AND other.key = ${ANEW})`,
);
const removeValues = run<Values>(`DELETE FROM key_value WHERE ${BEGIN}`);

/** See `Store.moveChat`. */
export async function moveChat(tx: Tx, { platform, fromChatId, toChatId, values }: ChatMove): Promise<void> {
  const from = chatKeyOf({ platform, chatId: fromChatId });
  const to = chatKeyOf({ platform, chatId: toChatId });
  if (from === to) return;
  const open = await openInChat(tx, from);
  const meetings = await meetingsToMove(tx, from, to);
  const keys = meetings.map(({ meetingId }) => meetingKey(meetingId));
  await lockDecisions(tx, [decisionsOfChatKey(from), decisionsOfChatKey(to), ...open.flatMap(decisionKeys), ...keys]);
  await lockJobsOfChat(tx, from);
  await showAnew(tx, from, platform, fromChatId);
  await showOpenAnew(tx, from, platform, fromChatId);
  await showMeetingAnew(tx, from, platform, fromChatId);
  await showDocumentsAnew(tx, from, platform, fromChatId);
  await forgetMessages(tx, from, platform, fromChatId);
  await forgetShown(tx, from);
  await jobs(tx, from, to);
  await decisions(tx, from, to);
  await decisionSettings(tx, from, to);
  await moveMeetings(tx, from, to);
  await documents(tx, from, to);
  await joinNumbers(tx, from, to);
  await pictures(tx, from, to);
  await pictureKeys(tx, from, to);
  await blocks(tx, from, to);
  await moveSpendWindow(tx, from, to);
  await movePot(tx, from, to);
  for (const { namespace, from: own, to: anew, prefix } of values) {
    await (prefix ? allValues : oneValue)(tx, namespace, own, anew);
    // What the new chat has of its own is newer and stays.
    await (prefix ? removeValues : removeValue)(tx, namespace, own);
  }
}
