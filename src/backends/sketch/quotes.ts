export type Place = "top" | "centre" | "bottom";
export type Size = "large" | "normal" | "small";

/** A piece of lettering the prompt asks for. */
export interface Phrase {
  readonly text: string;
  /** `undefined`: the layout decides. */
  readonly place: Place | undefined;
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
  /"([^"]+)"|“([^“”"]+)[”"]|„([^„“”"]+)[“”"]|«([^«»]+)»|”([^”]+)”|(?<![\p{L}\p{N}])[‘']([^‘’'](?:[^‘’']|['’](?=\p{L}))*)['’](?![\p{L}\p{N}])/gu;

/** Quoted phrases in order, each with the place and size described around it. */
export function readQuotes(prompt: string): Quoted {
  const matches = [...prompt.matchAll(QUOTED)].filter((match) => textOf(match) !== "");
  const phrases: Phrase[] = [];
  matches.forEach((match, index) => {
    const end = match.index + match[0].length;
    const before = prompt.slice(index === 0 ? 0 : endOf(matches[index - 1]), match.index);
    const after = prompt.slice(end, matches[index + 1]?.index ?? prompt.length);
    phrases.push(describe(textOf(match), clauseBefore(before), clauseAfter(after)));
  });
  return { phrases: joinSurplus(phrases), rest: prompt.replace(QUOTED, " ") };
}

const textOf = (match: RegExpExecArray): string =>
  (match.slice(1).find((group) => group !== undefined) ?? "").replace(/\s+/gu, " ").trim();
const endOf = (match: RegExpExecArray | undefined): number => (match ? match.index + match[0].length : 0);

/** What is said between the last full stop, semicolon or comma-with-a-new-thought and the quote. */
const clauseBefore = (text: string): string =>
  text.split(/[.;!?\n]|,\s+(?:and|with)\s+(?=\S+\s+\S+\s+\S+)/u).at(-1) ?? "";
const clauseAfter = (text: string): string => text.split(/[.;!?\n]|,|\band\b|\bwith\b|\bthen\b/u)[0] ?? "";

const PLACES: readonly (readonly [Place, RegExp])[] = [
  ["bottom", /\b(?:bottom|foot|below|beneath|under(?:neath)?|footer|lower)\b/giu],
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
    place: nearest(after, "first") ?? nearest(before, "last"),
    size: small ? "small" : LARGE.test(around) ? "large" : "normal",
    narrow: NARROW.test(around),
    capitals: CAPITALS.test(around),
  };
}

function nearest(text: string, which: "first" | "last"): Place | undefined {
  const hits = PLACES.flatMap(([place, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ place, at: match.index })),
  );
  hits.sort((a, b) => a.at - b.at);
  return (which === "first" ? hits[0] : hits.at(-1))?.place;
}

function joinSurplus(phrases: readonly Phrase[]): readonly Phrase[] {
  if (phrases.length <= MOST_PHRASES) return phrases;
  const kept = phrases.slice(0, MOST_PHRASES - 1);
  const rest = phrases.slice(MOST_PHRASES - 1);
  const first = rest[0];
  return first ? [...kept, { ...first, text: rest.map((phrase) => phrase.text).join(" · "), size: "small" }] : kept;
}
