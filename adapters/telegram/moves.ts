import { z } from "zod";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Where groups went that became supergroups: what was stored under the old id is still to be found. */
export interface Moves {
  currentId(chatId: string): string;
  /** true: that is news. */
  note(fromChatId: string, toChatId: string): Promise<boolean>;
  /** Reads what is known; before it, nobody has moved. */
  load(): Promise<void>;
}

export function createMoves(values: ModuleServices["values"]): Moves {
  const stored = values("moved", z.string());
  const known = new Map<string, string>();
  return {
    currentId: (chatId) => known.get(chatId) ?? chatId,
    async note(fromChatId, toChatId) {
      if (known.get(fromChatId) === toChatId || fromChatId === toChatId) return false;
      await stored.set(fromChatId, toChatId);
      known.set(fromChatId, toChatId);
      return true;
    },
    async load() {
      for (const [from, to] of await stored.entries()) known.set(from, to);
    },
  };
}
