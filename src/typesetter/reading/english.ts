/** A plural's singular, roughly; what matters is that a table is asked for both. */
export function singular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ch|sh|x|ss|z)es$/u.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1);
  return word;
}

/** What a plural, or a verb's "-ing" or "-ed", may come from, roughly. */
export function baseForms(word: string): readonly string[] {
  const stem = /^(.{3,})(?:ing|ed)$/u.exec(word)?.[1];
  return [singular(word), ...(stem === undefined ? [] : [stem, `${stem}e`, stem.replace(/(.)\1$/u, "$1")])];
}
