import type { TestClock } from "../clock.ts";
import { conflict } from "./refusal.ts";
import type { Json } from "./world.ts";

export interface Update extends Json {
  readonly update_id: number;
}
export interface Queued {
  readonly update: Update;
  readonly type: string;
  /** Webhooks get what belongs together in order: one chat, or one person's presses. */
  readonly lane: string;
  readonly atMs: number;
}

/** Telegram forgets what nobody fetched for a day. */
const EXPIRES_MS = 24 * 3_600_000;
/** The types the fake sends. Those `ON_DEMAND` come only to bots that name them. */
const KNOWN_TYPES = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "inline_query",
  "chosen_inline_result",
  "callback_query",
  "my_chat_member",
  "chat_member",
  "message_reaction",
  "message_reaction_count",
  "poll_answer",
];
const ON_DEMAND = ["chat_member", "message_reaction", "message_reaction_count"];
const BY_DEFAULT: readonly string[] = KNOWN_TYPES.filter((type) => !ON_DEMAND.includes(type));

const NEXT_CONFLICT_MS = 3000;
const WEBHOOK_ACTIVE =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running";

interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly answer: (updates: readonly Update[]) => void;
  readonly fail: (why: string) => void;
}
export interface PollOptions {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  /** Aborted when the poller hung up. */
  readonly gone: AbortSignal;
}

export type Updates = ReturnType<typeof createUpdates>;

/** What the bot has not confirmed yet. `judge` sees every update before it waits here. */
export function createUpdates(clock: TestClock, firstId: number, judge: (update: Update) => void) {
  const queue: Queued[] = [];
  /** Delivered once more whatever was confirmed. */
  const repeats: Update[] = [];
  const all: Update[] = [];
  let nextId = firstId;
  let allowed = BY_DEFAULT;
  let explicit: readonly string[] | undefined;
  let waiting: Poll | undefined;
  let waits = 0;
  let freeConflictAtMs = 0;
  let webhook: (() => void) | undefined;

  /** The offset to read from: one beyond what was ever sent is none that Telegram knows, and reads from the start. */
  const known = (offset: number): number => (offset > nextId ? 0 : offset);

  function forgetOld(): void {
    const sinceMs = clock.nowMs() - EXPIRES_MS;
    queue.splice(0, queue.length, ...queue.filter(({ atMs }) => atMs >= sinceMs));
  }

  function ready(offset: number, limit: number): readonly Update[] {
    forgetOld();
    const repeated = repeats.splice(0, limit);
    const fresh = queue.filter(({ update }) => update.update_id >= offset).map(({ update }) => update);
    return [...repeated, ...fresh].slice(0, limit);
  }

  function wake(): void {
    webhook?.();
    if (!waiting) return;
    const updates = ready(waiting.offset, waiting.limit);
    if (updates.length === 0) return;
    const { answer } = waiting;
    waiting = undefined;
    answer(updates);
  }

  function confirm(offset: number): void {
    const keep = offset < 0 ? queue.slice(offset) : queue.filter(({ update }) => update.update_id >= offset);
    queue.splice(0, queue.length, ...keep);
  }

  /** The first conflict is told at once, those right after it late. */
  function endWaiting(why: string): void {
    const ended = waiting;
    if (!ended) return;
    waiting = undefined;
    if (clock.nowMs() < freeConflictAtMs) {
      clock.after(NEXT_CONFLICT_MS, () => ended.fail(why));
      return;
    }
    freeConflictAtMs = clock.nowMs() + NEXT_CONFLICT_MS;
    ended.fail(why);
  }

  return {
    all,
    add(type: string, lane: string, payload: Json): void {
      const update = { update_id: nextId, [type]: payload };
      judge(update);
      if (!allowed.includes(type)) return;
      nextId += 1;
      all.push(update);
      queue.push({ update, type, lane, atMs: clock.nowMs() });
      wake();
    },
    /** Delivers this update, or the last one, a second time under its old id. */
    repeat(updateId?: number): void {
      const update = updateId === undefined ? all.at(-1) : all.find((each) => each.update_id === updateId);
      if (!update) throw new Error("no such update was ever sent");
      if (webhook) queue.push({ update, type: "repeat", lane: "repeat", atMs: clock.nowMs() });
      else repeats.push(update);
      wake();
    },
    /** A week without updates: the next ids are somewhere else. */
    renumber(id: number): void {
      nextId = id;
    },
    pending(): readonly Queued[] {
      forgetOld();
      return [...queue];
    },
    drop(gone: (queued: Queued) => boolean): void {
      queue.splice(0, queue.length, ...queue.filter((queued) => !gone(queued)));
    },
    /** `undefined` leaves it as it was; an empty list is the default again. Concerns what happens from now on. */
    allow(types: readonly string[] | undefined): void {
      if (types === undefined) return;
      const named = types.filter((type) => KNOWN_TYPES.includes(type));
      explicit = named.length > 0 ? named : undefined;
      allowed = explicit ?? BY_DEFAULT;
    },
    allowedTypes: () => explicit,
    /** While a webhook is set it is told of news, and polling is refused. */
    toWebhook(tell: (() => void) | undefined): void {
      if (tell) endWaiting("terminated by setWebhook request");
      webhook = tell;
    },
    async poll({ offset: given, limit, timeoutMs, gone }: PollOptions): Promise<readonly Update[]> {
      if (webhook) throw conflict(WEBHOOK_ACTIVE);
      const offset = known(given);
      confirm(offset);
      const updates = ready(offset, limit);
      if (updates.length > 0 || timeoutMs === 0) return updates;
      endWaiting(OTHER_POLLER);
      const { promise, resolve, reject } = Promise.withResolvers<readonly Update[]>();
      const poll: Poll = { offset, limit, answer: resolve, fail: (why) => reject(conflict(why)) };
      const end = () => {
        if (waiting === poll) waiting = undefined;
        resolve([]);
      };
      const callOff = clock.after(timeoutMs, end);
      gone.addEventListener("abort", end, { once: true });
      waiting = poll;
      waits += 1;
      return promise.finally(callOff);
    },
    isPolled: () => waiting !== undefined,
    /** Polls that had to wait, so far. */
    waits: () => waits,
    /** Ends a waiting poll without updates. */
    close(): void {
      waiting?.answer([]);
      waiting = undefined;
    },
  };
}
