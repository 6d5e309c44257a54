import fc from "fast-check";

/** Characters that become many: by NFKC, by NFC, in capitals. */
const EXPANDING = [..."ﷺﷻ﷽㌖㌀㈱⒕⑽ﬃﬄßŉǰΐᾧﭏ⅛‱㍿🄭𝟙ↈǼ"];
const UNSEEN = [
  "\u200b",
  "\u200d",
  "\u200e",
  "\u202e",
  "\u2066",
  "\u2069",
  "\ufeff",
  "\u00ad",
  "\u{e0041}",
  "\ufe0f",
  "\u0000",
  "\u001b[31m",
  "\u2028",
];
const MARKS = ["\u0301", "\u0489", "\u20dd", "\u0e33", "\u05bf", "\u0670"];
const EMOJI = ["👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "👍🏿", "❤️‍🔥", "1️⃣"];
const BROKEN = ["\ud800", "\udfff", "\ufffd", "\uffff"];
const OPTIONS = [
  "seed:",
  "seed:1,000",
  "cfg:3,5",
  "size:832x1216",
  "count:٣",
  "prompt:",
  "negative:",
  "--seed 7",
  "seed=7",
  "image:",
  "steps:1e9",
  "width:-0",
];
const QUOTES = ['"', "“", "”", "„", "«", "»", "'", "’", '""', '"x"'];
const ORDERS = [
  "<lora:x:9>",
  "<lo<lora:x>ra:y>",
  "<sd_cpp_extra_args>",
  "###",
  "((((",
  "\\",
  "{a|b}",
  "BREAK",
  "</svg>",
  "%s",
  "../",
  "__proto__:1",
  "constructor:1",
];
const WORDS = [
  "bread",
  "and",
  "roses",
  "خبز",
  "שלום",
  "труд",
  "日本",
  "zine",
  "chalk",
  "large",
  "at the top",
  "in capitals",
  " ",
  "\n",
  "\t",
];

/** fast-check's own strings of any character hold a table of them all: 90 MB, in a process whose memory is looked at. */
const anyCharacters = fc
  .array(fc.integer({ min: 0, max: 0x10_ffff }), { maxLength: 6 })
  .map((codePoints) => String.fromCodePoint(...codePoints));

const piece = fc.oneof(
  fc.constantFrom(...EXPANDING, ...UNSEEN, ...MARKS),
  fc.constantFrom(...EMOJI, ...BROKEN, ...QUOTES),
  fc.constantFrom(...OPTIONS, ...ORDERS),
  { weight: 2, arbitrary: fc.constantFrom(...WORDS) },
  anyCharacters,
);
const stretch = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(piece, fc.integer({ min: 1, max: 6 })) },
  { weight: 1, arbitrary: fc.tuple(piece, fc.integer({ min: 50, max: 1500 })) },
);

/** Text of at most `maxChars` as somebody types it who wants to break something. */
export const hostileText = (maxChars: number): fc.Arbitrary<string> =>
  fc.tuple(fc.array(stretch, { minLength: 1, maxLength: 12 }), fc.boolean()).map(([stretches, quoted]) => {
    const text = stretches.map(([part, times]) => part.repeat(times)).join("");
    return (quoted ? `"${text.slice(0, maxChars - 2)}"` : text).slice(0, maxChars);
  });

/** Values of options as forms and programs send them. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText(300) },
  fc.constantFrom(
    "1,000",
    "12.000",
    "1 000",
    "1e3",
    "0x10",
    "٣",
    "-0",
    "NaN",
    "Infinity",
    "",
    " ",
    "default",
    "random",
    "999999999999999999999",
  ),
  fc.constantFrom<unknown>(null, true, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e308, 0.1, 2 ** 53, [], ["7"], {
    toString: 1,
  }),
  fc.anything({ maxDepth: 2 }),
);
