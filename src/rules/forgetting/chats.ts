import { all, type Tx } from "../transaction.ts";

// Chats in which somebody did anything: files that others had made there may name them, or show what is theirs.

const chatsOf = all<{ readonly chatKey: string }, [memberId: string]>(
  `SELECT chat_key AS "chatKey" FROM job WHERE member_id = $1 OR replace(body, $1, '') <> body
   UNION SELECT chat_key FROM decision WHERE replace(body, $1, '') <> body
   UNION SELECT d.chat_key FROM decision d JOIN decision_vote v ON v.decision_id = d.decision_id WHERE v.member_id = $1
   UNION SELECT chat_key FROM meeting WHERE replace(body, $1, '') <> body`,
);

export async function chatsAbout(tx: Tx, accounts: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const account of accounts) for (const { chatKey } of await chatsOf(tx, account)) found.add(chatKey);
  return found;
}
