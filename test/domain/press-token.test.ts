import { describe, expect, it } from "vitest";
import { jobIdOf } from "../../src/domain/ids.ts";
import type { Press } from "../../src/domain/press.ts";
import { buttonKeyOf, decodePress, encodePress } from "../../src/domain/press-token.ts";

const key = buttonKeyOf(Buffer.alloc(32, 3));

describe("button tokens", () => {
  it.each<[string, Partial<Press>]>([
    ["a verb that is too long", { verb: "abcdefghi" }],
    ["a job id of another form", { subject: { jobId: "short", pictures: 0 } }],
    ["a value that is no word", { arg: { page: "a b" } }],
    ["a value with a point", { arg: { page: "1.5" } }],
    ["more than a token holds", { arg: { whose: "everybodys", to: "newest" } }],
  ])("are not made for %s", (_what, change) => {
    const press: Press = { verb: "abcdefgh", subject: { jobId: jobIdOf("u"), pictures: "all" }, arg: {} };
    expect(() => encodePress(key, { ...press, ...change })).toThrow("not a valid button");
    expect(encodePress(key, press)).toContain("abcdefgh");
  });

  it.each([[undefined], [null], [7], [{}], [[]], [""], ["1."], ["\u0000".repeat(50)], ["x".repeat(1_000_000)]])(
    "refuse %j",
    (value) => {
      expect(decodePress(key, value)).toBeUndefined();
    },
  );

  it("are refused under another installation's key", () => {
    expect(
      decodePress(buttonKeyOf(Buffer.alloc(32, 4)), encodePress(key, { verb: "lock", subject: "chat", arg: {} })),
    ).toBeUndefined();
  });
});
