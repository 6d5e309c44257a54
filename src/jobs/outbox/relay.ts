import { within } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import { createLeadership } from "./leadership.ts";
import type { Outages } from "./outages.ts";
import { createProgressEdits } from "./progress-edits.ts";
import { createSender } from "./sender.ts";
import { createSends } from "./sends.ts";

export interface Relay {
  start(): void;
  /** There may be something to send. */
  kick(): void;
  /** Edits the message of a job to what it is now, if it was posted and may be edited again already: progress. */
  refreshSoon(jobId: string): void;
  /** Ends after the sends under way, within `withinMs`. */
  stop(withinMs: number): Promise<void>;
  /** Nothing is being sent. Rows that are postponed do not count. */
  idle(): Promise<void>;
}

interface RelayDeps {
  readonly store: Store;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly cards: CardSource;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly clock: Clock;
  readonly log: Log;
  readonly outages: Outages;
}

/** Of each kind: whoever has no message yet waits for no edit. */
const AT_ONCE = 32;
const LOOK_EVERY_MS = 1000;

/** Sends what the outbox owes. One send per job at a time; one that takes long holds up its own job only. */
export function createRelay(deps: RelayDeps): Relay {
  const { store, clock, log } = deps;
  const { nowMs } = clock;
  const sends = createSends(log);
  const leadership = createLeadership("relay", store, clock);
  const progress = createProgressEdits({ ...deps, sends });
  const send = createSender({
    ...deps,
    nowMs,
    shown: progress.shown,
    postponed(waitMs) {
      // Sooner than the next regular look: a platform that asks for 50 ms need not make a member wait a second.
      if (waitMs < LOOK_EVERY_MS) clock.after(waitMs, look.ask);
    },
  });
  /** Sends that have ended and not been followed by a look yet. */
  let looksDue = 0;
  const underWay = { unposted: 0, posted: 0 };
  let stopped = true;
  let stopLooking = () => {};

  const look = coalesce(sendDue, (error) => {
    log.error("outbox.unreadable", { error: asError(error) });
    // Nothing is told to be due any more before a restart.
    if (isFlushFailed(error)) stopLooking();
  });

  async function sendDue(): Promise<void> {
    if (stopped) return;
    const reign = await leadership.reign();
    if (!reign) return;
    for (const kind of ["unposted", "posted"] as const) {
      const due = await store.due(nowMs(), AT_ONCE, kind);
      const free = due.filter(({ jobId }) => !sends.isBusy(jobId));
      for (const row of free.slice(0, AT_ONCE - underWay[kind])) {
        underWay[kind] += 1;
        void sends
          .serially(row.jobId, async () => {
            await send({ ...row, reign });
            lookAfterwards();
          })
          .finally(() => {
            underWay[kind] -= 1;
          });
      }
    }
  }

  /** Once this job counts as sent: its next revision may be due. */
  function lookAfterwards(): void {
    looksDue += 1;
    setImmediate(() => {
      looksDue -= 1;
      look.ask();
    });
  }

  return {
    start() {
      stopped = false;
      progress.start();
      stopLooking = every(clock, LOOK_EVERY_MS, look.ask);
      look.ask();
    },
    kick: look.ask,
    refreshSoon: progress.refreshSoon,
    async stop(withinMs) {
      stopped = true;
      stopLooking();
      progress.stop();
      await within(clock, withinMs, sends.settled());
      await leadership.giveBack().catch((error: unknown) => log.warn("outbox.kept_leading", { error: asError(error) }));
    },
    async idle() {
      while (look.running || looksDue > 0 || sends.size > 0) {
        await sends.settled();
        await new Promise(setImmediate);
      }
    },
  };
}
