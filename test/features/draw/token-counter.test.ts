import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  estimateTokens,
  estimatingCounter,
  lazyClipCounter,
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

it("encodes as CLIP's own tokenizer, text by text", (context) => {
  if (!existsSync(`${fixtures}/tokens/clip.json`)) return context.skip("needs ../shared/fixtures");
  const tokenizer = openClipTokenizer(`${fixtures}/tiny-flux/tokenizer`);
  const { texts } = JSON.parse(readFileSync(`${fixtures}/tokens/clip.json`, "utf8"));
  expect(texts.length).toBeGreaterThan(50);
  for (const { text, ids } of texts) expect.soft(tokenizer.encode(text), text).toEqual(ids);
});

describe("a model's own tokenizer", () => {
  const parts = new URL("../../fixtures/onnx/tiny-flux/tokenizer/", import.meta.url);
  const words = JSON.parse(readFileSync(new URL("vocab.json", parts), "utf8"));
  const merges = readFileSync(new URL("merges.txt", parts), "utf8").split("\n").slice(1).filter(Boolean);
  const prompt = "RCA style, a red fox in the snow";
  const folderWith = (whole: unknown): string => {
    const folder = mkdtempSync(join(tmpdir(), "placard-tokenizer-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(whole));
    return folder;
  };

  it("may be a tokenizer.json, with merges as words or as pairs", () => {
    const ids = openClipTokenizer(fileURLToPath(parts)).encode(prompt);
    expect(ids.length).toBeGreaterThan(8);
    for (const told of [merges, merges.map((merge) => merge.split(" "))])
      expect(openClipTokenizer(folderWith({ model: { vocab: words, merges: told } })).encode(prompt)).toEqual(ids);
  });

  it("that is not CLIP's is said once, and the length estimated", () => {
    const said: string[] = [];
    const folder = folderWith({ model: { vocab: { "<|im_start|>": 1 }, merges: [] } });
    const count = lazyClipCounter(folder, ({ message }) => said.push(message));
    expect(said).toEqual([]);
    expect([count(prompt), count("")]).toEqual([estimatingCounter(prompt), estimatingCounter("")]);
    expect(said).toEqual([expect.stringContaining("no start or end mark, so it is not CLIP's")]);
  });
});

it("says which words lie past the limit", () => {
  const words = (text: string) => ({ tokens: 2 + text.split(" ").filter(Boolean).length, exact: true });
  expect(wordsPast("one two three four", words, 4)).toBe("three four");
  expect(wordsPast("one two", words, 4)).toBe("");
  expect(wordsPast("one two", words, 2)).toBe("one two");
});
