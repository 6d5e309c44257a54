import { createHash } from "node:crypto";
import { z } from "zod";
import type { Person } from "../domain/block.ts";
import type { Result } from "../domain/problem.ts";
import { newShortCode, shortCodeIn } from "../domain/short-code.ts";
import { text } from "../domain/text.ts";
import { createKeyedSerial } from "../lib/serial.ts";
import type { LinkCode } from "../ports/chat.ts";
import type { KeyValues } from "../ports/key-values.ts";
import { createCodeTries } from "./code-tries.ts";
import { createTimedValues } from "./timed-values.ts";

const HOLDS_MS = 10 * 60_000;

/**
 * A code that says on one device, or one platform, who somebody is on another: eight characters, for ten minutes, good for once;
 * and whoever types five wrong ones waits until ten minutes after the first of them. All of it survives a restart; of a code no
 * more than its hash is kept.
 */
export interface LinkCodes {
  /** A new one; an earlier one of this member ends. */
  issue(member: Person): Promise<LinkCode>;
  /** Whose it is. @param by who types it, whatever tells them apart; `undefined`: nothing does. memberId: of who types it; their own code stays good */
  redeem(typed: string, by: string | undefined, memberId?: string): Promise<Result<Person>>;
}

const until = { untilMs: z.number() };
const codeSchema = z.object({ ...until, memberId: z.string(), name: z.string() });
const ownSchema = z.object({ ...until, hash: z.string() });

export function createLinkCodes({
  keyValues,
  nowMs,
  below,
}: {
  readonly keyValues: KeyValues;
  readonly nowMs: () => number;
  readonly below: (max: number) => number;
}): LinkCodes {
  // What cannot be read is over: a code can be asked for again.
  const timed = createTimedValues({ keyValues, nowMs, holdsMs: HOLDS_MS });
  const codes = timed.open("link-codes", codeSchema);
  const codeOf = timed.open("link-codes.own", ownSchema);
  const tries = createCodeTries(timed, { namespace: "link-codes.tries", wrong: text("link.wrong") });
  const oneByOne = createKeyedSerial();
  // Looked up by its hash: how long that takes tells nothing of the code.
  const hashOf = (code: string) => createHash("sha256").update(code).digest("base64url");

  return {
    issue: (member) =>
      oneByOne.run(`of ${member.id}`, async () => {
        await timed.sweep();
        const earlier = await codeOf.get(member.id);
        if (earlier) await codes.delete(earlier.hash);
        const code = newShortCode(below);
        const hash = hashOf(code);
        const untilMs = nowMs() + HOLDS_MS;
        await codeOf.set(member.id, { hash, untilMs });
        await codes.set(hash, { memberId: member.id, name: member.name, untilMs });
        return { code, untilMs };
      }),

    redeem: (typed, by, memberId) =>
      tries.attempt(by, async () => {
        const code = shortCodeIn(typed);
        const hash = code === undefined ? "" : hashOf(code);
        const found = code === undefined ? undefined : await codes.get(hash);
        if (!found || !timed.holds(found)) return undefined;
        // Of two who type it at once, whoever takes it away has it.
        const isTheirs = found.memberId === memberId || (await codes.delete(hash));
        return isTheirs ? { id: found.memberId, name: found.name } : undefined;
      }),
  };
}
