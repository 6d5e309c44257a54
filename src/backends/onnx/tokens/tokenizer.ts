import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseForeignJson } from "../../../lib/foreign-json.ts";
import { clipTokenizer } from "./clip-vocabulary.ts";
import { t5Tokenizer } from "./sentence-piece.ts";

export interface PromptTokenizer {
  /** Ids with special tokens, as many as there are. */
  readonly encode: (text: string) => readonly number[];
  /** What fills up a short text. */
  readonly padId: number;
}

/** What a folder holds says which of them it is. */
const FILES = { whole: "tokenizer.json", vocab: "vocab.json", merges: "merges.txt", pieces: "spiece.model" } as const;

const configSchema = z.looseObject({
  pad_token: z.union([z.string(), z.looseObject({ content: z.string() })]).nullish(),
  extra_ids: z.int().min(0).max(10_000).optional(),
});
const vocabSchema = z.record(z.string(), z.int().min(0));

/**
 * The tokenizer of one folder of a model: tokenizer.json where it is there, else made of CLIP's vocabulary or T5's pieces.
 *
 * @throws Error that names the file at fault
 */
export async function loadTokenizer(folder: string): Promise<PromptTokenizer> {
  const { Tokenizer } = await import("@huggingface/tokenizers");
  const at = (file: string) => join(folder, file);
  const has = (file: string) => existsSync(at(file));
  const config = has("tokenizer_config.json") ? jsonOf(at("tokenizer_config.json"), configSchema) : {};
  const made = (): object => {
    if (has(FILES.whole)) return jsonOf(at(FILES.whole), z.looseObject({}));
    if (has(FILES.pieces))
      return naming(at(FILES.pieces), () => t5Tokenizer(readFileSync(at(FILES.pieces)), config.extra_ids ?? 0));
    const vocab = jsonOf(at(FILES.vocab), vocabSchema);
    return naming(at(FILES.merges), () => clipTokenizer(vocab, readFileSync(at(FILES.merges), "utf8")));
  };
  const tokenizer = new Tokenizer(made(), config);
  const pad = typeof config.pad_token === "string" ? config.pad_token : config.pad_token?.content;
  return {
    encode: (text) => tokenizer.encode(text).ids,
    padId: (pad === undefined ? undefined : tokenizer.token_to_id(pad)) ?? 0,
  };
}

/** Exactly `length` ids, as transformers pads and cuts: a text that is cut keeps its last special token. */
export function paddedIds(
  { encode, padId }: PromptTokenizer,
  text: string,
  length: number,
): BigInt64Array<ArrayBuffer> {
  const ids = encode(text);
  const cut = ids.length > length ? [...ids.slice(0, length - 1), ids.at(-1) ?? padId] : ids;
  const padded = new BigInt64Array(length).fill(BigInt(padId));
  for (const [at, id] of cut.entries()) padded[at] = BigInt(id);
  return padded;
}

function jsonOf<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  return naming(path, () => schema.parse(parseForeignJson(readFileSync(path, "utf8"))));
}

function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(
      `${path} cannot be used: ${cause instanceof Error && !(cause instanceof z.ZodError) ? cause.message : "it is not what belongs there"}`,
      { cause },
    );
  }
}
