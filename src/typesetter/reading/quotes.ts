type Position = "top" | "centre" | "below" | "bottom";
type Size = "large" | "normal" | "small";

/** A piece of lettering the prompt asks for. */
export interface Phrase {
  readonly text: string;
  /** `undefined`: the layout decides. */
  readonly position: Position | undefined;
  readonly size: Size;
  readonly narrow: boolean;
  /** The prompt says "in capitals". */
  readonly capitals: boolean;
}

export interface Quoted {
  readonly phrases: readonly Phrase[];
  /** The prompt without the quoted words, a space in place of each. */
  readonly rest: string;
}

/** More phrases than this are joined into the last: a poster with forty lines is a leaflet. */
const MOST_PHRASES = 10;

// An opening quote stands at a word's start and a closing one at its end, so that 5" and don't stay what they are.
const QUOTED =
  /"([^"]*)"|“([^“”"]*)[”"]|„([^„“”"]+)[“”"]|«([^«»]+)»|”([^”]+)”|(?<![\p{L}\p{N}])[‘']([^‘’'](?:[^‘’']|['’](?=\p{L}))*)['’](?![\p{L}\p{N}])/gu;

/** Quoted phrases in order, each with the position and size described around it. */
export function readQuotes(prompt: string): Quoted {
  const matches = [...prompt.matchAll(QUOTED)].filter((match) => textOf(match) !== "");
  // Gap 0 stands before the first quote, gap i after quote i.
  const gaps = [
    ...matches.map((match, index) => prompt.slice(endOf(matches[index - 1]), match.index)),
    prompt.slice(endOf(matches.at(-1))),
  ].map((gap, index, all) => shareGap(gap, index === 0 ? "next" : index === all.length - 1 ? "previous" : "both"));
  const phrases = matches.map((match, index) =>
    describe(textOf(match), gaps[index]?.forNext ?? "", gaps[index + 1]?.forPrevious ?? ""),
  );
  return { phrases: joinSurplus(phrases), rest: prompt.replace(QUOTED, " ") };
}

const textOf = (match: RegExpExecArray): string =>
  (match.slice(1).find((group) => group !== undefined) ?? "").replace(/\s+/gu, " ").trim();
const endOf = (match: RegExpExecArray | undefined): number => (match ? match.index + match[0].length : 0);

interface Shared {
  readonly forPrevious: string;
  readonly forNext: string;
}

const SEPARATOR = /[.;,!?\n|]|\band\b(?!\s+cent)|\bwith\b|\bthen\b/iu;

/** The words between two quotes: up to the first comma they describe the one before, the rest the one after. */
function shareGap(gap: string, between: "previous" | "next" | "both"): Shared {
  const cut = SEPARATOR.exec(gap);
  const first = cut ? gap.slice(0, cut.index) : gap;
  const rest = cut ? gap.slice(cut.index + cut[0].length) : "";
  if (between === "previous") return { forPrevious: first, forNext: "" };
  if (between === "next") return { forPrevious: "", forNext: lastClause(gap) };
  return cut ? { forPrevious: first, forNext: lastClause(rest) } : { forPrevious: "", forNext: gap };
}

const lastClause = (text: string): string =>
  text
    .split(/[.;!?\n]/u)
    .at(-1)
    ?.split(/,/u)
    .slice(-2)
    .join(",") ?? "";

const POSITIONS: readonly (readonly [Position, RegExp])[] = [
  ["bottom", /\b(?:bottom|foot|footer|lower)\b/giu],
  ["below", /\b(?:below|beneath|under(?:neath)?)\b/giu],
  ["top", /\b(?:top|above|header|upper|headline|heading)\b/giu],
  ["centre", /\b(?:cent(?:er|re)(?:ed|d)?|middle|front)\b/giu],
];
const SMALL = /\b(?:small|smaller|tiny|little|fine print|subtle|caption|subtitle|subheading)\b/iu;
const LARGE = /\b(?:large|larger|big|bigger|huge|giant|bold|enormous|massive|title|titled|headline)\b/iu;
const NARROW = /\b(?:narrow|condensed|slim|tall|thin)\b/iu;
const CAPITALS =
  /\b(?:in (?:all )?(?:capitals|caps|uppercase)|all[- ]caps|capital letters|uppercase|block letters)\b/iu;

function describe(text: string, before: string, after: string): Phrase {
  const around = `${before} | ${after}`;
  const small = SMALL.test(around);
  return {
    text,
    // The words nearest to the quote win: "at the top, below it “x”" is below.
    position: nearest(after, "first") ?? nearest(before, "last"),
    size: small ? "small" : LARGE.test(around) ? "large" : "normal",
    narrow: NARROW.test(around),
    capitals: CAPITALS.test(around),
  };
}

function nearest(text: string, which: "first" | "last"): Position | undefined {
  const hits = POSITIONS.flatMap(([position, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ position, at: match.index })),
  );
  hits.sort((a, b) => a.at - b.at);
  return (which === "first" ? hits[0] : hits.at(-1))?.position;
}

function joinSurplus(phrases: readonly Phrase[]): readonly Phrase[] {
  if (phrases.length <= MOST_PHRASES) return phrases;
  const shown = phrases.slice(0, MOST_PHRASES - 1);
  const rest = phrases.slice(MOST_PHRASES - 1);
  const first = rest[0];
  return first ? [...shown, { ...first, text: rest.map((phrase) => phrase.text).join(" · "), size: "small" }] : shown;
}
