import type { ChatError } from "../../ports/chat.ts";
import type { Log, LogFields } from "../../ports/log.ts";

/** What fails while a platform is away is told once, not for every message that waits for it. */
export interface Outages {
  /** Something could not be said, and why. */
  failed(error: ChatError, fields?: LogFields): void;
  /** Something was said there. */
  worked(platform: string): void;
}

/** A platform that comes and goes is told about no more often. */
const SAY_AGAIN_MS = 10 * 60_000;

interface Outage {
  toldAtMs: number;
  failures: number;
  /** Its end is worth a line. */
  open: boolean;
}

export function createOutages(log: Log, nowMs: () => number): Outages {
  /** By platform and code. */
  const known = new Map<string, Outage>();

  function isNews(outage: Outage): boolean {
    if (nowMs() - outage.toldAtMs < SAY_AGAIN_MS) return false;
    outage.toldAtMs = nowMs();
    outage.open = true;
    return true;
  }

  return {
    failed(error, fields = {}) {
      const { platform, code } = error;
      const key = `${platform} ${code}`;
      const outage = known.get(key) ?? { toldAtMs: Number.NEGATIVE_INFINITY, failures: 0, open: false };
      known.set(key, outage);
      outage.failures += 1;
      // Asked to come back later, the adapter knows why and for how long, and has said so itself.
      const told = code !== "offline" || error.retryAfterMs === undefined ? isNews(outage) : false;
      const what = { platform, code, ...fields, failures: outage.failures, error };
      if (told) log.warn("platform.fails", what);
      else log.debug("platform.fails", what);
    },
    worked(platform) {
      const outage = known.get(`${platform} offline`);
      if (!outage?.open) return;
      log.info("platform.works_again", { platform, failures: outage.failures });
      outage.open = false;
      outage.failures = 0;
    },
  };
}
