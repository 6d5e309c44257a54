import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  estimateTokens,
  estimatingCounter,
  openClipTokenizer,
  wordsPast,
} from "../../../src/features/draw/token-counter.ts";

const fixtures = "../shared/fixtures/onnx";

// Counts of openai/CLIP's own vocabulary, taken once with the package instant-clip-tokenizer 0.1.1.
const REAL: readonly (readonly [text: string, tokens: number])[] = JSON.parse(
  readFileSync(new URL("../../fixtures/clip-counts.json", import.meta.url), "utf8"),
);

describe("the estimate", () => {
  const english = 11;
  it.each([
    ["a fifth of CLIP's own count for English prompts", REAL.slice(0, english), 0.2],
    ["two fifths for other languages", REAL.slice(english), 0.4],
  ])("is within %s", (_what, rows, part) => {
    expect(rows.length).toBeGreaterThan(4);
    for (const [text, tokens] of rows)
      expect.soft(Math.abs(estimateTokens(text) - tokens), text).toBeLessThanOrEqual(Math.max(1, tokens * part));
  });
  it("says that it is one", () => expect(estimatingCounter("")).toEqual({ tokens: 2, exact: false }));
});

it("encodes as CLIP's own tokenizer, text by text", async (context) => {
  if (!existsSync(`${fixtures}/tokens/clip.json`)) return context.skip("needs ../shared/fixtures");
  const tokenizer = await openClipTokenizer(`${fixtures}/tiny-flux/tokenizer`);
  const { texts } = JSON.parse(readFileSync(`${fixtures}/tokens/clip.json`, "utf8"));
  expect(texts.length).toBeGreaterThan(50);
  for (const { text, ids } of texts) expect.soft(tokenizer.encode(text), text).toEqual(ids);
});

it("says which words lie past the limit", () => {
  const words = (text: string) => ({ tokens: 2 + text.split(" ").filter(Boolean).length, exact: true });
  expect(wordsPast("one two three four", words, 4)).toBe("three four");
  expect(wordsPast("one two", words, 4)).toBe("");
  expect(wordsPast("one two", words, 2)).toBe("one two");
});
