const START = "<|startoftext|>";
const END = "<|endoftext|>";
const WORDS = "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/**
 * CLIP's `vocab.json` and `merges.txt` as a `tokenizer.json`.
 *
 * @param merges the text of merges.txt: a line of version, then a pair a line
 * @throws Error for a vocabulary that is not CLIP's
 */
export function clipTokenizer(vocab: Readonly<Record<string, number>>, merges: string): object {
  const [start, end] = [vocab[START], vocab[END]];
  if (start === undefined || end === undefined) throw new Error(`has no ${START} or ${END}: it is not CLIP's`);
  const plain = { single_word: false, lstrip: false, rstrip: false, special: true };
  return {
    version: "1.0",
    added_tokens: [
      { id: start, content: START, ...plain, normalized: true },
      { id: end, content: END, ...plain, normalized: false },
    ],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: WORDS }, behavior: "Removed", invert: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: [END, end],
      cls: [START, start],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: END,
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      vocab,
      merges: merges
        .split("\n")
        .slice(1)
        .filter((line) => line !== ""),
    },
  };
}
