import { describe, expect, it } from "vitest";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { Press } from "../../src/domain/press.ts";
import { BUTTON_TOKEN_MAX_BYTES, buttonKeyOf, decodePress, encodePress } from "../../src/domain/press-token.ts";
import { seededChance } from "../fakes/chance.ts";
import { cases } from "../many.ts";

const ARGS: readonly Press["arg"][] = [{}, { page: "12" }, { whose: "mine", to: "newest" }, { scope: "everyone" }];
const TOKENS = cases(1000, 10_000);
const key = buttonKeyOf(Buffer.alloc(32, 3));

describe("button tokens", () => {
  it(`come back as they were, ${TOKENS} times, within the limit`, () => {
    const next = seededChance(1);
    for (let n = 0; n < TOKENS; n += 1) {
      const verb = Array.from({ length: 2 + Math.floor(next() * 7) }, () =>
        String.fromCharCode(97 + Math.floor(next() * 26)),
      ).join("");
      const pictures = n % 3 === 0 ? ("all" as const) : n % 4;
      const press: Press = {
        verb,
        subject: n % 10 === 0 ? "chat" : { jobId: jobIdOf(`u${n}`), pictures },
        arg: ARGS[n % ARGS.length] ?? {},
      };
      const token = encodePress(key, press);
      expect(Buffer.byteLength(token)).toBeLessThanOrEqual(BUTTON_TOKEN_MAX_BYTES);
      expect(decodePress(key, token)).toEqual(press);
    }
  });

  it(`are refused with one character changed, ${TOKENS} times`, () => {
    const next = seededChance(2);
    const token = encodePress(key, {
      verb: "reroll",
      subject: { jobId: jobIdOf("u"), pictures: 1 },
      arg: { from: "list" },
    });
    for (let n = 0; n < TOKENS; n += 1) {
      const at = Math.floor(next() * token.length);
      const other = String.fromCharCode(33 + Math.floor(next() * 90));
      const forged = token.slice(0, at) + other + token.slice(at + 1);
      if (forged !== token) expect(decodePress(key, forged)).toBeUndefined();
    }
  });
});
