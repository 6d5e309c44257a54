/**
 * What keeps this installation from working as it should: sentences for those who run it. `/queue` shows them to ADMINS as
 * long as they hold.
 */
export interface Notices {
  /** Replaces what was said under this id; `undefined`: it is over. */
  say(id: string, sentence: string | undefined): void;
}
