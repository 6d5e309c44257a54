import { type Api, GrammyError } from "grammy";
import { aborted, pauseMs } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { faultOf, Migrated, NeverSent, NotModified } from "./errors.ts";
import type { Kind, Pace } from "./pacing.ts";

/** What is waited for inside a call; longer waits go back to the outbox. */
export const PATIENCE_MS = 3000;
const AGAIN_AFTER_MS = 300;
/** A send that hangs must not silence its chat. */
const BEFORE_IT_MS = 10_000;

type Call<T> = (api: Api, chatId: number) => Promise<T>;

/**
 * Calls at the pace of their chat. Sends are tried again only when they certainly were not done; edits and answers, which
 * repeating cannot spoil, once more after a lost answer.
 */
export interface Calls {
  /** @throws ChatError, or `Refused` for a refusal that only the caller can judge */
  send<T>(
    chatId: string,
    call: Call<T>,
    options?: { readonly cost?: number; readonly patienceMs?: number },
  ): Promise<T>;
  /** `undefined`: it looked like that already. @throws as `send` */
  edit<T>(chatId: string, kind: "edit" | "progress", call: Call<T>): Promise<T | undefined>;
  /** @throws as `send` */
  other<T>(chatId: string | undefined, call: Call<T>, options?: { readonly patienceMs?: number }): Promise<T>;
  /** The id under which a chat goes on, should it have moved. */
  currentId(chatId: string): string;
}

export function createCalls(deps: {
  readonly api: Api;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** Where a chat went. Kept by somebody else. */
  readonly currentId: (chatId: string) => string;
  /** A call was refused because the chat moved; resolves when that is noted. */
  readonly moved: (fromChatId: string, toChatId: string) => Promise<void>;
}): Calls {
  const { api, pace, clock, log, stopping } = deps;
  const lastSendTo = new Map<string, Promise<unknown>>();

  /** One new message per chat at a time: they come in order, and a process that dies leaves at most one in doubt. */
  async function queued<T>(chatId: string, send: () => Promise<T>): Promise<T> {
    const before = lastSendTo.get(chatId) ?? Promise.resolve();
    const late = new AbortController();
    const sent = Promise.race([before, pauseMs(clock, BEFORE_IT_MS, late.signal).catch(() => undefined)])
      .finally(() => late.abort())
      .then(send);
    const ended = sent.catch(() => undefined);
    lastSendTo.set(chatId, ended);
    void ended.then(() => {
      if (lastSendTo.get(chatId) === ended) lastSendTo.delete(chatId);
    });
    return sent;
  }

  async function run<T>(
    chatId: string | undefined,
    kind: Kind,
    call: Call<T>,
    how: { readonly patienceMs: number; readonly cost: number; readonly repeatable: boolean },
  ): Promise<T | undefined> {
    const untilMs = clock.steadyMs() + how.patienceMs;
    let lostAnswers = 0;
    for (;;) {
      const id = chatId === undefined ? undefined : deps.currentId(chatId);
      await slot(id, kind, Math.max(0, untilMs - clock.steadyMs()), how.cost);
      try {
        // Calls about no chat get a number that none of them reads.
        return await call(api, Number(id ?? 0));
      } catch (error) {
        const fault = faultOf(error);
        if (fault instanceof NotModified) return undefined;
        if (fault instanceof Migrated && id !== undefined) {
          await deps.moved(id, fault.toChatId);
          if (deps.currentId(id) === id) throw fault;
          continue;
        }
        const method = error instanceof GrammyError ? error.method : "unknown";
        if (fault instanceof ChatError && fault.code === "rate_limited") {
          log.debug("telegram.told_to_wait", { method, waitMs: fault.retryAfterMs ?? 0 });
          // Progress is not worth waiting for, and what is waited for elsewhere must not be asked for meanwhile.
          pace.told(id, fault.retryAfterMs ?? 0);
          continue;
        }
        const again = fault instanceof NeverSent ? true : how.repeatable && isLost(fault) && lostAnswers === 0;
        if (!again || clock.steadyMs() + AGAIN_AFTER_MS > untilMs || stopping.aborted) throw fault;
        lostAnswers += 1;
        await aborted(clock.deadline(AGAIN_AFTER_MS));
      }
    }
  }

  /** Waits for the call's turn. @throws ChatError "rate_limited" when that takes longer than the caller can wait */
  async function slot(id: string | undefined, kind: Kind, patienceMs: number, cost: number): Promise<void> {
    const waitMs = pace.book(id, kind, patienceMs, cost);
    if (waitMs > (kind === "progress" ? 0 : patienceMs))
      throw new ChatError("telegram", "rate_limited", `this chat has to wait ${Math.ceil(waitMs / 1000)} s`, {
        retryAfterMs: waitMs,
      });
    if (waitMs > 0) await pauseMs(clock, waitMs, stopping).catch(() => undefined);
    if (stopping.aborted) throw new NeverSent("stopping");
    // While this waited, another call of the chat may have been told to wait longer.
    const moreMs = pace.toldToWaitMs(id);
    if (moreMs > 0 && kind !== "progress") return slot(id, kind, Math.max(0, patienceMs - waitMs), cost);
  }

  return {
    async send(chatId, call, options = {}) {
      const how = { patienceMs: options.patienceMs ?? PATIENCE_MS, cost: options.cost ?? 1, repeatable: false };
      // A send is never "not modified".
      return (await queued(chatId, () => run(chatId, "send", call, how))) as Awaited<ReturnType<typeof call>>;
    },
    edit: (chatId, kind, call) => run(chatId, kind, call, { patienceMs: PATIENCE_MS, cost: 1, repeatable: true }),
    async other(chatId, call, options = {}) {
      const how = { patienceMs: options.patienceMs ?? PATIENCE_MS, cost: 1, repeatable: true };
      return (await run(chatId, "other", call, how)) as Awaited<ReturnType<typeof call>>;
    },
    currentId: deps.currentId,
  };
}

const isLost = (fault: Error): boolean => fault instanceof ChatError && fault.code === "offline";
