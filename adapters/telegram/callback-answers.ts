import type { Clock } from "../../src/lib/clock.ts";
import { asError } from "../../src/lib/error.ts";
import { cutText } from "../../src/lib/text.ts";
import type { Log } from "../../src/ports/log.ts";
import type { Calls } from "./calls.ts";
import { Refused } from "./errors.ts";
import { LIMITS } from "./limits.ts";

/** A press shows a spinner until it is answered: this is how long an answer in words may take to come. */
const ANSWER_WITHIN_MS = 700;
const REMEMBERED_MS = 60_000;

interface CallbackAnswer {
  readonly text?: string;
  readonly alert?: boolean;
  readonly url?: string;
}

/**
 * Answers each press once, in time: with words when they come soon enough, else with nothing, and the words find another
 * way. After a restart a press of before is answered when somebody asks for it.
 */
export interface CallbackAnswers {
  /** A press arrived just now. */
  arrived(callbackId: string): void;
  /** true: this was the answer. false: it had one already, or Telegram does not take one any more. */
  give(callbackId: string, answer: CallbackAnswer): Promise<boolean>;
  stop(): void;
}

export function createCallbackAnswers(calls: Calls, clock: Clock, log: Log): CallbackAnswers {
  const open = new Map<string, () => void>();
  const given = new Map<string, number>();

  async function give(callbackId: string, { text, alert, url }: CallbackAnswer): Promise<boolean> {
    if (given.has(callbackId)) return false;
    remember(callbackId);
    open.get(callbackId)?.();
    open.delete(callbackId);
    try {
      await calls.other(undefined, "press", (api) =>
        api.answerCallbackQuery(callbackId, {
          ...(text === undefined ? {} : { text: cutText(text, LIMITS.callbackAnswerMaxChars).toWellFormed() }),
          ...(alert === true ? { show_alert: true } : {}),
          ...(url === undefined ? {} : { url }),
        }),
      );
      return true;
    } catch (error) {
      // An address it does not open leaves the press open for another answer.
      if (error instanceof Refused && url !== undefined) given.delete(callbackId);
      // Else too old, or already answered before a restart: what there is to say is said in the chat.
      log.debug("telegram.callback_unanswered", { error: asError(error) });
      return false;
    }
  }

  function remember(callbackId: string): void {
    const nowMs = clock.steadyMs();
    for (const [id, atMs] of given) {
      if (atMs > nowMs - REMEMBERED_MS) break;
      given.delete(id);
    }
    given.set(callbackId, nowMs);
  }

  return {
    arrived(callbackId) {
      if (open.has(callbackId) || given.has(callbackId)) return;
      open.set(
        callbackId,
        clock.after(ANSWER_WITHIN_MS, () => void give(callbackId, {})),
      );
    },
    give,
    stop() {
      for (const callOff of open.values()) callOff();
      open.clear();
    },
  };
}
