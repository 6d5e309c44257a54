import { describe, expect, it } from "vitest";
import { textSchema } from "../../src/domain/text-schema.ts";

/** A text that goes so many levels down. */
const nested = (levels: number): unknown =>
  levels === 1 ? { verbatim: "a" } : { parts: [nested(levels - 1)], as: "lines" };

describe("texts as they are stored", () => {
  it("are read at any depth that ours have, and no deeper", () => {
    for (let levels = 1; levels <= 8; levels += 1)
      expect(textSchema.safeParse(nested(levels)), `${levels}`).toEqual({ success: true, data: nested(levels) });
    expect(textSchema.safeParse(nested(9)).success).toBe(false);
  });

  it("are read where they stand in another's gap", () => {
    const text = { id: "card.making.at", args: { place: { id: "card.making", args: { at: 3 } } } };
    expect(textSchema.parse(text)).toEqual(text);
  });

  it("are shown as they stand where they were written before texts had ids", () => {
    expect(textSchema.parse("a red fox")).toEqual({ verbatim: "a red fox" });
  });
});
