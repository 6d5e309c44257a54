import { createHash } from "node:crypto";
import { ok, type Result, refuse } from "../domain/problem.ts";
import { newShortCode, shortCodeIn } from "../domain/short-code.ts";
import { sentences, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { LinkCode } from "../ports/chat.ts";

const HOLDS_MS = 10 * 60_000;
const TRIES = 5;
/** Of all whom nobody can tell apart. */
const TRIES_TOGETHER = 100;
const CODES_MAX = 10_000;
const TRIERS_MAX = 10_000;

/**
 * A code that says on one device, or one platform, who somebody is on another: eight characters, for ten minutes, good for once;
 * and whoever types five wrong ones waits until ten minutes after the first of them. Of a code no more than its hash is kept, and
 * that in memory: a restart ends all of them.
 */
export interface LinkCodes {
  /** A new one; an earlier one of this member ends. */
  issue(memberId: string): LinkCode;
  /** Whose it is. @param by who types it, whatever tells them apart; `undefined`: nothing does */
  redeem(typed: string, by: string | undefined): Result<{ readonly memberId: string }>;
}

export function createLinkCodes({
  nowMs,
  below,
}: {
  readonly nowMs: () => number;
  readonly below: (max: number) => number;
}): LinkCodes {
  const codes = new BoundedMap<{ readonly memberId: string; readonly untilMs: number }>(CODES_MAX);
  const codeOf = new BoundedMap<string>(CODES_MAX);
  const wrong = new BoundedMap<{ readonly tries: number; readonly untilMs: number }>(TRIERS_MAX);
  // Looked up by its hash: how long that takes tells nothing of the code.
  const hashOf = (code: string) => createHash("sha256").update(code).digest("base64url");
  const holds = ({ untilMs }: { readonly untilMs: number }) => {
    const leftMs = untilMs - nowMs();
    // A clock that went back must not keep anybody out, nor a code alive.
    return leftMs > 0 && leftMs <= HOLDS_MS;
  };

  return {
    issue(memberId) {
      codes.delete(codeOf.get(memberId) ?? "");
      const code = newShortCode(below);
      const untilMs = nowMs() + HOLDS_MS;
      codes.set(hashOf(code), { memberId, untilMs });
      codeOf.set(memberId, hashOf(code));
      return { code, untilMs };
    },

    redeem(typed, by) {
      const key = by === undefined ? "together" : `by ${by}`;
      const tried = wrong.get(key);
      const before = tried && holds(tried) ? tried : undefined;
      if (before && before.tries >= (by === undefined ? TRIES_TOGETHER : TRIES)) {
        const wait = text("web.wait", { duration: duration(before.untilMs - nowMs()) });
        return refuse({
          code: "not_allowed",
          text: sentences(text("link.tries"), wait),
          retryAtMs: before.untilMs,
        });
      }
      const code = shortCodeIn(typed);
      const hash = code === undefined ? "" : hashOf(code);
      const found = codes.get(hash);
      if (found && holds(found)) {
        codes.delete(hash);
        codeOf.delete(found.memberId);
        return ok({ memberId: found.memberId });
      }
      wrong.set(key, { tries: (before?.tries ?? 0) + 1, untilMs: before?.untilMs ?? nowMs() + HOLDS_MS });
      return refuse({ code: "bad_args", text: text("link.wrong") });
    },
  };
}
