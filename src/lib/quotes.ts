/** What opens a quotation, and all that closes it: as keyboards of phones and languages write them. */
const CLOSERS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    '"': /["”]/gu,
    "“": /[”"]/gu,
    "„": /[“”"]/gu,
    "”": /”/gu,
    "«": /»/gu,
    "»": /«/gu,
    "‹": /›/gu,
    "›": /‹/gu,
    "‚": /[‘’]/gu,
    "‘": /’(?![\p{L}\p{N}])/gu,
    "'": /['’](?![\p{L}\p{N}])/gu,
    "＂": /＂/gu,
    "「": /」/gu,
    "『": /』/gu,
    "《": /》/gu,
    "〈": /〉/gu,
    "〝": /[〞〟]/gu,
  }),
);
/** They look only one way, so that they open after a letter as well: scripts without spaces need that. */
const ONE_WAY = /[„«‹‚「『《〈〝]/u;
/** An apostrophe at the start of a word: 'tis, 'em, '90s, rock 'n' roll. */
const ELIDED = /['’‘](?:tis|twas|twere|em|til|till|cause|bout|round|\d0s|n(?=['’]))(?![\p{L}\p{N}])/iuy;

/** Finds quotations in one text. Asked from left to right it is linear: what has no end is looked for once. */
export class Quotations {
  readonly #text: string;
  readonly #unclosed = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Just after the mark that closes the quotation opening at `at`; `undefined`: none opens there. After a letter or digit
   * (6" wide, don't) only marks open that look one way.
   */
  endAt(at: number): number | undefined {
    const open = this.#text[at] ?? "";
    if (open < "\u007f" && open !== '"' && open !== "'") return undefined;
    const closer = CLOSERS.get(open);
    if (closer === undefined || this.#unclosed.has(open)) return undefined;
    if (!ONE_WAY.test(open) && /[\p{L}\p{N}]/u.test(this.#text[at - 1] ?? "")) return undefined;
    ELIDED.lastIndex = at;
    if ((open === "'" || open === "‘") && ELIDED.test(this.#text)) return undefined;
    closer.lastIndex = at + 1;
    const found = closer.exec(this.#text);
    if (found) return found.index + found[0].length;
    this.#unclosed.add(open);
    return undefined;
  }
}

/** The text of one quotation that is all of `words`; with others inside, all of them stay. */
export function unquoted(words: string): string {
  if (new Quotations(words).endAt(0) !== words.length || words.length < 2) return words;
  const inner = words.slice(1, -1).trim();
  return inner === "" ? words : inner;
}

/** Where a text quotes something, marks included, in order. */
export function inQuotes(text: string): readonly { readonly from: number; readonly to: number }[] {
  const quotations = new Quotations(text);
  const found: { from: number; to: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const to = quotations.endAt(at);
    if (to === undefined) continue;
    if (text.slice(at + 1, to - 1).trim() !== "") found.push({ from: at, to });
    at = to - 1;
  }
  return found;
}
