import type { OutboxContent, OutboxKey, OutboxRow } from "../../ports/store.ts";

/** One message of one job, as a key of what this process remembers about it. */
export const messageKeyOf = (key: OutboxKey): string => `${key.jobId} ${wordOf(key)}`;

/**
 * What a platform knows a post by. The same over restarts and versions: a post whose answer was lost is found by it.
 * "g": in place of a message that is gone; "a": in place of the one in which it waited.
 */
export const nonceOf = (row: OutboxRow): string => {
  const word = row.kind === "job" ? (row.placedAnew ? "a" : "j") : wordOf(row);
  return `${row.message ? "g" : word}.${row.jobId}`;
};

function wordOf(content: OutboxContent): string {
  switch (content.kind) {
    case "job":
    case "waited":
      return content.kind;
    case "picture":
      return `pick${content.index}`;
    case "original":
      return `file${content.index}`;
  }
}
