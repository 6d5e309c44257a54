import { chatKeyOf } from "../../domain/place.ts";
import type { ChatMove } from "../../ports/store.ts";
import type { Database } from "./database.ts";
import type { Ledger } from "./ledger.ts";

/** A chat under a new id. The call joins its caller's transaction; what moved already is not found again. */
export function chatMovesOf(db: Database, ledger: Pick<Ledger, "moveSpendWindow">) {
  // Ids of messages mean other messages in the new chat: Telegram counts them anew there.
  const forgetMessages = db.query(
    `UPDATE outbox SET message = NULL WHERE job_id IN (SELECT job_id FROM job WHERE chat_key = ?1)
     AND message ->> '$.place.platform' = ?2 AND message ->> '$.place.chatId' = ?3`,
  );
  // Whoever waits for a picture goes on seeing how far it is; what is ended stays in the old chat. Before its message is forgotten.
  const showAnew = db.query(
    `UPDATE outbox SET posted_revision = min(posted_revision, revision - 1), not_before_ms = 0
     WHERE kind = 'job' AND message ->> '$.place.platform' = ?2 AND message ->> '$.place.chatId' = ?3
     AND job_id IN (SELECT job_id FROM job WHERE chat_key = ?1 AND state IN ('queued', 'running'))`,
  );
  const forgetMessage = db.query(
    `UPDATE job SET message = NULL WHERE chat_key = ?1
     AND message ->> '$.place.platform' = ?2 AND message ->> '$.place.chatId' = ?3`,
  );
  const forgetShown = db.query("DELETE FROM shown WHERE chat_key = ?");
  const jobs = db.query(
    "UPDATE job SET chat_key = ?2, body = json_set(body, '$.target.place.chatId', ?3) WHERE chat_key = ?1",
  );
  const pictures = db.query("UPDATE picture SET chat_key = ?2 WHERE chat_key = ?1");
  const pictureKeys = db.query("UPDATE picture SET settings_key = ?2 WHERE settings_key = ?1");
  // Whom the new chat blocks already stays as it has them.
  const blocks = db.query("UPDATE OR IGNORE block SET scope = ?2 WHERE scope = ?1");
  const oneValue = db.query("UPDATE OR IGNORE key_value SET key = ?3 WHERE namespace = ?1 AND key = ?2");
  const allValues = db.query(
    `UPDATE OR IGNORE key_value SET key = ?3 || substr(key, length(?2) + 1)
     WHERE namespace = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2`,
  );
  const removeValue = db.query("DELETE FROM key_value WHERE namespace = ?1 AND key = ?2");
  const removeValues = db.query(
    "DELETE FROM key_value WHERE namespace = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2",
  );

  return {
    move({ platform, fromChatId, toChatId, values }: ChatMove): void {
      const from = chatKeyOf({ platform, chatId: fromChatId });
      const to = chatKeyOf({ platform, chatId: toChatId });
      if (from === to) return;
      showAnew.run(from, platform, fromChatId);
      forgetMessages.run(from, platform, fromChatId);
      forgetMessage.run(from, platform, fromChatId);
      forgetShown.run(from);
      jobs.run(from, to, toChatId);
      pictures.run(from, to);
      pictureKeys.run(from, to);
      blocks.run(from, to);
      ledger.moveSpendWindow(from, to);
      for (const each of values) {
        (each.prefix ? allValues : oneValue).run(each.namespace, each.from, each.to);
        // What the new chat has of its own is newer and stays.
        (each.prefix ? removeValues : removeValue).run(each.namespace, each.from);
      }
    },
  };
}
