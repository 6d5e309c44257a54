/** So that "GRÖSSE", "größe" and "Grösse" are one word, and "SÍ" is "si". For comparing, never for showing. */
export const folded = (word: string): string =>
  word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").trim();
