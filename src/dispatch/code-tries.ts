import { z } from "zod";
import { ok, type Result, refuse } from "../domain/problem.ts";
import { sentences, type Text, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import { createKeyedSerial } from "../lib/serial.ts";
import type { TimedValues } from "./timed-values.ts";

const TRIES = 5;
/** Of all whom nobody can tell apart. */
const TRIES_TOGETHER = 100;

const triesSchema = z.object({ untilMs: z.number(), tries: z.int() });

/** Bounds how often codes can be guessed: whoever typed five wrong ones waits until the time of the first of them is over. */
export interface CodeTries {
  /**
   * One after the other for each who tries, or many at once would all be the first.
   *
   * @param by whatever tells them apart; `undefined`: nothing does
   * @param find `undefined`: the code was wrong
   */
  attempt<T>(by: string | undefined, find: () => Promise<T | undefined>): Promise<Result<T>>;
}

export function createCodeTries(
  timed: TimedValues,
  { namespace, wrong }: { readonly namespace: string; readonly wrong: Text },
): CodeTries {
  const { nowMs, holds, holdsMs } = timed;
  const counted = timed.open(namespace, triesSchema);
  const oneByOne = createKeyedSerial();

  return {
    attempt(by, find) {
      const key = by === undefined ? "together" : `by ${by}`;
      return oneByOne.run(key, async () => {
        const known = await counted.get(key);
        const before = known && holds(known) ? known : undefined;
        if (before && before.tries >= (by === undefined ? TRIES_TOGETHER : TRIES)) {
          const wait = text("web.wait", { duration: duration(before.untilMs - nowMs()) });
          return refuse({
            code: "not_allowed",
            text: sentences(text("link.tries"), wait),
            retryAtMs: before.untilMs,
          });
        }
        const found = await find();
        if (found !== undefined) return ok(found);
        await timed.sweep();
        await counted.set(key, { tries: (before?.tries ?? 0) + 1, untilMs: before?.untilMs ?? nowMs() + holdsMs });
        return refuse({ code: "bad_args", text: wrong });
      });
    },
  };
}
