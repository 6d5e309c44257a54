import { type Lane, Lanes } from "../../adapters/telegram/lanes.ts";
import { RATES } from "../../adapters/telegram/limits.ts";
import type { Kind } from "../../adapters/telegram/pacing.ts";
import { createTurns } from "../../adapters/telegram/turns.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Pace } from "./model.ts";
import type { Life } from "./virtual-clock.ts";

/** What a call to a platform is for; "free": its rate does not count anything. */
export type Purpose = "press" | "first" | "final" | "card" | "progress" | "free";

export interface PlatformPace {
  /** Waits for the turn of a call. Resolves with what says that it ended. @throws ChatError "rate_limited" */
  turn(purpose: Purpose, chatId: string): Promise<() => void>;
}

/** As the adapter of that platform paces itself. */
export function paceOf(pace: Pace, life: Life): PlatformPace {
  switch (pace.kind) {
    case "none":
      return { turn: async () => () => {} };
    case "telegram":
      return telegramPace(life);
    case "discord":
      return discordPace(pace, life);
  }
}

/** As adapters/telegram/calls.ts asks for them. */
const TELEGRAM: Readonly<
  Record<Exclude<Purpose, "free">, { readonly lane: Lane; readonly kind: Kind; readonly patienceMs: number }>
> = {
  press: { lane: "press", kind: "other", patienceMs: 3000 },
  first: { lane: "first", kind: "send", patienceMs: 3000 },
  final: { lane: "final", kind: "edit", patienceMs: 3000 },
  card: { lane: "card", kind: "edit", patienceMs: 500 },
  progress: { lane: "spare", kind: "progress", patienceMs: 0 },
};

/** The adapter's own lanes and turns. */
function telegramPace({ clock }: Life): PlatformPace {
  const turns = createTurns({
    lanes: new Lanes(RATES, clock.steadyMs),
    clock,
    stopping: new AbortController().signal,
  });
  return {
    async turn(purpose, chatId) {
      if (purpose === "free") return () => {};
      const { ended } = await turns.turn({ ...TELEGRAM[purpose], chatId, cost: 1 });
      return ended;
    },
  };
}

/** Longer waits for a rate limit are the outbox's business: `TIME.rateLimitWaitMs` of the adapter. */
const DISCORD_PATIENCE_MS = 4000;

/**
 * As @discordjs/rest does it: first come first served, over all channels and in each. What an interaction's token answers is
 * not counted.
 */
function discordPace(
  { perSecond, perChannel, perChannelMs }: Extract<Pace, { readonly kind: "discord" }>,
  { clock }: Life,
): PlatformPace {
  const global = new Gap(perSecond, 1000);
  const channels = new Map<string, Gap>();
  return {
    async turn(purpose, chatId) {
      if (purpose === "free") return () => {};
      const nowMs = clock.steadyMs();
      const channel = channels.get(chatId) ?? new Gap(perChannel, perChannelMs);
      channels.set(chatId, channel);
      const waitMs = Math.max(global.freeAtMs(nowMs), channel.freeAtMs(nowMs)) - nowMs;
      if (purpose === "progress" && waitMs > 0)
        throw new ChatError("discord", "rate_limited", "progress is dropped", { retryAfterMs: waitMs });
      if (waitMs > DISCORD_PATIENCE_MS)
        throw new ChatError("discord", "rate_limited", "the channel has to wait", { retryAfterMs: waitMs });
      global.take(nowMs + waitMs);
      channel.take(nowMs + waitMs);
      if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve));
      return () => {};
    },
  };
}

/** So many in any window. */
class Gap {
  readonly #taken: number[] = [];
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  freeAtMs(nowMs: number): number {
    const oldest = this.#taken[this.#taken.length - this.#limit];
    return oldest === undefined ? nowMs : Math.max(nowMs, oldest + this.#windowMs);
  }

  take(atMs: number): void {
    this.#taken.push(atMs);
    if (this.#taken.length > this.#limit) this.#taken.shift();
  }
}
