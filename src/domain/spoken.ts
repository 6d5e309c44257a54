import type { Text } from "./text.ts";

/** What members call things in the languages there are: understood when they type, never shown as an option's name. */
export interface Spoken {
  /** Other names of an option or a word such as `yes` or `random`, of all languages together. */
  namesFor(word: string): readonly string[];
  /** A choice's label in each language. */
  labels(label: Text): readonly string[];
}

/** Nothing but the options' own names, and labels that are the same in every language. */
export const UNSPOKEN: Spoken = {
  namesFor: () => [],
  labels: (label) => (typeof label === "object" && "verbatim" in label ? [label.verbatim] : []),
};
