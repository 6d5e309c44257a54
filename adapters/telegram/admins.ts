import type { Log } from "../../src/ports/log.ts";
import type { Calls } from "./calls.ts";
import { administratorsSchema } from "./shapes.ts";

const CACHED_MS = 180_000;
/** Rights are worth waiting for: an admin must not be refused because the chat is told to be quiet. */
const PATIENCE_MS = 30_000;

/** Who runs a group, asked of Telegram and remembered for three minutes. */
export interface Admins {
  /** Waits up to 30 s; false also when Telegram does not tell: nobody gets a right by a fault. */
  includes(chatId: string, userId: number): Promise<boolean>;
  forget(chatId: string): void;
}

export function createAdmins(calls: Calls, log: Log, nowMs: () => number): Admins {
  const known = new Map<string, { readonly untilMs: number; readonly ids: Promise<ReadonlySet<number>> }>();

  async function ask(chatId: string): Promise<ReadonlySet<number>> {
    const answer = await calls.other(chatId, "look", (api, chat) => api.getChatAdministrators(chat), {
      patienceMs: PATIENCE_MS,
    });
    return new Set(administratorsSchema.parse(answer).map(({ user }) => user.id));
  }

  return {
    async includes(chatId, userId) {
      const found = known.get(chatId);
      const ids = found && found.untilMs > nowMs() ? found.ids : ask(chatId);
      if (ids !== found?.ids) known.set(chatId, { untilMs: nowMs() + CACHED_MS, ids });
      try {
        return (await ids).has(userId);
      } catch (error) {
        if (known.get(chatId)?.ids === ids) known.delete(chatId);
        log.warn("telegram.admins_unknown", { chat: chatId, error: error as Error });
        return false;
      }
    },
    forget: (chatId) => void known.delete(chatId),
  };
}
