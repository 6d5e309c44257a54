import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../cpu-time.ts";
import { anyCodePoint } from "../fakes/any-text.ts";
import { cases } from "../many.ts";
import { atThisPaceMs } from "../pace.ts";
import { english } from "../words.ts";
import { typed } from "./rca-for-tests.ts";

const CASES = cases(3_000, 10_000);

describe("hostile text", () => {
  const bit = fc.oneof(
    fc.constantFrom(
      "seed:",
      "prompt:",
      "cfg:99",
      '"',
      "“",
      "”",
      " ",
      "--",
      "=",
      "\0",
      "\ud800",
      "__proto__:1",
      "image:",
      "seed:7",
      ",",
      ":",
      "\n",
    ),
    fc.string({ unit: anyCodePoint, maxLength: 6 }),
  );
  it(`gets a clear answer, ${CASES} times`, () => {
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 14 }), (bits) => {
        const result = typed(bits.join(""));
        if (!result.ok)
          expect(english(result.problem)).toMatchObject({
            code: "bad_args",
            text: expect.stringMatching(/^.+for example: /s),
          });
      }),
      { numRuns: CASES },
    );
  });
  it.each(['"', "seed:", "a ", "“x", "“ ", 'x" ', "seed=7 ", ","])(
    "takes a megabyte of %j in under a second of the processor",
    (unit) => {
      expect(cpuMsOf(() => typed(unit.repeat(1_000_000 / unit.length)))).toBeLessThan(atThisPaceMs(1000));
    },
  );
});
