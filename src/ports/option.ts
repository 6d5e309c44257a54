import type { Text } from "../domain/text.ts";

/** What a platform needs to register or offer a command; derived from the command's schema, never written by hand. */
export type CommandSpec = CommandSpecOf<Text>;
/** The same in the language of who reads it. */
export type ShownSpec = CommandSpecOf<string>;

interface CommandSpecOf<W> {
  readonly name: string;
  readonly summary: W;
  readonly options: readonly OptionSpecOf<W>[];
  /** Only chat admins may use it. The core checks it again. */
  readonly adminOnly: boolean;
  /** Whatever it answers, only who asked reads it: an early sign that it was heard can be private, too. */
  readonly privately?: true;
}

export type OptionSpec = OptionSpecOf<Text>;
/** The same in the language of who reads it. */
export type ShownOption = OptionSpecOf<string>;

/** `W`: `Text` until it is known who reads, then `string`. */
export interface OptionSpecOf<W> {
  readonly name: string;
  /** What stands above it in a form, at most 45 characters; absent: its name. */
  readonly label?: W;
  readonly summary: W;
  readonly kind: "text" | "integer" | "number" | "boolean" | "attachment";
  readonly required: boolean;
  /** Takes the words that belong to no option. At most one per command. */
  readonly rest: boolean;
  /** In typed text its value goes on to the next option or the end: no quotes are needed around several words. */
  readonly phrase?: true;
  readonly choices?: readonly OptionChoiceOf<W>[];
  /** The choices are suggestions: other values pass too. */
  readonly openChoices?: true;
  /** Words that can be typed instead of a number, e.g. "random", or of a file. */
  readonly words?: readonly string[];
  /** Smallest and largest value of a number, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** A number moves in these steps. */
  readonly step?: number;
  readonly maxChars?: number;
  /** What its values name: `ChatEvents.suggest` knows recent ones. It answers for choices too, for lists that are too long. */
  readonly names?: "prompt" | "seed" | "picture" | "job" | "command" | "member" | "model";
  /** It lists these, with commas between them. A platform that has pickers of its own offers those, and stores ids: new names do not break them. */
  readonly picks?: Picks;
  /** A form has it, too: where a platform's commands take few options it is the first to be left out. */
  readonly spare?: true;
  /** What is used when it is left out, as text; absent when it depends on the style or the chat. */
  readonly fallback?: W;
}

export interface Picks {
  readonly of: "roles" | "channels" | "members";
  /** The value that stands for: none of them. */
  readonly none: string;
  /** Each has a number after it, "Artists=2", which no picker holds. */
  readonly weighted: boolean;
}

/** As a platform shows it. */
export type OptionChoice = OptionChoiceOf<string>;

interface OptionChoiceOf<W> {
  readonly value: string;
  /** For people: a style's title, a size's pixels. */
  readonly label: W;
}

/** It makes a picture of the words it is given. */
export const draws = ({ options }: Pick<CommandSpec, "options">): boolean =>
  options.some(({ name, rest, required }) => name === "prompt" && rest && required);

/** A command's description in one language. */
export const specIn = (spec: CommandSpec, say: (text: Text) => string): ShownSpec => ({
  ...spec,
  summary: say(spec.summary),
  options: spec.options.map((option) => optionIn(option, say)),
});

/** An option's description in one language, or words of one as texts. */
export function optionIn<A, B>(option: OptionSpecOf<A>, say: (words: A) => B): OptionSpecOf<B> {
  const { label, summary, choices, fallback, ...rest } = option;
  return {
    ...rest,
    summary: say(summary),
    ...(label !== undefined && { label: say(label) }),
    ...(choices && { choices: choices.map(({ value, label }) => ({ value, label: say(label) })) }),
    ...(fallback !== undefined && { fallback: say(fallback) }),
  };
}
