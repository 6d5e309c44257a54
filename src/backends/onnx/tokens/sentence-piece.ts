import { bytesIn, readFields, textIn } from "../graph/protobuf.ts";

// Field numbers of sentencepiece_model.proto.
const MODEL = { piece: 1, normalizer: 3 } as const;
const PIECE = { text: 1, score: 2 } as const;
const NORMALIZER_CHARSMAP = 2;

const SPECIAL = ["<pad>", "</s>", "<unk>"] as const;
const END = "</s>";

/**
 * T5's `spiece.model` as a `tokenizer.json`.
 *
 * @param extraIds how many `<extra_id_…>` tokens stand at the end: `extra_ids` of tokenizer_config.json, 100 in T5 itself
 * @throws Error for what is no sentencepiece model
 */
export function t5Tokenizer(model: Uint8Array, extraIds: number): object {
  const fields = readFields(model);
  const pieces = bytesIn(fields, MODEL.piece).map(pieceOf);
  const extra = Array.from({ length: extraIds }, (_, at) => [`<extra_id_${extraIds - 1 - at}>`, 0] as const);
  const vocab = [...pieces, ...extra];
  const idOf = new Map(vocab.map(([text], id) => [text, id]));
  const lacking = SPECIAL.find((token) => !idOf.has(token));
  if (lacking !== undefined) throw new Error(`has no ${lacking}: it is not T5's`);
  const [charsmap] = bytesIn(fields, MODEL.normalizer).flatMap((spec) =>
    bytesIn(readFields(spec), NORMALIZER_CHARSMAP),
  );
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", add_prefix_space: true };
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    added_tokens: SPECIAL.map((content) => ({ id: idOf.get(content), content, ...plain })),
    normalizer: {
      type: "Sequence",
      normalizers: [
        ...(charsmap && charsmap.length > 0
          ? [{ type: "Precompiled", precompiled_charsmap: Buffer.from(charsmap).toString("base64") }]
          : []),
        { type: "Strip", strip_left: true, strip_right: true },
        { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
      ],
    },
    pre_tokenizer: { ...metaspace, split: true },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: END, type_id: 0 } }],
      pair: [],
      special_tokens: { [END]: { id: END, ids: [idOf.get(END)], tokens: [END] } },
    },
    decoder: metaspace,
    model: { type: "Unigram", unk_id: idOf.get("<unk>"), vocab, byte_fallback: false },
  };
}

function pieceOf(bytes: Uint8Array): readonly [text: string, score: number] {
  const fields = readFields(bytes);
  const [score] = bytesIn(fields, PIECE.score);
  return [
    textIn(fields, PIECE.text),
    score === undefined ? 0 : new DataView(score.buffer, score.byteOffset, 4).getFloat32(0, true),
  ];
}
