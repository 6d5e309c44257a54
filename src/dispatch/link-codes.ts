import { createHash } from "node:crypto";
import { z } from "zod";
import type { Person } from "../domain/block.ts";
import { ok, type Result, refuse } from "../domain/problem.ts";
import { newShortCode, shortCodeIn } from "../domain/short-code.ts";
import { sentences, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import { createKeyedSerial } from "../lib/serial.ts";
import type { LinkCode } from "../ports/chat.ts";
import type { KeyValues } from "../ports/key-values.ts";
import { openValues, type Values } from "../ports/values.ts";

const HOLDS_MS = 10 * 60_000;
const TRIES = 5;
/** Of all whom nobody can tell apart. */
const TRIES_TOGETHER = 100;
/** Of codes, and of those who typed wrong ones; the oldest beyond them end. */
const KEPT_MAX = 10_000;
/** What is over lies there at most so long. */
const SWEEP_EVERY_MS = 60_000;

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
const triesSchema = z.object({ ...until, tries: z.int() });
type Timed = { readonly untilMs: number };

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
  const open = <S extends z.ZodType<Timed>>(namespace: string, schema: S): Values<z.output<S>> =>
    openValues({ storage: keyValues(), namespace, read: (value) => schema.safeParse(value).data });
  const codes = open("link-codes", codeSchema);
  const codeOf = open("link-codes.own", ownSchema);
  const wrong = open("link-codes.tries", triesSchema);
  const oneByOne = createKeyedSerial();
  let sweptAtMs = Number.NEGATIVE_INFINITY;
  // Looked up by its hash: how long that takes tells nothing of the code.
  const hashOf = (code: string) => createHash("sha256").update(code).digest("base64url");
  const holds = ({ untilMs }: Timed) => {
    const leftMs = untilMs - nowMs();
    // A clock that went back must not keep anybody out, nor a code alive.
    return leftMs > 0 && leftMs <= HOLDS_MS;
  };

  async function sweep(): Promise<void> {
    if (Math.abs(nowMs() - sweptAtMs) < SWEEP_EVERY_MS) return;
    sweptAtMs = nowMs();
    for (const values of [codes, codeOf, wrong]) {
      const entries: readonly (readonly [string, Timed])[] = await values.entries();
      const oldestFirst = entries.toSorted(([, a], [, b]) => a.untilMs - b.untilMs);
      const tooMany = oldestFirst.length - KEPT_MAX;
      for (const [at, [key, value]] of oldestFirst.entries())
        if (at < tooMany || !holds(value)) await values.delete(key);
    }
  }

  async function tried(key: string): Promise<z.output<typeof triesSchema> | undefined> {
    const before = await wrong.get(key);
    return before && holds(before) ? before : undefined;
  }

  return {
    issue: (member) =>
      oneByOne.run(`of ${member.id}`, async () => {
        await sweep();
        const earlier = await codeOf.get(member.id);
        if (earlier) await codes.delete(earlier.hash);
        const code = newShortCode(below);
        const hash = hashOf(code);
        const untilMs = nowMs() + HOLDS_MS;
        await codeOf.set(member.id, { hash, untilMs });
        await codes.set(hash, { memberId: member.id, name: member.name, untilMs });
        return { code, untilMs };
      }),

    redeem(typed, by, memberId) {
      const key = by === undefined ? "together" : `by ${by}`;
      // One after the other, or many at once would all be the first.
      return oneByOne.run(key, async () => {
        const before = await tried(key);
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
        const found = code === undefined ? undefined : await codes.get(hash);
        // Of two who type it at once, whoever takes it away has it.
        if (found && holds(found) && (found.memberId === memberId || (await codes.delete(hash))))
          return ok({ id: found.memberId, name: found.name });
        await sweep();
        await wrong.set(key, { tries: (before?.tries ?? 0) + 1, untilMs: before?.untilMs ?? nowMs() + HOLDS_MS });
        return refuse({ code: "bad_args", text: text("link.wrong") });
      });
    },
  };
}
