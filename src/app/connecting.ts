import { pauseMs } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import { type ChatAdapter, ChatError } from "../ports/chat.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Starts platforms. Those that cannot be reached yet are tried again while the others work. */
export interface Connecting {
  /** The line for the operator. @throws where nothing would be left to talk on at the start, and what is no platform's trouble */
  connect(adapter: ChatAdapter): Promise<string>;
  /** Nothing is tried again from here on. */
  stop(): void;
}

/** @param platforms those that are there or will be: one whose token is refused is taken out */
export function createConnecting(deps: {
  readonly platforms: Map<string, ChatAdapter>;
  readonly start: (adapter: ChatAdapter) => Promise<string>;
  readonly clock: Clock;
  readonly notices: Pick<Notices, "say">;
  readonly log: Log;
  /** Of the program, which ends where nothing is left to talk on. Later somebody else might be there, or the platform again. */
  readonly isStart: boolean;
}): Connecting {
  const { platforms, start, clock, notices, log } = deps;
  const stopping = new AbortController();
  /** Of which it is said that they are not there yet. */
  const awaited = new Set<ChatAdapter>();

  async function giveUp(adapter: ChatAdapter, error: ChatError): Promise<void> {
    platforms.delete(adapter.platform);
    log.error("platform.not_started", { platform: adapter.platform, code: error.code, error });
    notices.say(noticeOf(adapter), `NOT STARTED: ${error.message}.`);
    await adapter.stop();
  }

  async function tryOn(adapter: ChatAdapter): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      await pauseMs(clock, waitMs, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        const said = await start(adapter);
        awaited.delete(adapter);
        notices.say(noticeOf(adapter), undefined);
        return log.info("platform.started", { platform: adapter.platform, said });
      } catch (thrown) {
        const error = asError(thrown);
        if (stopping.signal.aborted) return;
        if (error instanceof ChatError && error.code === "auth") {
          awaited.delete(adapter);
          return giveUp(adapter, error);
        }
        log.warn("platform.not_started_yet", { platform: adapter.platform, waitMs, error });
      }
    }
  }

  return {
    async connect(adapter) {
      try {
        return await start(adapter);
      } catch (error) {
        if (stopping.signal.aborted) return "stopped";
        if (!(error instanceof ChatError) || (deps.isStart && platforms.size === 1)) throw error;
        if (error.code === "auth") {
          await giveUp(adapter, error);
          return `NOT STARTED: ${error.message}. The rest of Placard works.`;
        }
        log.error("platform.not_started_yet", { platform: adapter.platform, code: error.code, error });
        const sentence = `NOT STARTED YET: ${error.message}. It is tried again until it works`;
        notices.say(noticeOf(adapter), `${sentence}.`);
        awaited.add(adapter);
        void tryOn(adapter).catch((broken: unknown) => log.error("platform.stopped", { error: asError(broken) }));
        return `${sentence}; the rest of Placard works.`;
      }
    },
    stop() {
      stopping.abort();
      // Whoever goes on here or elsewhere says it anew.
      for (const adapter of awaited) notices.say(noticeOf(adapter), undefined);
    },
  };
}

const noticeOf = ({ platform }: ChatAdapter): string => `${platform}:start`;
