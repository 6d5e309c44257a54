import { type Api, GrammyError } from "grammy";
import { aborted, within } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { createKeyedSerial } from "../../src/lib/serial.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { faultOf, Migrated, NeverSent, NotModified } from "./errors.ts";
import type { Lane } from "./lanes.ts";
import type { Kind } from "./pacing.ts";
import type { Turns } from "./turns.ts";

/** What is waited for inside a call; longer waits go back to the outbox. */
export const PATIENCE_MS = 3000;
/** Then it is made anew from what there is by then: while it waits, its picture's end cannot come. */
const CARD_PATIENCE_MS = 500;
const AGAIN_AFTER_MS = 300;
/** A send that hangs must not silence its chat. */
const HANGS_AFTER_MS = 10_000;

type Call<T> = (api: Api, chatId: number) => Promise<T>;

/** Why a message is edited: what a member has just asked for, an end, the buttons of what is being made, how far it is. */
export type EditAs = "answer" | "final" | "card" | "progress";

const EDITS: Readonly<Record<EditAs, { readonly lane: Lane; readonly kind: Kind; readonly patienceMs: number }>> = {
  answer: { lane: "first", kind: "edit", patienceMs: PATIENCE_MS },
  final: { lane: "final", kind: "edit", patienceMs: PATIENCE_MS },
  card: { lane: "card", kind: "edit", patienceMs: CARD_PATIENCE_MS },
  // Dropped rather than waited for.
  progress: { lane: "spare", kind: "progress", patienceMs: 0 },
};

interface How {
  readonly lane: Lane;
  readonly kind: Kind;
  readonly patienceMs: number;
  readonly cost: number;
  readonly repeatable: boolean;
}

/**
 * Calls at the pace of their chat, in the lane of what they are for. Sends are tried again only when they certainly were not done; edits and answers, which
 * repeating cannot spoil, once more after a lost answer.
 */
export interface Calls {
  /** A new message, by default a member's first answer. @throws ChatError, or `Refused` for a refusal that only the caller can judge */
  send<T>(
    chatId: string,
    call: Call<T>,
    options?: { readonly lane?: Lane; readonly cost?: number; readonly patienceMs?: number },
  ): Promise<T>;
  /** `undefined`: it looked like that already. @throws as `send` */
  edit<T>(chatId: string, as: EditAs, call: Call<T>): Promise<T | undefined>;
  /** @throws as `send` */
  other<T>(
    chatId: string | undefined,
    lane: Lane,
    call: Call<T>,
    options?: { readonly patienceMs?: number },
  ): Promise<T>;
  /** The id under which a chat goes on, should it have moved. */
  currentId(chatId: string): string;
}

export function createCalls(deps: {
  readonly api: Api;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** Where a chat went. Kept by somebody else. */
  readonly currentId: (chatId: string) => string;
  /** A call was refused because the chat moved; resolves when that is noted. */
  readonly moved: (fromChatId: string, toChatId: string) => Promise<void>;
}): Calls {
  const { api, turns, clock, log, stopping } = deps;
  const sends = createKeyedSerial();
  /** One new message per chat at a time: they come in order, and a process that dies leaves at most one in doubt. */
  function queued<T>(chatId: string, send: () => Promise<T>): Promise<T> {
    const sent = Promise.withResolvers<T>();
    void sends.run(chatId, async () => {
      const sending = send();
      sent.resolve(sending);
      await within(clock, HANGS_AFTER_MS, sending).catch(() => undefined);
    });
    return sent.promise;
  }

  async function run<T>(chatId: string | undefined, call: Call<T>, how: How): Promise<T | undefined> {
    const untilMs = clock.steadyMs() + how.patienceMs;
    let lostAnswers = 0;
    for (;;) {
      const id = chatId === undefined ? undefined : deps.currentId(chatId);
      const turn = await turns.turn({ ...how, chatId: id, patienceMs: Math.max(0, untilMs - clock.steadyMs()) });
      try {
        // Calls about no chat get a number that none of them reads.
        return await call(api, Number(id ?? 0)).finally(turn.ended);
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
          turns.told(id, fault.retryAfterMs ?? 0);
          continue;
        }
        const again = fault instanceof NeverSent ? true : how.repeatable && isLost(fault) && lostAnswers === 0;
        if (!again || clock.steadyMs() + AGAIN_AFTER_MS > untilMs || stopping.aborted) throw fault;
        lostAnswers += 1;
        await aborted(clock.deadline(AGAIN_AFTER_MS));
      }
    }
  }

  return {
    async send(chatId, call, { lane = "first", patienceMs = PATIENCE_MS, cost = 1 } = {}) {
      const how: How = { lane, kind: "send", patienceMs, cost, repeatable: false };
      // A send is never "not modified".
      return (await queued(chatId, () => run(chatId, call, how))) as Awaited<ReturnType<typeof call>>;
    },
    edit: (chatId, as, call) => run(chatId, call, { ...EDITS[as], cost: 1, repeatable: true }),
    async other(chatId, lane, call, { patienceMs = PATIENCE_MS } = {}) {
      const how: How = { lane, kind: "other", patienceMs, cost: 1, repeatable: true };
      return (await run(chatId, call, how)) as Awaited<ReturnType<typeof call>>;
    },
    currentId: deps.currentId,
  };
}

const isLost = (fault: Error): boolean => fault instanceof ChatError && fault.code === "offline";
