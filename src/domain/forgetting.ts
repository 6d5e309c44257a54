import type { Person } from "./block.ts";

// Somebody who wants nothing of theirs kept.

/** Instead of what somebody was called. As a name that nothing is left of: see `displayName`. */
export const NAMELESS = "?";
/** Instead of what somebody typed, where an order cannot be without words. */
export const WORDLESS = "…";

/** Whom it is about, and who they are from then on, in what is the group's: ids that nobody can trace back. */
export interface Forgotten {
  readonly accounts: readonly (Pick<Person, "id"> & { readonly goneId: string })[];
  /** All that they were called. */
  readonly names: readonly string[];
}

/** Of a member who was forgotten. No platform is called so. */
export const goneIdOf = (random: string): string => `gone:${random}`;
