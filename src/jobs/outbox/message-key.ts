import type { LogFields } from "../../ports/log.ts";
import type { OutboxContent, OutboxKey, OutboxRow } from "../../ports/store.ts";

/** Whose messages are sent one after the other: of a job, or of a decision. */
export const ownerOf = (key: OutboxKey): string => key.decisionId ?? key.jobId;

/** One message of its owner, as a key of what this process remembers about it. */
export const messageKeyOf = (key: OutboxKey): string => `${ownerOf(key)} ${wordOf(key)}`;

/** For the log. */
export const ownerFields = (key: OutboxKey): LogFields =>
  key.decisionId === undefined ? { job: key.jobId, kind: key.kind } : { decision: key.decisionId, kind: key.kind };

/**
 * What a platform knows a post by. The same over restarts and versions: a post whose answer was lost is found by it.
 * "g": in place of a message that is gone; "a": in place of the one in which it waited.
 */
export const nonceOf = (row: OutboxRow): string => {
  return `${row.message ? "g" : nonceWordOf(row)}.${ownerOf(row)}`;
};

function nonceWordOf(row: OutboxRow): string {
  switch (row.kind) {
    case "job":
      return row.placedAnew ? "a" : "j";
    case "decision":
      return "d";
    case "reminder":
      return "r";
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
      return content.kind;
    case "picture":
      return `pick${content.index}`;
    case "original":
      return `file${content.index}`;
  }
}
