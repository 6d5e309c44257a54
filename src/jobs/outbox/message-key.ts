import type { LogFields } from "../../ports/log.ts";
import { type OutboxContent, type OutboxKey, type OutboxRow, ownerIdOf } from "../../ports/store.ts";

/** One message of its owner, as a key of what this process remembers about it. */
export const messageKeyOf = (key: OutboxKey): string => `${ownerIdOf(key)} ${wordOf(key)}`;

/** For the log. */
export function ownerFields(key: OutboxKey): LogFields {
  const { kind } = key;
  if (key.decisionId !== undefined) return { decision: key.decisionId, kind };
  if (key.meetingId !== undefined) return { meeting: key.meetingId, kind };
  return key.documentId === undefined ? { job: key.jobId, kind } : { document: key.documentId, kind };
}

/**
 * What a platform knows a post by. The same over restarts and versions: a post whose answer was lost is found by it.
 * "g": in place of a message that is gone; "a", "m1" …: at the end of the chat, in place of one that stays where it is.
 */
export const nonceOf = (row: OutboxRow): string => {
  return `${row.message ? "g" : nonceWordOf(row)}.${ownerIdOf(row)}`;
};

function nonceWordOf(row: OutboxRow): string {
  switch (row.kind) {
    case "job":
      return row.placed === undefined ? "j" : "a";
    case "decision":
      return "d";
    case "reminder":
      return "r";
    case "meeting":
      return `m${row.placed ?? ""}`;
    case "document":
      return "f";
    default:
      return wordOf(row);
  }
}

function wordOf(content: OutboxContent): string {
  switch (content.kind) {
    case "job":
    case "waited":
    case "decision":
    case "reminder":
    case "meeting":
    case "opening":
    case "document":
      return content.kind;
    case "item":
      return `item${content.index}`;
    case "picture":
      return `pick${content.index}`;
    case "original":
      return `file${content.index}`;
  }
}
