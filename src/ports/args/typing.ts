import type { Spoken } from "../../domain/spoken.ts";
import type { Text } from "../../domain/text.ts";

/** What was read from words. */
export interface Typed {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly Text[];
  readonly notes: readonly Text[];
}

/** Where the words stand. */
export interface Typing {
  readonly spoken: Spoken;
  /** They are one field of a form: these options have fields of their own, and were filled in there. */
  readonly filledIn?: ReadonlySet<string>;
  /** Only `name:value` counts: the other words are read once more, by who can tell the member. */
  readonly plainOnly?: boolean;
}
