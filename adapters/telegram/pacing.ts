import type { Rates } from "./limits.ts";

export type Kind =
  /** A new message. */
  | "send"
  /** Of a message that has to change: result, buttons. */
  | "edit"
  /** Of a message that only shows how far it is. */
  | "progress"
  /** Anything else: answers, look-ups. Only waits that Telegram asked for hold it up. */
  | "other";

/** When a call was under way. Telegram saw it in between. */
export interface Stamp {
  readonly startedAtMs: number;
  /** Absent while it is. */
  endedAtMs?: number;
}

/** A call about one chat, or about none. */
interface About {
  readonly chatId?: string | undefined;
  readonly kind: Kind;
  readonly cost: number;
}

interface Chat {
  waitUntilMs: number;
  /** Until then one call of a kind follows the other at a distance: all that waited at once would only be told again. */
  carefulUntilMs: number;
  /** When new messages would be one a second again, had they come so. */
  sendsPaidAtMs: number;
  /** Oldest first. */
  sends: readonly Stamp[];
  edits: readonly Stamp[];
  progress: readonly Stamp[];
}

const MINUTE_MS = 60_000;
const FORGET_ABOVE_CHATS = 2000;
/** A call that hangs must not stop all others: Telegram saw it by then. */
const UNDER_WAY_MS = 2000;

/** The latest moment at which Telegram can have seen a call. */
export const stampedAtMs = ({ startedAtMs, endedAtMs }: Stamp, nowMs: number): number =>
  Math.min(endedAtMs ?? nowMs, startedAtMs + UNDER_WAY_MS);

/**
 * When each chat may be called: what Telegram told us to wait, per chat and for the bot as a whole, and our own pace below
 * the published one. Pure.
 */
export class ChatPaces {
  readonly #rates: Rates;
  readonly #chats = new Map<string, Chat>();
  #waitUntilMs = 0;

  constructor(rates: Rates) {
    this.#rates = rates;
  }

  /** The first moment from now on at which such a call may start. */
  freeAtMs(call: About, nowMs: number): number {
    const chat = call.chatId === undefined ? undefined : this.#chats.get(call.chatId);
    const times = chat ? [chat.waitUntilMs, ...this.#freeTimes(call, chat, nowMs)] : [];
    return Math.max(nowMs, this.#waitUntilMs, ...times);
  }

  started({ chatId, kind, cost }: About, stamps: readonly Stamp[], nowMs: number): void {
    if (chatId === undefined || kind === "other") return;
    const chat = this.#chat(chatId, nowMs);
    const young = (all: readonly Stamp[]) => [
      ...all.filter((stamp) => stampedAtMs(stamp, nowMs) > nowMs - MINUTE_MS),
      ...stamps,
    ];
    if (kind === "send") {
      chat.sends = young(chat.sends);
      chat.sendsPaidAtMs = Math.max(chat.sendsPaidAtMs, nowMs) + cost * this.#rates.chatSendEveryMs;
    }
    if (kind === "edit" || kind === "progress") chat.edits = young(chat.edits);
    if (kind === "progress") chat.progress = young(chat.progress);
  }

  /** Telegram said how long to wait: the whole chat does. Two chats at once mean that the bot as a whole is too fast. */
  told(chatId: string | undefined, retryAfterMs: number, nowMs: number): void {
    const untilMs = nowMs + retryAfterMs;
    const others = [...this.#chats].some(([id, chat]) => id !== chatId && chat.waitUntilMs > nowMs);
    if (chatId !== undefined) {
      const chat = this.#chat(chatId, nowMs);
      chat.waitUntilMs = Math.max(chat.waitUntilMs, untilMs);
      chat.carefulUntilMs = chat.waitUntilMs + MINUTE_MS;
    }
    if (chatId === undefined || others) this.#waitUntilMs = Math.max(this.#waitUntilMs, untilMs);
  }

  #freeTimes({ chatId = "", kind, cost }: About, chat: Chat, nowMs: number): readonly number[] {
    const rates = this.#rates;
    const perMinute = (stamps: readonly Stamp[], limit: number) => freeAtMs(stamps, limit, cost, nowMs);
    const careful = (stamps: readonly Stamp[]) =>
      chat.carefulUntilMs > nowMs ? lastAtMs(stamps, nowMs) + rates.carefulEveryMs : 0;
    switch (kind) {
      case "send":
        return [
          // Groups and channels have negative ids.
          perMinute(chat.sends, chatId.startsWith("-") ? rates.groupSendsPerMinute : rates.privateSendsPerMinute),
          chat.sendsPaidAtMs - (rates.chatSendsAtOnce - Math.min(cost, rates.chatSendsAtOnce)) * rates.chatSendEveryMs,
          careful(chat.sends),
        ];
      case "edit":
        return [perMinute(chat.edits, rates.editsPerMinute), careful(chat.edits)];
      case "progress":
        return [
          lastAtMs(chat.progress, nowMs) + rates.progressEveryMs,
          perMinute(chat.progress, rates.progressEditsPerMinute),
          perMinute(chat.edits, rates.editsPerMinute),
          careful(chat.edits),
        ];
      case "other":
        return [];
    }
  }

  #chat(chatId: string, nowMs: number): Chat {
    const known = this.#chats.get(chatId);
    if (known) return known;
    if (this.#chats.size >= FORGET_ABOVE_CHATS) this.#forgetQuiet(nowMs);
    const chat = { waitUntilMs: 0, carefulUntilMs: 0, sendsPaidAtMs: 0, sends: [], edits: [], progress: [] };
    this.#chats.set(chatId, chat);
    return chat;
  }

  #forgetQuiet(nowMs: number): void {
    const beforeMs = nowMs - MINUTE_MS;
    for (const [id, { waitUntilMs, sends, edits }] of this.#chats)
      if (waitUntilMs < beforeMs && lastAtMs(sends, nowMs) < beforeMs && lastAtMs(edits, nowMs) < beforeMs)
        this.#chats.delete(id);
  }
}

const lastAtMs = (stamps: readonly Stamp[], nowMs: number): number => {
  const last = stamps.at(-1);
  return last ? stampedAtMs(last, nowMs) : Number.NEGATIVE_INFINITY;
};

/** The first time at which `cost` more fit into a rolling minute. */
function freeAtMs(stamps: readonly Stamp[], limit: number, cost: number, nowMs: number): number {
  const over = stamps.length + Math.min(cost, limit) - limit;
  if (over <= 0) return nowMs;
  const seenAtMs = stamps.map((stamp) => stampedAtMs(stamp, nowMs)).sort((a, b) => a - b);
  return (seenAtMs[over - 1] ?? nowMs) + MINUTE_MS;
}
