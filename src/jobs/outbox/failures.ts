import { growingWaitMs } from "../../lib/named-wait.ts";
import { ChatError } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import type { OutboxRow, Store } from "../../ports/store.ts";
import { ownerFields } from "./message-key.ts";
import type { Outages } from "./outages.ts";
import { cancelUnseen, type Refusals } from "./refusals.ts";

const UNASKED = { firstMs: 500, longestMs: 60_000 };
/** In a busy chat many are asked to wait a little, in turn; who asks for next to nothing for ever is asked less often, too. */
const ASKED = { firstMs: 5, longestMs: 5000 };

/** What becomes of a message that could not be sent: it is tried again later, or let go. */
export function createFailures(deps: {
  readonly store: Pick<Store, "postpone" | "cancel" | "cancelDocument" | "abandon">;
  readonly refusals: Refusals;
  readonly outages: Pick<Outages, "failed">;
  readonly nowMs: () => number;
  readonly log: Log;
  /** It is due again so much later. */
  readonly postponed: (waitMs: number) => void;
}): (row: OutboxRow, error: Error) => Promise<void> {
  const { store, refusals, nowMs, log } = deps;

  function tell(row: OutboxRow, error: Error): void {
    const fields = ownerFields(row);
    if (!(error instanceof ChatError)) log.debug("outbox.broke", { ...fields, failures: row.failures, error });
    // A platform's pace is no trouble: everything in a busy chat waits a little.
    else if (error.code === "rate_limited") log.debug("outbox.paced", { ...fields, failures: row.failures });
    else deps.outages.failed(error, fields);
  }

  async function failed(row: OutboxRow, error: Error): Promise<void> {
    tell(row, error);
    const code = error instanceof ChatError ? error.code : "broke";
    if (code === "gone" && !row.message) await cancelUnseen(row, store, nowMs());
    // An original that the platform cannot carry stays to be had from the web chat or the disk; a picture is made smaller.
    if (code === "gone" || (code === "too_large" && row.kind === "original")) {
      refusals.forget(row);
      return store.abandon(row);
    }
    const waitMs = retryAfterMsOf(row, error);
    await store.postpone(row, nowMs() + waitMs);
    // Only once the store could note it: what it fails at is no fault of the card.
    if (code === "broke" || code === "too_large") await refusals.refused(row, error);
    deps.postponed(waitMs);
  }

  return failed;
}

/** As the platform asks; else longer each time. A fault of ours waits too: at once it would fail for ever, as fast as it can. */
function retryAfterMsOf({ failures }: OutboxRow, error: Error): number {
  const asked = error instanceof ChatError ? error.retryAfterMs : undefined;
  return growingWaitMs(asked, failures + 1, asked === undefined ? UNASKED : ASKED);
}
