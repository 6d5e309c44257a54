import { asError } from "../../lib/error.ts";
import { ReignOver } from "../../ports/leader.ts";
import type { Log } from "../../ports/log.ts";
import type { OutboxRow, Store } from "../../ports/store.ts";
import type { DocumentCards } from "../documents/card.ts";
import type { Leadership } from "../leadership.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import { createDelivery } from "./delivery.ts";
import { errandOf } from "./errand.ts";
import { createFailures } from "./failures.ts";
import type { Outages } from "./outages.ts";
import { NotLeading, type Outgoing, type OutgoingDoor } from "./outgoing.ts";
import { createRefusals } from "./refusals.ts";

/** Sends one row, whatever comes of it: see `createDelivery` for what it gives. @throws what the store throws */
export function createSender(deps: {
  readonly store: Store;
  readonly adapters: OutgoingDoor;
  readonly leadership: Pick<Leadership, "leads" | "deposed">;
  readonly cards: CardSource;
  readonly documents: DocumentCards;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly outages: Outages;
  readonly nowMs: () => number;
  readonly log: Log;
  /** The message of this job or document was shown just now. */
  readonly shown: (ownerId: string, isOpen: boolean, adapter: Outgoing) => void;
  /** Something is due again so much later. */
  readonly postponed: (waitMs: number) => void;
}): (row: OutboxRow) => Promise<boolean> {
  const { store, outages } = deps;
  const refusals = createRefusals(deps);
  const deliver = createDelivery({ ...deps, refusals });
  const failed = createFailures({ ...deps, refusals });

  async function send(row: OutboxRow): Promise<boolean> {
    const errand = await errandOf(row, deps);
    if (!errand) {
      await store.abandon(row);
      return false;
    }
    const adapter = deps.adapters.get(errand.place.platform, row.reign);
    // Taken out while this was read: it is still owed, and waits for the platform to come back.
    if (!adapter) return true;
    try {
      const isAll = await deliver(row, errand, adapter);
      outages.worked(adapter.platform);
      return isAll;
    } catch (error) {
      if (error instanceof ReignOver) throw error;
      // Nothing more of it is to be looked for here; what was broken off with the reign is nobody's fault.
      if (error instanceof NotLeading || !deps.leadership.leads()) return true;
      await failed(row, asError(error));
      return false;
    }
  }

  return async (row) => {
    try {
      return await send(row);
    } catch (error) {
      if (!(error instanceof ReignOver)) throw error;
      deps.leadership.deposed();
      return true;
    }
  };
}
