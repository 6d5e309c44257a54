import type { TestClock } from "../clock.ts";
import { queryTooOld } from "./refusal.ts";
import type { Json } from "./world.ts";

interface Open {
  readonly id: string;
  readonly askedAtMs: number;
  readonly answered: PromiseWithResolvers<Json>;
  answer: Json | undefined;
}
/** A question that waits for the bot: a pressed button or an inline query. */
export interface Query {
  readonly id: string;
  /** What the bot answered; `undefined` so far. */
  readonly answer: Json | undefined;
  /** Resolves with the answer when it comes. */
  readonly answered: Promise<Json>;
}

export type Queries = ReturnType<typeof createQueries>;

export function createQueries(clock: TestClock, chance: () => number, lifeMs: () => number) {
  const queries = new Map<string, Open>();
  return {
    ask(): Query {
      const id = String(Math.floor(chance() * 9e15) + 1e15);
      const open: Open = { id, askedAtMs: clock.nowMs(), answered: Promise.withResolvers<Json>(), answer: undefined };
      queries.set(id, open);
      return {
        id,
        get answer() {
          return open.answer;
        },
        answered: open.answered.promise,
      };
    },
    /** Once, and soon. @throws Refusal */
    answer(id: string, answer: Json): void {
      const open = queries.get(id);
      if (!open || open.answer !== undefined || clock.nowMs() - open.askedAtMs > lifeMs()) throw queryTooOld();
      open.answer = answer;
      open.answered.resolve(answer);
    },
  };
}
