import type { Clock } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import type { Log } from "../../ports/log.ts";
import { type OutboxRow, ownerIdOf, type Store } from "../../ports/store.ts";
import type { Leadership } from "../leadership.ts";
import { createCrowdLooks } from "./crowd-looks.ts";
import type { Sends } from "./sends.ts";
import { createUnderWay, KINDS } from "./under-way.ts";

/** Brings what is owed to the chats of one platform there, in places of its own: one that is slow holds up no other. */
export interface Courier {
  /** There may be something to send. */
  kick(): void;
  /** The same, whatever was found before: the regular look. */
  look(): void;
  /** Nothing is sent any more that was not begun. */
  off(): void;
  /** It looks, or is about to. */
  readonly isLooking: boolean;
}

interface CourierDeps {
  readonly platform: string;
  readonly store: Pick<Store, "due">;
  readonly leadership: Pick<Leadership, "leads" | "reign">;
  readonly sends: Pick<Sends, "serially">;
  /** See `createSender`. @param postponed something is due again so much later */
  readonly sender: (postponed: (waitMs: number) => void) => (row: OutboxRow) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly lookEveryMs: number;
  /** false: it stands still, or nobody can be reached there any more. */
  readonly isAtWork: () => boolean;
  /** The disk did not confirm what was written: nothing is told to be due any more before a restart. */
  readonly unconfirmed: () => void;
}

/** Of each kind: whoever has no message yet waits for no edit. Each holds a picture in memory. */
const AT_ONCE = 32;
const DUE_AT_ONCE = 2 * AT_ONCE;

/** One send per job or decision at a time; one that takes long holds up its own only. */
export function createCourier(deps: CourierDeps): Courier {
  const { platform, store, clock, sends } = deps;
  const { leads, reign } = deps.leadership;
  /** Something was due at the last look and could not be begun: the next send that ends makes room for it. */
  let passedOver = false;
  const underWay = createUnderWay(AT_ONCE);
  const send = deps.sender((waitMs) => {
    // Sooner than the next regular look: a platform that asks for 50 ms need not make a member wait a second.
    if (waitMs < deps.lookEveryMs) clock.after(waitMs, looks.soon);
  });

  const look = coalesce(sendDue, (error) => {
    deps.log.error("outbox.unreadable", { platform, error: asError(error) });
    if (isFlushFailed(error)) deps.unconfirmed();
  });
  const looks = createCrowdLooks(clock, underWay, look.ask);

  async function sendDue(): Promise<void> {
    looks.off();
    if (!deps.isAtWork() || !leads()) return;
    // In a crowd that a platform takes slowly each order and each end would read in vain what is owed: the next send that ends looks.
    const open = KINDS.filter((kind) => underWay.hasRoom(kind));
    passedOver = open.length < KINDS.length;
    if (!passedOver && !looks.isCrowded && (await beginDue(DUE_AT_ONCE)) < DUE_AT_ONCE) return;
    // Edits must not hide what has no message yet.
    let isMore = passedOver;
    for (const only of open) if ((await beginDue(AT_ONCE, { only })) === AT_ONCE) isMore = true;
    looks.isCrowded = isMore;
    passedOver ||= isMore;
  }

  /** Resolves with how many are due. */
  async function beginDue(limit: number, of: { readonly only?: (typeof KINDS)[number] } = {}): Promise<number> {
    // Before the question: what is read in one reign is sent in no other.
    const current = reign();
    underWay.asking();
    const due = await store.due(clock.nowMs(), limit, { platform, ...of });
    // Stopped meanwhile: nobody waits for what would begin now, and whoever leads next would send it as well.
    if (!deps.isAtWork()) return 0;
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
    kick: looks.soon,
    look: look.ask,
    off: looks.off,
    get isLooking() {
      return look.running || looks.isDue;
    },
  };
}
