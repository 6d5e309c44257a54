import type { Loopback } from "../../adapters/loopback/shape.ts";

/** What a member of a chat sees last. */
export const last = (chat: Loopback, name: string, chatId?: string) => chat.visibleTo(name, chatId).at(-1)?.view;
