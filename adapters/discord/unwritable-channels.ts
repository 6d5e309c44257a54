import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import { NEEDED_NAMES } from "./invite.ts";

const LOOK_AGAIN_MS = 10 * 60_000;
/** Nobody mended it for so long: what is owed there will not be seen. */
const GIVE_UP_MS = 24 * 3_600_000;
const CHANNELS_MAX = 5000;

/** Channels that do not let us write: asking again and again costs the budget of refused requests. Said once each. */
export function createUnwritableChannels(nowMs: () => number, log: Log) {
  const closed = new BoundedMap<{ readonly sinceMs: number; untilMs: number }>(CHANNELS_MAX);
  const error = (channelId: string): ChatError => {
    const since = closed.get(channelId);
    if (since && nowMs() - since.sinceMs > GIVE_UP_MS)
      return new ChatError("discord", "gone", "for a day nobody let the bot write there");
    return new ChatError("discord", "offline", "the bot may not write there", {
      retryAfterMs: Math.max(1000, (since?.untilMs ?? nowMs()) - nowMs()),
    });
  };
  return {
    /** What to throw without asking, while the channel is closed. */
    now(channelId: string): ChatError | undefined {
      return (closed.get(channelId)?.untilMs ?? 0) > nowMs() ? error(channelId) : undefined;
    },
    /** Notes a refusal. What to throw for it. */
    refused(channelId: string): ChatError {
      const before = closed.get(channelId);
      closed.set(channelId, { sinceMs: before?.sinceMs ?? nowMs(), untilMs: nowMs() + LOOK_AGAIN_MS });
      if (!before)
        log.warn("discord.channel_closed", {
          channel: channelId,
          todo: `give the bot these there: ${NEEDED_NAMES}`,
        });
      return error(channelId);
    },
    opened(channelId: string): void {
      closed.delete(channelId);
    },
  };
}
export type UnwritableChannels = ReturnType<typeof createUnwritableChannels>;
