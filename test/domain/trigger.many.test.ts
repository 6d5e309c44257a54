import fc from "fast-check";
import { expect, it } from "vitest";
import { withTrigger } from "../../src/domain/trigger.ts";
import { anyCodePoint } from "../fakes/any-text.ts";
import { cases } from "../many.ts";

it("is in the prompt exactly once, however often it is applied", () => {
  const rule = fc.record({
    trigger: fc.string({ unit: "grapheme", maxLength: 12 }),
    position: fc.constantFrom("start" as const, "end" as const),
    scale: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(fc.string({ unit: anyCodePoint, maxLength: 40 }), rule, (prompt, given) => {
      const once = withTrigger(prompt, given);
      expect(withTrigger(once, given)).toBe(once);
    }),
    { numRuns: cases(200, 3000) },
  );
});
