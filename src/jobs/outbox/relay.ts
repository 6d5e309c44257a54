import { within } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import type { DocumentCards } from "../documents/card.ts";
import type { Leadership } from "../leadership.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import { type Courier, createCourier } from "./courier.ts";
import type { Outages } from "./outages.ts";
import { whileLeading } from "./outgoing.ts";
import { createProgressEdits } from "./progress-edits.ts";
import { progressingIn } from "./progressing.ts";
import { createSender } from "./sender.ts";
import { createSends } from "./sends.ts";

export interface Relay {
  /** Also after `stop`. */
  start(): void;
  /** There may be something to send. @param platform only there; absent: anywhere */
  kick(platform?: string): void;
  /** Edits the message of a job or document to what it is now, if it was posted and may be edited again already: progress. */
  refreshSoon(ownerId: string): void;
  /** Ends after the sends under way, within `withinMs`. */
  stop(withinMs: number): Promise<void>;
  /** Nothing is being sent. Rows that are postponed do not count. */
  idle(): Promise<void>;
}

export interface RelayDeps {
  readonly store: Store;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly cards: CardSource;
  readonly documents: DocumentCards;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly clock: Clock;
  readonly log: Log;
  readonly outages: Outages;
  readonly leadership: Pick<Leadership, "leads" | "reign" | "deposed">;
  /** A platform that is only being started cannot be sent to yet, and that is no fault of it. Default: all can. */
  readonly isOpen?: (platform: string) => boolean;
}

const LOOK_EVERY_MS = 1000;

/** Sends what the outbox owes, to each platform by a courier of its own. */
export function createRelay(deps: RelayDeps): Relay {
  const { store, clock, log, leadership } = deps;
  const sends = createSends(log);
  const isOpen = deps.isOpen ?? (() => true);
  const adapters = whileLeading(deps.adapters, leadership, isOpen);
  const led = { ...deps, nowMs: clock.nowMs, sends, adapters };
  const progress = createProgressEdits({ ...led, progressing: progressingIn(deps) });
  let stopped = true;
  let stopLooking = () => {};
  const couriers = new Map(
    [...deps.adapters.keys()].map((platform) => [
      platform,
      createCourier({
        ...{ platform, store, leadership, sends, clock, log, lookEveryMs: LOOK_EVERY_MS },
        sender: (postponed) => createSender({ ...led, shown: progress.shown, postponed }),
        // One whose token was refused is taken out, and one may only be starting: what is owed there waits, and is not read in vain.
        isAtWork: () => !stopped && deps.adapters.has(platform) && isOpen(platform),
        unconfirmed: () => stopLooking(),
      }),
    ]),
  );
  const all = (work: (courier: Courier) => void) => {
    for (const courier of couriers.values()) work(courier);
  };
  const lookAll = () => all((courier) => courier.look());

  return {
    start() {
      stopped = false;
      progress.start();
      stopLooking = every(clock, LOOK_EVERY_MS, lookAll);
      lookAll();
    },
    kick(platform) {
      if (platform === undefined) all((courier) => courier.kick());
      else couriers.get(platform)?.kick();
    },
    refreshSoon: progress.refreshSoon,
    async stop(withinMs) {
      stopped = true;
      stopLooking();
      all((courier) => courier.off());
      progress.stop();
      await within(clock, withinMs, sends.settled());
    },
    async idle() {
      while (sends.size > 0 || [...couriers.values()].some(({ isLooking }) => isLooking)) {
        await sends.settled();
        await new Promise(setImmediate);
      }
    },
  };
}
