import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";

/** Counts the start and end marks too, as CLIP does: an empty text has 2 tokens. `exact`: by a real vocabulary. */
export type TokenCounter = (text: string) => { readonly tokens: number; readonly exact: boolean };

/** What CLIP reads: 75 tokens of text between its start and end marks. */
export const TOKEN_LIMIT = 77;

// The pre-tokeniser of openai/CLIP; both special tokens are single pieces.
const PIECES = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;
const SPECIAL = ["<|startoftext|>", "<|endoftext|>"] as const;

const piecesOf = (text: string): readonly string[] =>
  text.normalize("NFC").replace(/\s+/gu, " ").toLowerCase().match(PIECES) ?? [];

/**
 * CLIP's count without its vocabulary. Latin words cost 1 up to 8 letters and 1 more per 6 further ones, because frequent
 * short words are single tokens; digits cost 1; runs of punctuation 1 per 3; other scripts are byte pairs, about 0.5 per
 * UTF-8 byte, Latin words with accents 1 per 2 letters. Measured against CLIP's own counts in `test/tokens.test.ts`: within
 * a fifth for English prompts, within two fifths for other languages.
 */
export function estimateTokens(text: string): number {
  let tokens = 2;
  for (const piece of piecesOf(text)) tokens += estimatePiece(piece);
  return tokens;
}

function estimatePiece(piece: string): number {
  if ((SPECIAL as readonly string[]).includes(piece)) return 1;
  if (/^[a-z]+$/u.test(piece)) return piece.length <= 8 ? 1 : 1 + Math.ceil((piece.length - 8) / 6);
  if (/^\p{Script=Latin}+$/u.test(piece)) return Math.ceil(piece.length / 2);
  const bytes = Buffer.byteLength(piece);
  if (bytes === piece.length) return Math.ceil(piece.length / 3);
  return Math.max(1, Math.ceil(bytes / 2));
}

export const estimatingCounter: TokenCounter = (text) => ({ tokens: estimateTokens(text), exact: false });

/** Byte-level BPE as CLIP does it: the ids of a text, start and end marks included. */
export interface ClipTokenizer {
  encode(text: string): readonly number[];
  readonly count: TokenCounter;
}

const vocabularySchema = z.record(z.string(), z.int().min(0));

const NEEDED = "must be a folder with CLIP's vocab.json and merges.txt";

/**
 * The counter of the folder that the setting CLIP_TOKENIZER_DIR names.
 *
 * @throws Error that says what the setting must be
 */
export function loadClipTokenizer(folder: string): TokenCounter {
  try {
    return openClipTokenizer(folder).count;
  } catch (error) {
    throw new Error(`CLIP_TOKENIZER_DIR: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * The exact counter of a folder, read at its first text: a program that nobody asks for a picture does not hold the
 * vocabulary. Where the folder turns out to be no use it estimates, and says why once.
 */
export function lazyClipCounter(folder: string, lacking: (error: Error) => void): TokenCounter {
  let counter: TokenCounter | undefined;
  const opened = (): TokenCounter => {
    try {
      return openClipTokenizer(folder).count;
    } catch (error) {
      lacking(error instanceof Error ? error : new Error(String(error)));
      return estimatingCounter;
    }
  };
  return (text) => {
    counter ??= opened();
    return counter(text);
  };
}

interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly merges: readonly string[];
}

/**
 * @param folder with CLIP's `tokenizer.json`, or its `vocab.json` and `merges.txt`: the `tokenizer` folder of a FLUX or Stable
 * Diffusion model
 * @throws Error when a file is missing or is not what its name says
 */
export function openClipTokenizer(folder: string): ClipTokenizer {
  const { ids, merges } = existsSync(join(folder, WHOLE)) ? wholeIn(folder) : partsIn(folder);
  return tokenizerOf(ids, new Map(merges.map((merge, rank) => [merge.trim(), rank])));
}

const WHOLE = "tokenizer.json";
const wholeSchema = z.looseObject({
  model: z.looseObject({
    vocab: vocabularySchema,
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});

function wholeIn(folder: string): Vocabulary {
  const { model } = parsed(WHOLE, textIn(folder, WHOLE), wholeSchema, "has no list of words and merges");
  const merges = model.merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
  return { ids: new Map(Object.entries(model.vocab)), merges };
}

function partsIn(folder: string): Vocabulary {
  const [vocabulary, merges] = [textIn(folder, "vocab.json"), textIn(folder, "merges.txt")];
  const words = parsed("vocab.json", vocabulary, vocabularySchema, "is not a list of words and their numbers");
  const lines = merges.split(/\r?\n/u);
  return {
    ids: new Map(Object.entries(words)),
    merges: lines.filter((line, at) => line.trim() !== "" && !(at === 0 && line.startsWith("#version"))),
  };
}

function textIn(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch (cause) {
    throw new Error(`${NEEDED}; ${name} is missing or cannot be read`, { cause });
  }
}

function parsed<S extends z.ZodType>(name: string, text: string, schema: S, fault: string): z.output<S> {
  try {
    return schema.parse(parseForeignJson(text));
  } catch (cause) {
    throw new Error(`${NEEDED}; its ${name} ${fault}`, { cause });
  }
}

function tokenizerOf(vocabulary: ReadonlyMap<string, number>, ranks: ReadonlyMap<string, number>): ClipTokenizer {
  const [start, end] = SPECIAL.map((mark) => vocabulary.get(mark));
  if (start === undefined || end === undefined)
    throw new Error(`${NEEDED}; its words have no start or end mark, so it is not CLIP's`);
  const known = new Map<string, readonly number[]>();
  const idsOf = (piece: string): readonly number[] => {
    const special = SPECIAL.indexOf(piece as (typeof SPECIAL)[number]);
    if (special >= 0) return [special === 0 ? start : end];
    const before = known.get(piece);
    if (before) return before;
    const ids = mergedParts(piece, ranks).map((part) => vocabulary.get(part) ?? end);
    // Hostile text must not fill the memory with words nobody types twice.
    if (known.size < 10_000 && piece.length < 64) known.set(piece, ids);
    return ids;
  };
  const encode = (text: string) => [start, ...piecesOf(text).flatMap(idsOf), end];
  return { encode, count: (text) => ({ tokens: encode(text).length, exact: true }) };
}

// Merging is quadratic in the piece; longer runs without a space are cut, which costs at most a token per cut.
const PIECE_MAX_BYTES = 512;

function mergedParts(piece: string, ranks: ReadonlyMap<string, number>): readonly string[] {
  const letters = [...Buffer.from(piece, "utf8")].map((byte) => BYTE_LETTERS[byte] ?? "");
  const parts: string[] = [];
  for (let at = 0; at < letters.length; at += PIECE_MAX_BYTES) {
    const slice = letters.slice(at, at + PIECE_MAX_BYTES);
    if (at + PIECE_MAX_BYTES >= letters.length) slice.push(`${slice.pop() ?? ""}</w>`);
    parts.push(...merge(slice, ranks));
  }
  return parts;
}

function merge(letters: readonly string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  let parts = [...letters];
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    for (let at = 1; at < parts.length; at++) best = Math.min(best, ranks.get(`${parts[at - 1]} ${parts[at]}`) ?? best);
    if (best === Number.POSITIVE_INFINITY) return parts;
    const merged: string[] = [];
    for (let at = 0; at < parts.length; at++) {
      const [left, right] = [parts[at] ?? "", parts[at + 1]];
      const joins = right !== undefined && ranks.get(`${left} ${right}`) === best;
      merged.push(joins ? left + right : left);
      if (joins) at += 1;
    }
    parts = merged;
  }
}

/** GPT-2's table: every byte as a printable character. */
const BYTE_LETTERS: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
})();

/** The words of `text` that lie past `limit` tokens, as typed; empty when everything is read. */
export function wordsPast(text: string, countTokens: TokenCounter, limit: number = TOKEN_LIMIT): string {
  if (countTokens(text).tokens <= limit) return "";
  const ends = [...text.matchAll(/\S+/gu)].map((word) => word.index + word[0].length);
  let [fits, misses] = [0, ends.length];
  // The first `fits` words are read, `misses` words are too many.
  while (misses - fits > 1) {
    const middle = (fits + misses) >> 1;
    if (countTokens(text.slice(0, ends[middle - 1])).tokens <= limit) fits = middle;
    else misses = middle;
  }
  return text.slice(fits === 0 ? 0 : ends[fits - 1]).trim();
}
