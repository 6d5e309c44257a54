const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** Letters, and sizes: after Arabic 832×1216 would be read 1216×832. */
const LEFT_TO_RIGHT =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Devanagari}]|\d\s?[×x:/]\s?\d/u;

/** What a sentence in this direction has to isolate. */
export const foreignTo = (direction: "ltr" | "rtl"): RegExp => (direction === "ltr" ? RIGHT_TO_LEFT : LEFT_TO_RIGHT);

/** Unicode's first-strong isolate and its end (UAX #9, section 2.5). */
const isolate = (text: string): string => `\u2068${text}\u2069`;

/**
 * What somebody wrote, so that the sentence around it keeps its order: only where its direction is not the sentence's, since
 * invisible characters get into what members copy.
 */
export const isolated = (text: string, direction: "ltr" | "rtl"): string =>
  foreignTo(direction).test(text) ? isolate(text) : text;

/** Its name may be a gap, and so may an option's value; what follows it in Latin letters is typed along with it. */
const COMMAND =
  /(?<![\p{L}\p{N}/}])\/(?:[a-z][a-z0-9_]*|\{[a-zA-Z]+\})(?: (?:[a-z_]+:(?:\{[a-zA-Z]+\}|[^\s.,;{}،؛]+)|\p{Script=Latin}+))*/gu;

/** Commands in a sentence that runs from right to left: `/queue` would be read `queue/`. */
export const isolatedCommands = (source: string): string => source.replace(COMMAND, (found) => `\u2066${found}\u2069`);
