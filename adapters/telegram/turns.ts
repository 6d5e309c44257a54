import type { Clock } from "../../src/lib/clock.ts";
import { ChatError } from "../../src/ports/chat.ts";
import { NeverSent } from "./errors.ts";
import type { Call, Lanes, Waiting } from "./lanes.ts";

/** A call's turn: from now on it may be made. */
interface Turn {
  /** It was answered, or given up. */
  ended(): void;
}

export interface Turns {
  /** Waits for it. @throws ChatError "rate_limited" when that takes longer than the caller can wait; NeverSent when stopping */
  turn(call: Call): Promise<Turn>;
  /** Telegram said how long to wait. */
  told(chatId: string | undefined, retryAfterMs: number): void;
}

export function createTurns(deps: {
  readonly lanes: Lanes;
  readonly clock: Pick<Clock, "after">;
  readonly stopping: AbortSignal;
}): Turns {
  const { lanes, clock, stopping } = deps;
  const waiting = new Map<Waiting, PromiseWithResolvers<Turn>>();
  let callOff = () => {};

  function look(): void {
    callOff();
    const { started, late } = lanes.take();
    for (const [each, one] of started)
      settled(each)?.resolve({
        ended() {
          lanes.ended(one);
          look();
        },
      });
    for (const [each, waitMs] of late) settled(each)?.reject(tooSoon(waitMs));
    const nextInMs = lanes.nextInMs();
    callOff = nextInMs === undefined || stopping.aborted ? () => {} : clock.after(nextInMs, look);
  }

  function settled(each: Waiting): PromiseWithResolvers<Turn> | undefined {
    const found = waiting.get(each);
    waiting.delete(each);
    return found;
  }

  stopping.addEventListener("abort", () => {
    callOff();
    for (const each of [...waiting.keys()]) settled(each)?.reject(new NeverSent("stopping"));
  });

  return {
    async turn(call) {
      if (stopping.aborted) throw new NeverSent("stopping");
      const joined = lanes.join(call);
      if (typeof joined === "number") throw tooSoon(joined);
      const turn = Promise.withResolvers<Turn>();
      waiting.set(joined, turn);
      look();
      return turn.promise;
    },
    told: (chatId, retryAfterMs) => lanes.told(chatId, retryAfterMs),
  };
}

const tooSoon = (waitMs: number) =>
  new ChatError("telegram", "rate_limited", `this chat has to wait ${Math.ceil(waitMs / 1000)} s`, {
    retryAfterMs: waitMs,
  });
