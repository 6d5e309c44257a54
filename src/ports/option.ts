/** What a platform needs to register or offer a command; derived from the command's schema, never written by hand. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** Only chat admins may use it. The core checks it again. */
  readonly adminOnly: boolean;
}

export interface OptionSpec {
  readonly name: string;
  readonly summary: string;
  readonly kind: "text" | "integer" | "number" | "boolean" | "attachment";
  readonly required: boolean;
  /** Takes the words that belong to no option. At most one per command. */
  readonly rest: boolean;
  readonly choices?: readonly OptionChoice[];
  /** The choices are suggestions: other values pass too. */
  readonly openChoices?: true;
  /** Words a number option takes as well, e.g. "random". */
  readonly words?: readonly string[];
  /** Smallest and largest value of a number, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** A number moves in these steps. */
  readonly step?: number;
  readonly maxChars?: number;
  /** What its values name: `ChatEvents.suggest` knows recent ones. It answers for choices too, for lists that are too long. */
  readonly names?: "prompt" | "seed" | "picture" | "command" | "member";
  /** What is used when it is left out, as text; absent when it depends on the style or the chat. */
  readonly fallback?: string;
}

export interface OptionChoice {
  readonly value: string;
  /** For people: a style's title, a size's pixels. */
  readonly label: string;
}

/** It makes a picture of the words it is given. */
export const draws = ({ options }: Pick<CommandSpec, "options">): boolean =>
  options.some(({ name, rest, required }) => name === "prompt" && rest && required);
