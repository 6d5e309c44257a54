import { z } from "zod";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Correcting a typo is quick; what is changed later is a remark about a picture that is there already. */
const CORRECTED_WITHIN_MS = 60_000;
const REMEMBERED_MS = 600_000;

/** Which command messages were carried out, so that a corrected one counts once. */
export interface EditDedupe {
  /** The command in this message is about to be carried out. */
  begins(chatId: string, messageId: number): Promise<void>;
  /** It was refused: what is corrected soon is a new command. */
  refused(chatId: string, messageId: number): Promise<void>;
  /** Whether an edited command is to be carried out: soon after it was sent, and when the first version was not. */
  counts(chatId: string, messageId: number, editedAfterMs: number): Promise<boolean>;
  sweep(nowMs: number): Promise<void>;
}

export function createEditDedupe(values: ModuleServices["values"], nowMs: () => number): EditDedupe {
  // Stored as "heard" since the first version.
  const seen = values("heard", z.object({ atMs: z.number(), refused: z.boolean() }));
  const keyOf = (chatId: string, messageId: number) => `${chatId}:${messageId}`;
  return {
    begins: (chatId, messageId) => seen.set(keyOf(chatId, messageId), { atMs: nowMs(), refused: false }),
    async refused(chatId, messageId) {
      const key = keyOf(chatId, messageId);
      const before = await seen.get(key);
      if (before) await seen.set(key, { ...before, refused: true });
    },
    async counts(chatId, messageId, editedAfterMs) {
      if (editedAfterMs > CORRECTED_WITHIN_MS) return false;
      const before = await seen.get(keyOf(chatId, messageId));
      return before === undefined || before.refused;
    },
    async sweep(atMs) {
      for (const [key, { atMs: seenAtMs }] of await seen.entries())
        if (seenAtMs < atMs - REMEMBERED_MS) await seen.delete(key);
    },
  };
}
