import { effect, one, run, type Tx } from "./transaction.ts";

// What pictures are called: numbers of their chat, each given once, also when its picture is forgotten.

interface Last {
  readonly last: number;
}
/**
 * For a picture of this job, in the chat where the job is now: see `LAST_NUMBER`. The row is locked from here on, and whatever else
 * ends in this chat waits. Nothing is locked after it.
 */
export const nextNumber = effect<[jobId: string]>(
  `INSERT INTO picture_count(chat_key, last) SELECT chat_key, 1 FROM job WHERE job_id = $1
   ON CONFLICT(chat_key) DO UPDATE SET last = picture_count.last + 1`,
);
/** Of the chat of a job, in a statement about that job. */
export const LAST_NUMBER = "(SELECT last FROM picture_count WHERE picture_count.chat_key = job.chat_key)";

const locked = one<Last, [chatKey: string]>(
  `INSERT INTO picture_count(chat_key, last) VALUES($1, 0)
   ON CONFLICT(chat_key) DO UPDATE SET last = picture_count.last RETURNING last`,
);
const renumber = run<[from: string, to: string, above: number]>(
  `UPDATE picture SET number = number + $3 WHERE chat_key = $2
   AND EXISTS (SELECT 1 FROM picture old WHERE old.chat_key = $1 AND old.number = picture.number)`,
);
const highest = one<Last, [from: string, to: string, atLeast: number]>(
  "SELECT coalesce(max(number), 0) AS last FROM picture WHERE chat_key IN ($1, $2) AND number > $3",
);
const goOn = run<[chatKey: string, last: number]>("UPDATE picture_count SET last = $2 WHERE chat_key = $1");
const drop = run<[chatKey: string]>("DELETE FROM picture_count WHERE chat_key = $1");

/**
 * Before the pictures of a chat move into another. What has a number already keeps it; of two pictures of one number it is the
 * new chat's, which is younger and of which few have heard, that gets one above all others.
 */
export async function joinNumbers(tx: Tx, from: string, to: string): Promise<void> {
  let above = 0;
  for (const chatKey of [from, to].toSorted()) above = Math.max(above, (await locked(tx, chatKey))?.last ?? 0);
  await renumber(tx, from, to, above);
  await goOn(tx, to, Math.max(above, (await highest(tx, from, to, above))?.last ?? 0));
  await drop(tx, from);
}
