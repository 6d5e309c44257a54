import { type OutboxRow, ownerIdOf } from "../../ports/store.ts";
import { messageKeyOf } from "./message-key.ts";

/**
 * "free": it can be sent. "under_way": that is being done. "held_up": something else of its owner is being sent, or too much of all.
 * "stale": something of its owner was sent, and noted, while the store was being asked. Its answer may be older: with a row that
 * tells of a message still missing it would be posted twice.
 */
type Standing = "free" | "under_way" | "held_up" | "stale";

/** Those without a message yet, and those with one. */
export const KINDS = ["unposted", "posted"] as const;
type SendKind = (typeof KINDS)[number];

/** What is being sent, by job or decision: those without a message apart, as they wait for no edit. */
export interface UnderWay {
  /** The store is being asked what is due from now on. One question at a time. */
  asking(): void;
  standingOf(row: OutboxRow): Standing;
  /** One more of this kind can be sent now. */
  hasRoom(kind: SendKind): boolean;
  /** In a crowd the store is worth asking again once many have ended since it was asked, or all. */
  readonly isWorthAsking: boolean;
  /** @returns what ends it */
  begin(row: OutboxRow): () => void;
}

/** @param atOnce of each kind */
export function createUnderWay(atOnce: number): UnderWay {
  const unposted = new Map<string, OutboxRow>();
  const posted = new Map<string, OutboxRow>();
  const ofKind = ({ message }: OutboxRow) => (message ? posted : unposted);
  let sentMeanwhile = new Set<string>();
  let endedSince = 0;
  return {
    asking() {
      sentMeanwhile = new Set();
      endedSince = 0;
    },
    get isWorthAsking() {
      return endedSince >= atOnce / 4 || unposted.size + posted.size === 0;
    },
    hasRoom: (kind) => (kind === "unposted" ? unposted : posted).size < atOnce,
    standingOf(row) {
      const owner = ownerIdOf(row);
      const sent = unposted.get(owner) ?? posted.get(owner);
      if (sent && sent.revision === row.revision && messageKeyOf(sent) === messageKeyOf(row)) return "under_way";
      if (sentMeanwhile.has(owner)) return "stale";
      return sent || ofKind(row).size >= atOnce ? "held_up" : "free";
    },
    begin(row) {
      const owner = ownerIdOf(row);
      ofKind(row).set(owner, row);
      return () => {
        ofKind(row).delete(owner);
        sentMeanwhile.add(owner);
        endedSince += 1;
      };
    },
  };
}
