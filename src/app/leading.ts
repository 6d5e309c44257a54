import { createLeadership, type Leadership, leadingAlone } from "../jobs/leadership.ts";
import { asError } from "../lib/error.ts";
import type { Log } from "../ports/log.ts";
import type { Hearers } from "./hearing.ts";
import type { Led } from "./led.ts";
import type { Loops } from "./loops.ts";
import type { AppDeps } from "./services.ts";

const REIGN_MS = 5000;
/** As long as most sends take. */
const REIGN_MARGIN_MS = 2000;

/** Where nobody tells of changes, nobody else makes any: this process has the database to itself. */
export function leadershipOf({ store, clock, log, wake, timings }: AppDeps): Leadership {
  if (!wake) return leadingAlone();
  const { reignMs = REIGN_MS, reignMarginMs: marginMs = REIGN_MARGIN_MS } = timings ?? {};
  return createLeadership({ leader: store, clock, log, reignMs, marginMs });
}

/**
 * Leads from now on, or stands by until it can: see `Leadership.start`.
 *
 * @returns the lines of the platforms that it has begun to listen at; none where another leads
 */
export async function beginToLead(leadership: Leadership, led: Led, log: Log): Promise<ReadonlyMap<string, string>> {
  let first: Promise<ReadonlyMap<string, string>> | undefined;
  await leadership.start({
    gained() {
      if (first) led.begin().catch((error: unknown) => log.error("leader.begun_badly", { error: asError(error) }));
      else first = led.begin("start");
    },
    lost: led.endNow,
  });
  first ??= Promise.resolve(new Map());
  return first;
}

/** What each word of another process makes look. */
export function hearersOf({ loops, leadership }: { readonly loops: Loops; readonly leadership: Leadership }): Hearers {
  const { worker, relay, documents, deferred, news, seen, backendsChanged } = loops;
  return {
    jobs: worker.look,
    documents: documents.kick,
    outbox: relay.kick,
    ended(jobId) {
      worker.endedElsewhere(jobId);
      news.soon();
    },
    progress: seen.look,
    backends: backendsChanged,
    leader: leadership.look,
    anything() {
      worker.look();
      relay.kick();
      documents.kick();
      deferred.kick();
      leadership.look();
      seen.look();
      backendsChanged();
    },
  };
}
