import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { Log } from "../../ports/log.ts";
import type { OutboxKey, OutboxRow, Store } from "../../ports/store.ts";
import { messageKeyOf, ownerFields } from "./message-key.ts";

/** What a platform refuses or we get wrong: how often it is tried whole, then in plain words, then no more. */
export interface Refusals {
  /** Its whole card was refused too often: its plain words stand in for it. */
  isPlain(message: OutboxKey): boolean;
  /** One more. The same again would be refused for ever, so where its plain words fail too it is let go. */
  refused(row: OutboxRow, error: Error): Promise<void>;
  forget(message: OutboxKey): void;
}

/** No message of it can be shown, so nobody should pay for it. */
const UNSEEN: Problem = {
  code: "cancelled",
  text: text("problem.unseen"),
};
/** What has no message yet, and never will, is not made. */
export async function cancelUnseen(
  row: OutboxRow,
  store: Pick<Store, "cancel" | "cancelDocument">,
  nowMs: number,
): Promise<void> {
  if (row.kind === "job") await store.cancel(row.jobId, UNSEEN, nowMs);
  if (row.kind === "document") await store.cancelDocument(row.documentId, UNSEEN, nowMs);
}
const WHOLE_TRIES = 6;
const PLAIN_TRIES = 3;

export function createRefusals(deps: {
  readonly store: Pick<Store, "postpone" | "posted" | "cancel" | "cancelDocument" | "abandon">;
  readonly nowMs: () => number;
  readonly log: Log;
}): Refusals {
  const { store, nowMs, log } = deps;
  /** In this process. What waits for a platform to come back does not count. */
  const timesOf = new Map<string, number>();

  async function giveUp(row: OutboxRow): Promise<void> {
    timesOf.delete(messageKeyOf(row));
    // A message that is there is right again with its next change. One that never was has nobody who could see it.
    if (row.message) return store.posted(row, row.revision, row.message);
    await cancelUnseen(row, store, nowMs());
    await store.abandon(row);
  }

  return {
    isPlain: (message) => (timesOf.get(messageKeyOf(message)) ?? 0) >= WHOLE_TRIES,
    forget: (message) => void timesOf.delete(messageKeyOf(message)),
    async refused(row, error) {
      const times = (timesOf.get(messageKeyOf(row)) ?? 0) + 1;
      timesOf.set(messageKeyOf(row), times);
      const fields = { ...ownerFields(row), times, error };
      if (times === 1) log.error("outbox.refused", fields);
      if (times === WHOLE_TRIES) {
        log.error("outbox.told_plainly", fields);
        // Something else is tried now, and its member has waited long enough.
        await store.postpone(row, nowMs());
      }
      if (times < WHOLE_TRIES + PLAIN_TRIES) return;
      log.error("outbox.given_up", fields);
      await giveUp(row);
    },
  };
}
