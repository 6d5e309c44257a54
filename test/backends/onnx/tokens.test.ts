import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { clipTokenizer } from "../../../src/backends/onnx/tokens/clip-vocabulary.ts";
import { t5Tokenizer } from "../../../src/backends/onnx/tokens/sentence-piece.ts";
import { loadTokenizer, paddedIds } from "../../../src/backends/onnx/tokens/tokenizer.ts";
import { FIXTURES } from "./references.ts";

const schema = z.object({
  texts: z.array(z.object({ text: z.string(), ids: z.array(z.int()), tie: z.boolean().optional() })),
});
const FOLDERS = { clip: "tokenizer", t5: "tokenizer_2" } as const;
const folderOf = (which: keyof typeof FOLDERS) => join(FIXTURES, "tiny-flux", FOLDERS[which]);

describe.each(["clip", "t5"] as const)("the tokenizer of %s, made of its vocabulary", (which) => {
  const { texts } = schema.parse(JSON.parse(readFileSync(join(FIXTURES, "tokens", `${which}.json`), "utf8")));

  it(`gives the ids of ${texts.length} texts`, async () => {
    const { encode } = await loadTokenizer(folderOf(which));
    // Where two ways are equally good, the references follow sentencepiece.
    const wrong = texts.filter(({ text, ids, tie }) => tie !== true && encode(text).join() !== ids.join());
    expect(wrong.map(({ text }) => text)).toEqual([]);
  });

  it("fills up a short text, and cuts a long one before its last special token", async () => {
    const tokenizer = await loadTokenizer(folderOf(which));
    const ids = tokenizer.encode("a red fox");
    const filled = Array.from(paddedIds(tokenizer, "a red fox", 77), Number);
    expect(filled).toEqual([...ids, ...Array(77 - ids.length).fill(tokenizer.padId)]);
    const cut = Array.from(paddedIds(tokenizer, "fox ".repeat(200), 77), Number);
    expect(cut).toHaveLength(77);
    expect(cut.at(-1)).toBe(ids.at(-1));
  });
});

describe("a vocabulary that is not what it should be", () => {
  it("is named with what it lacks", () => {
    expect(() => clipTokenizer({ a: 1 }, "")).toThrow("<|startoftext|>");
    expect(() => t5Tokenizer(new Uint8Array([10, 0]), 0)).toThrow("<pad>");
    expect(() => t5Tokenizer(new Uint8Array([10, 200]), 0)).toThrow("cut off");
  });

  it("is named by its file", async () => {
    await expect(loadTokenizer(join(FIXTURES, "rng"))).rejects.toThrow(/vocab\.json/);
  });
});
