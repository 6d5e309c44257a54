import type { TestClock } from "../clock.ts";
import { tooManyRequests } from "./refusal.ts";
import type { Chat } from "./world.ts";

/** Nobody publishes the real limits: these are what is said about them, and tests may set others. */
export interface FloodRules {
  /** Messages to one chat at once, before it is `chatPerSecond`. An album counts each of its items. */
  readonly chatBurst: number;
  readonly chatPerSecond: number;
  /** Groups, supergroups and channels: messages within any 60 s. */
  readonly groupPerMinute: number;
  /** Edits in one chat at once, before it is `editsPerSecond`. */
  readonly editBurst: number;
  readonly editsPerSecond: number;
  /** Over all chats, messages within any second. */
  readonly allPerSecond: number;
  /** What each call made while the chat should be quiet adds to the wait. */
  readonly debtMs: number;
}
export const FLOOD_RULES: FloodRules = {
  chatBurst: 10,
  chatPerSecond: 1,
  groupPerMinute: 20,
  editBurst: 10,
  editsPerSecond: 1 / 3,
  allPerSecond: 30,
  debtMs: 1000,
};

interface Bucket {
  tokens: number;
  filledAtMs: number;
}
interface ChatState {
  readonly sends: Bucket;
  readonly edits: Bucket;
  sentAtMs: number[];
  quietUntilMs: number;
}

export type Flood = ReturnType<typeof createFlood>;

export function createFlood(clock: TestClock, initial: FloodRules | "off") {
  const chats = new Map<number, ChatState>();
  let rules = initial;
  let lately: number[] = [];

  function stateOf(chat: Chat, { chatBurst, editBurst }: FloodRules): ChatState {
    const filledAtMs = clock.nowMs();
    const state = chats.get(chat.id) ?? {
      sends: { tokens: chatBurst, filledAtMs },
      edits: { tokens: editBurst, filledAtMs },
      sentAtMs: [],
      quietUntilMs: 0,
    };
    chats.set(chat.id, state);
    return state;
  }

  /** Ms until `count` more fit, 0 when they were taken. */
  function take(bucket: Bucket, count: number, burst: number, perSecond: number): number {
    const nowMs = clock.nowMs();
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * perSecond);
    bucket.filledAtMs = nowMs;
    const needed = Math.min(count, burst);
    if (bucket.tokens < needed) return ((needed - bucket.tokens) / perSecond) * 1000;
    bucket.tokens -= count;
    return 0;
  }

  function waitFor(chat: Chat, state: ChatState, count: number, kind: "send" | "edit", now: FloodRules): number {
    const nowMs = clock.nowMs();
    if (kind === "edit") return take(state.edits, count, now.editBurst, now.editsPerSecond);
    lately = lately.filter((atMs) => atMs > nowMs - 1000);
    if (lately.length + count > now.allPerSecond && lately.length > 0) return 1000;
    state.sentAtMs = state.sentAtMs.filter((atMs) => atMs > nowMs - 60_000);
    const oldest = state.sentAtMs[0];
    const grouped = chat.kind !== "private";
    if (grouped && oldest !== undefined && state.sentAtMs.length + count > now.groupPerMinute)
      return oldest + 60_000 - nowMs;
    const waitMs = take(state.sends, count, now.chatBurst, now.chatPerSecond);
    if (waitMs > 0) return waitMs;
    const stamps = Array.from({ length: count }, () => nowMs);
    state.sentAtMs.push(...stamps);
    lately.push(...stamps);
    return 0;
  }

  return {
    set(next: FloodRules | "off"): void {
      rules = next;
      chats.clear();
      lately = [];
    },
    /** Takes room for a call. @throws Refusal 429 when the chat must be quiet; not heeding it makes the wait longer */
    spend(chat: Chat, count: number, kind: "send" | "edit"): void {
      if (rules === "off") return;
      const state = stateOf(chat, rules);
      const nowMs = clock.nowMs();
      if (state.quietUntilMs > nowMs) state.quietUntilMs += rules.debtMs;
      else {
        const waitMs = waitFor(chat, state, count, kind, rules);
        if (waitMs === 0) return;
        state.quietUntilMs = nowMs + waitMs;
      }
      throw tooManyRequests(Math.max(1, Math.ceil((state.quietUntilMs - nowMs) / 1000)));
    },
  };
}
