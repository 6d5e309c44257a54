import { describe, expect, it } from "vitest";
import { jobIdOf } from "../../src/domain/ids.ts";
import { buttonKeyOf, decodePress, encodePress } from "../../src/domain/press-token.ts";

const key = buttonKeyOf(Buffer.alloc(32, 3));

describe("button tokens", () => {
  it.each([[undefined], [null], [7], [{}], [[]], [""], ["1."], ["\u0000".repeat(50)], ["x".repeat(1_000_000)]])(
    "refuse %j",
    (value) => {
      expect(decodePress(key, value)).toBeUndefined();
    },
  );

  it("are refused under another installation's key", () => {
    expect(
      decodePress(buttonKeyOf(Buffer.alloc(32, 4)), encodePress(key, { verb: "lock", jobId: jobIdOf("u"), index: 0 })),
    ).toBeUndefined();
  });
});
