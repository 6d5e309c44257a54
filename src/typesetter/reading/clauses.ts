/** Ends in a full stop and ends no sentence. Whatever has a dot between its letters, and single letters, need no entry. */
const ABBREVIATIONS = new Set(
  "dr prof mr mrs ms st no nr nos vs etc jr sr sra av ave str rd bzw usw ca approx tel jan feb mar apr jun jul aug sep sept oct nov dec okt dez ul ул им г д тел т стр núm nº n° p pp vol art abs ggf inkl zzgl mme mlle m bd pl pza c".split(
    " ",
  ),
);

/** Marks after which a new thought begins without a space. */
const UNSPACED_END = /[，。；：！？、]/u;
const SPACED_END = /[.,;:!?،؛؟।։።፣፤]/u;
/** Kept with the words they end: "Ready for the march?" is another poster without it. */
const VOICE = /[!?！？؟]/u;

/**
 * The thoughts of a line. Whole stay "18:30", "U.S.", "No. 1", "Dr.", "5.–7. June", "1,000", "5, 6 and 7", addresses of
 * houses and of pages.
 */
export function clausesOf(line: string): readonly string[] {
  const clauses: string[] = [];
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const mark = line[at] ?? "";
    if (!endsAt(line, at, mark)) continue;
    while (VOICE.test(mark) && VOICE.test(line[at + 1] ?? "")) at++;
    clauses.push(line.slice(start, VOICE.test(mark) ? at + 1 : at));
    start = at + 1;
  }
  clauses.push(line.slice(start));
  return clauses
    .map((clause) => clause.trim())
    .filter((clause) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(clause));
}

function endsAt(line: string, at: number, mark: string): boolean {
  if (UNSPACED_END.test(mark)) return true;
  const next = line[at + 1];
  if (!SPACED_END.test(mark) || !(next === undefined || /\s/u.test(next) || VOICE.test(next))) return false;
  const before = line.slice(0, at);
  if (mark === ".") return !isAbbreviated(before);
  // "5, 6 and 7 June".
  return !(mark === "," && /(?:^|\s)\p{N}{1,2}$/u.test(before) && /^\s+\p{N}/u.test(line.slice(at + 1)));
}

function isAbbreviated(before: string): boolean {
  const word = /[^\s(]*$/u.exec(before)?.[0] ?? "";
  return (
    /^\p{N}+$/u.test(word) ||
    /^(?:\P{L}*\p{L})$/u.test(word) ||
    /^(?:\p{L}{1,2}\.)+\p{L}{1,2}$/u.test(word) ||
    isKnown(word) ||
    /[–-]\p{N}+$/u.test(word)
  );
}

const isKnown = (word: string): boolean => ABBREVIATIONS.has(word.toLowerCase());
