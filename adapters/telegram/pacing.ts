import type { Rates } from "./limits.ts";

export type Kind =
  /** A new message. */
  | "send"
  /** Of a message that has to change: result, buttons. */
  | "edit"
  /** Of a message that only shows how far it is: dropped rather than waited for. */
  | "progress"
  /** Anything else: answers, look-ups. Only waits that Telegram asked for hold it up. */
  | "other";

interface Chat {
  waitUntilMs: number;
  /** Until then one call of a kind follows the other at a distance: all that waited at once would only be told again. */
  carefulUntilMs: number;
  lastProgressAtMs: number;
  /** When calls started or will start, oldest first. */
  readonly sends: number[];
  readonly edits: number[];
  readonly progress: number[];
}

interface Booking {
  readonly kind: Kind;
  readonly cost: number;
  readonly nowMs: number;
}

/** At most `limit` within a rolling window. */
interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
const FORGET_ABOVE_CHATS = 2000;

/**
 * When calls may start: what Telegram told us to wait, per chat and for the bot as a whole, and our own pace below the
 * published one. Pure but for the clock handed in; it books, others wait.
 */
export class Pace {
  readonly #rates: Rates;
  readonly #nowMs: () => number;
  readonly #chats = new Map<string, Chat>();
  readonly #calls: number[] = [];
  #waitUntilMs = 0;

  constructor(rates: Rates, nowMs: () => number) {
    this.#rates = rates;
    this.#nowMs = nowMs;
  }

  /**
   * Ms until the call may start. Booked when that is at most `patienceMs`; else nothing is booked and the caller must not
   * call. Progress has no patience.
   *
   * @param chatId absent for calls about no chat
   */
  book(chatId: string | undefined, kind: Kind, patienceMs: number, cost = 1): number {
    const nowMs = this.#nowMs();
    const chat = chatId === undefined ? undefined : this.#chat(chatId);
    const starts = [
      nowMs,
      this.#waitUntilMs,
      freeAt(this.#calls, { limit: this.#rates.callsPerSecond, windowMs: SECOND_MS }, 1, nowMs),
    ];
    if (chat && chatId !== undefined)
      starts.push(chat.waitUntilMs, ...this.#freeTimes(chat, chatId, { kind, cost, nowMs }));
    const startMs = Math.max(...starts);
    const waitMs = startMs - nowMs;
    if (waitMs > (kind === "progress" ? 0 : patienceMs)) return waitMs;
    this.#calls.push(startMs);
    if (chat) note(chat, kind, cost, startMs);
    return waitMs;
  }

  /** Telegram said how long to wait: the whole chat does. Two chats at once mean that the bot as a whole is too fast. */
  told(chatId: string | undefined, retryAfterMs: number): void {
    const untilMs = this.#nowMs() + retryAfterMs;
    const others = [...this.#chats].some(([id, chat]) => id !== chatId && chat.waitUntilMs > this.#nowMs());
    if (chatId !== undefined) {
      const chat = this.#chat(chatId);
      chat.waitUntilMs = Math.max(chat.waitUntilMs, untilMs);
      chat.carefulUntilMs = chat.waitUntilMs + MINUTE_MS;
    }
    if (chatId === undefined || others) this.#waitUntilMs = Math.max(this.#waitUntilMs, untilMs);
  }

  /** Ms that this chat still has to be quiet because Telegram said so. */
  toldToWaitMs(chatId: string | undefined): number {
    const chat = chatId === undefined ? undefined : this.#chats.get(chatId);
    return Math.max(0, this.#waitUntilMs - this.#nowMs(), (chat?.waitUntilMs ?? 0) - this.#nowMs());
  }

  #freeTimes(chat: Chat, chatId: string, { kind, cost, nowMs }: Booking): readonly number[] {
    const rates = this.#rates;
    const careful = (times: readonly number[]) =>
      chat.carefulUntilMs > nowMs ? (times.at(-1) ?? 0) + rates.carefulEveryMs : 0;
    switch (kind) {
      case "send": {
        // Groups and channels have negative ids.
        const perMinute = chatId.startsWith("-") ? rates.groupSendsPerMinute : rates.privateSendsPerMinute;
        return [freeAt(chat.sends, { limit: perMinute, windowMs: MINUTE_MS }, cost, nowMs), careful(chat.sends)];
      }
      case "edit":
        return [
          freeAt(chat.edits, { limit: rates.editsPerMinute, windowMs: MINUTE_MS }, cost, nowMs),
          careful(chat.edits),
        ];
      case "progress":
        return [
          chat.lastProgressAtMs + rates.progressEveryMs,
          freeAt(chat.progress, { limit: rates.progressEditsPerMinute, windowMs: MINUTE_MS }, cost, nowMs),
          freeAt(chat.edits, { limit: rates.editsPerMinute, windowMs: MINUTE_MS }, cost, nowMs),
          careful(chat.edits),
        ];
      case "other":
        return [];
    }
  }

  #chat(chatId: string): Chat {
    const known = this.#chats.get(chatId);
    if (known) return known;
    if (this.#chats.size >= FORGET_ABOVE_CHATS) this.#forgetQuiet();
    const chat = { waitUntilMs: 0, carefulUntilMs: 0, lastProgressAtMs: 0, sends: [], edits: [], progress: [] };
    this.#chats.set(chatId, chat);
    return chat;
  }

  #forgetQuiet(): void {
    const beforeMs = this.#nowMs() - MINUTE_MS;
    for (const [id, { waitUntilMs, sends, edits }] of this.#chats)
      if (waitUntilMs < beforeMs && (sends.at(-1) ?? 0) < beforeMs && (edits.at(-1) ?? 0) < beforeMs)
        this.#chats.delete(id);
  }
}

function note(chat: Chat, kind: Kind, cost: number, startMs: number): void {
  const times = Array.from({ length: cost }, () => startMs);
  if (kind === "send") chat.sends.push(...times);
  if (kind === "edit" || kind === "progress") chat.edits.push(...times);
  if (kind === "progress") {
    chat.progress.push(...times);
    chat.lastProgressAtMs = startMs;
  }
}

/** The first time at which `cost` more fit into a rolling window. Forgets what has left it. */
function freeAt(times: number[], { limit, windowMs }: Rate, cost: number, nowMs: number): number {
  // Later bookings may start earlier: a wait applies to some calls only.
  times.sort((a, b) => a - b);
  while (times[0] !== undefined && times[0] <= nowMs - windowMs) times.shift();
  const over = times.length + Math.min(cost, limit) - limit;
  return over <= 0 ? nowMs : (times[over - 1] ?? nowMs) + windowMs;
}
