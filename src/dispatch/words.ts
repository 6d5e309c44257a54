import { createHash } from "node:crypto";
import type { Said } from "../domain/job.ts";
import type { Invocation } from "../ports/chat.ts";

/** What a command said and when, so that the same words can be known again when one of the two comes late. */
export function saidIn({ commandName, raw, about, attachments, sent }: Invocation, nowMs: number): Said {
  const files = attachments.map(({ name, sizeBytes }) => [name, sizeBytes]);
  const whole = JSON.stringify([
    commandName.toLowerCase(),
    raw,
    about?.messageId ?? "",
    about?.albumIndex ?? "",
    files,
  ]);
  const words = createHash("sha256").update(whole).digest("base64url").slice(0, 22);
  return { words, atMs: sent?.atMs ?? nowMs, ...(sent?.late ? { late: true } : {}) };
}
