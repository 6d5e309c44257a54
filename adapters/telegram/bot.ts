import { Bot } from "grammy";
import { dangerIn } from "../../src/lib/foreign-json.ts";
import { createInFlight } from "../../src/lib/in-flight.ts";
import { createToldWaits } from "../../src/lib/named-wait.ts";
import { ChatError } from "../../src/ports/chat.ts";

/** A hundred updates, the most that come at once, have some hundred kB. */
const ANSWER_MAX_BYTES = 16 * 1024 * 1024;

/** Breaks off what is on its way once that is aborted, and sends nothing more. */
export function breakOff(bot: Bot, stopping: AbortSignal): void {
  const inFlight = createInFlight();
  stopping.addEventListener("abort", () => inFlight.end(new ChatError("telegram", "offline", "stopped")));
  // grammY's signals are those of a polyfill; Node's own is one.
  bot.api.config.use((previous, method, payload, signal) =>
    inFlight.run(signal as AbortSignal | undefined, (own) => previous(method, payload, own as typeof signal)),
  );
}

/** grammY's client towards one Bot API server. No answer is without a limit, and none reaches out of itself. */
export function openBot(token: string, apiRoot: string, timeoutSeconds: number): Bot {
  // grammY's types know the `fetch` of browsers; the one it uses on Node takes a limit in bytes.
  const baseFetchConfig = { size: ANSWER_MAX_BYTES } as object;
  const bot = new Bot(token, { client: { apiRoot, timeoutSeconds, baseFetchConfig } });
  // grammY and we wait as long as an answer says, and ask again.
  const waits = createToldWaits({ firstMs: 250, longestMs: 10_000 });
  bot.api.config.use(async (previous, method, payload, signal) => {
    const answer = await previous(method, payload, signal);
    if (dangerIn(answer) !== undefined)
      throw new ChatError("telegram", "offline", "no answer from Telegram (one that is not to be trusted)");
    if (answer.ok || answer.error_code !== 429) {
      waits.answered(method);
      return answer;
    }
    const named = answer.parameters?.retry_after;
    const waitMs = waits.told(method, typeof named === "number" ? named * 1000 : undefined);
    return { ...answer, parameters: { ...answer.parameters, retry_after: Math.ceil(waitMs / 1000) } };
  });
  return bot;
}
