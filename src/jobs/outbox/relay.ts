import { within } from "../../lib/abort.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import { type OutboxRow, ownerIdOf, type Store } from "../../ports/store.ts";
import type { DocumentCards } from "../documents/card.ts";
import type { Leadership } from "../leadership.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import { createCrowdLooks } from "./crowd-looks.ts";
import type { Outages } from "./outages.ts";
import { whileLeading } from "./outgoing.ts";
import { createProgressEdits } from "./progress-edits.ts";
import { progressingIn } from "./progressing.ts";
import { createSender } from "./sender.ts";
import { createSends } from "./sends.ts";
import { createUnderWay, KINDS } from "./under-way.ts";

export interface Relay {
  /** Also after `stop`. */
  start(): void;
  /** There may be something to send. */
  kick(): void;
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

/** Of each kind: whoever has no message yet waits for no edit. */
const AT_ONCE = 32;
const DUE_AT_ONCE = 2 * AT_ONCE;
const LOOK_EVERY_MS = 1000;

/** Sends what the outbox owes. One send per job or decision at a time; one that takes long holds up its own only. */
export function createRelay(deps: RelayDeps): Relay {
  const { store, clock, log } = deps;
  const sends = createSends(log);
  const { leads, reign } = deps.leadership;
  const adapters = whileLeading(deps.adapters, deps.leadership, deps.isOpen ?? (() => true));
  const led = { ...deps, nowMs: clock.nowMs, sends, adapters };
  const progress = createProgressEdits({ ...led, progressing: progressingIn(deps) });
  const send = createSender({
    ...led,
    shown: progress.shown,
    postponed(waitMs) {
      // Sooner than the next regular look: a platform that asks for 50 ms need not make a member wait a second.
      if (waitMs < LOOK_EVERY_MS) clock.after(waitMs, looks.soon);
    },
  });
  /** Something was due at the last look and could not be begun: the next send that ends makes room for it. */
  let passedOver = false;
  const underWay = createUnderWay(AT_ONCE);
  let stopped = true;
  let stopLooking = () => {};

  const look = coalesce(sendDue, (error) => {
    log.error("outbox.unreadable", { error: asError(error) });
    // Nothing is told to be due any more before a restart.
    if (isFlushFailed(error)) stopLooking();
  });

  const looks = createCrowdLooks(clock, underWay, look.ask);

  async function sendDue(): Promise<void> {
    looks.off();
    if (stopped || !leads()) return;
    // In a crowd that a platform takes slowly each order and each end would read in vain what is owed: the next send that ends looks.
    const open = KINDS.filter((kind) => underWay.hasRoom(kind));
    passedOver = open.length < KINDS.length;
    if (!passedOver && !looks.isCrowded && (await beginDue(DUE_AT_ONCE)) < DUE_AT_ONCE) return;
    // Edits must not hide what has no message yet.
    let isMore = passedOver;
    for (const kind of open) if ((await beginDue(AT_ONCE, kind)) === AT_ONCE) isMore = true;
    looks.isCrowded = isMore;
    passedOver ||= isMore;
  }

  /** Resolves with how many are due. */
  async function beginDue(...asked: [limit: number, only?: "unposted" | "posted"]): Promise<number> {
    // Before the question: what is read in one reign is sent in no other.
    const current = reign();
    underWay.asking();
    const due = await store.due(clock.nowMs(), ...asked);
    for (const row of due) {
      const standing = underWay.standingOf(row);
      if (standing === "free") void begin(current ? { ...row, reign: current } : row);
      else if (standing === "stale") looks.afterRound();
      else passedOver ||= standing === "held_up";
    }
    return due.length;
  }

  async function begin(row: OutboxRow): Promise<void> {
    const ended = underWay.begin(row);
    let isAll: boolean | undefined;
    // After a progress edit that is under way.
    await sends.serially(ownerIdOf(row), async () => {
      isAll = await send(row);
    });
    ended();
    // What the store could not note is tried again with the next regular look, not as fast as it can fail.
    if (isAll !== undefined && (passedOver || !isAll)) looks.afterRound();
  }

  return {
    start() {
      stopped = false;
      progress.start();
      stopLooking = every(clock, LOOK_EVERY_MS, look.ask);
      look.ask();
    },
    kick: looks.soon,
    refreshSoon: progress.refreshSoon,
    async stop(withinMs) {
      stopped = true;
      stopLooking();
      looks.off();
      progress.stop();
      await within(clock, withinMs, sends.settled());
    },
    async idle() {
      while (look.running || looks.isDue || sends.size > 0) {
        await sends.settled();
        await new Promise(setImmediate);
      }
    },
  };
}
