import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStyles } from "../../src/app/style-gallery.ts";
import { cases } from "../many.ts";

const CASES = cases(500, 10_000);

describe("a styles file", () => {
  it(`of any kind gets a clear answer, ${CASES} times`, () => {
    const key = fc.constantFrom("id", "title", "trigger", "defaults", "lora", "cfg", "examples", "__proto__");
    const entry = fc.dictionary(key, fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom("rca", "a", 3)), {
      maxKeys: 4,
    });
    const text = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.array(entry, { maxLength: 3 }).map((styles) => JSON.stringify({ styles })),
    );
    fc.assert(
      fc.property(text, (given) => {
        let said = "";
        try {
          parseStyles([{ file: "s.json", text: given }]);
        } catch (error) {
          said = String(error);
          expect(said).toMatch(/^Error: The styles have .*s\.json: /s);
        }
      }),
      { numRuns: CASES },
    );
  });
});
