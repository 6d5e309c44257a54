import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { namedWaitMs } from "../../lib/named-wait.ts";
import { BackendError } from "../../ports/backend.ts";
import { type BackendSentence, forOperator, sentence } from "../../ports/backend-sentence.ts";
import type { HttpAnswer } from "../shared/http.ts";
import { NAME } from "./wire.ts";

const BUSY_MAX_MS = 600_000;

const bodySchema = z.object({ rc: z.string().max(80) });

/** The Horde's own names for its errors; its texts hold the prompt. */
export function explain({ status, bytes, headers }: HttpAnswer): BackendError | undefined {
  const rc = rcOf(bytes);
  if (rc === undefined) return undefined;
  const because = (
    code: BackendError["code"],
    memberText?: BackendSentence,
    more: { readonly elsewhere?: boolean; readonly retryAfterMs?: number } = {},
  ) => new BackendError(NAME, code, `answered ${rc}`, { ...(memberText === undefined ? {} : { memberText }), ...more });
  if (/Kudos/.test(rc)) return because("quota", sentence("backend.horde.kudos"));
  if (rc === "CorruptPrompt") return because("moderated", sentence("backend.horde.words-refused"));
  if (rc === "InvalidAPIKey" || rc === "UserNotFound") return because("auth");
  if (rc === "MaintenanceMode" || status === 503)
    return because("offline", sentence("backend.horde.maintained"), { retryAfterMs: 600_000 });
  if (rc === "TimeoutIP" || rc === "UntrustedUnsafeIP")
    return because("auth", forOperator(sentence("backend.horde.shut-out")));
  if (status === 429) {
    const waitMs = namedWaitMs(Number(headers["retry-after"]) * 1000);
    return because("busy", undefined, waitMs === undefined ? {} : { retryAfterMs: Math.min(waitMs, BUSY_MAX_MS) });
  }
  // What we ask for was checked before, so a refusal speaks of the Horde.
  if (status === 400) return because("rejected", sentence("backend.error.refused-settings"), { elsewhere: true });
  return undefined;
}

function rcOf(bytes: Uint8Array): string | undefined {
  try {
    return bodySchema.parse(parseForeignJson(new TextDecoder().decode(bytes))).rc;
  } catch {
    return undefined;
  }
}
