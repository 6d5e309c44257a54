import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import type { GroupLog, LogHearer, StoredMessage } from "../../ports/group-log.ts";

const AT_ONCE = 200;

export interface Changes {
  /** Something may have changed. */
  look(): void;
  readonly hear: GroupLog["hear"];
}

/**
 * Tells each change once, in order, whoever made it: what is told is read, so that one's own changes and those of other
 * processes come the same way.
 *
 * @param from the newest change that need not be told
 * @param failed of a look that found nothing out; the next one does
 */
export function changesFrom(
  from: number,
  parts: {
    readonly rev: () => Promise<number>;
    readonly durable: () => Promise<void>;
    readonly between: (afterRev: number, upToRev: number, limit: number) => Promise<readonly StoredMessage[]>;
    readonly failed: (error: Error) => void;
  },
): Changes {
  const hearers = new Set<LogHearer>();
  let told = from;

  async function lookOn(): Promise<void> {
    // What comes after it may not be durable when the wait is over.
    const upTo = await parts.rev();
    if (upTo <= told) return;
    await parts.durable();
    while (told < upTo) {
      const messages = await parts.between(told, upTo, AT_ONCE);
      told = messages.length < AT_ONCE ? upTo : (messages.at(-1)?.rev ?? upTo);
      if (messages.length > 0) for (const hearer of [...hearers]) hearer.changed(messages);
    }
  }

  const looking = coalesce(lookOn, (thrown) => {
    const error = asError(thrown);
    if (!isFlushFailed(error)) return parts.failed(error);
    for (const hearer of [...hearers]) hearer.lost(error);
  });

  return {
    look: looking.ask,
    hear(hearer) {
      hearers.add(hearer);
      return () => void hearers.delete(hearer);
    },
  };
}
