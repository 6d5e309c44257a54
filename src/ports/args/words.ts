import { type Spoken, UNSPOKEN } from "../../domain/spoken.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import { folded } from "../../lib/folded.ts";
import { withoutUnseen } from "../../lib/unseen.ts";
import type { OptionSpec } from "../option.ts";

/** An option by what members call it: its own name, in any case, goes before what a language calls another. */
export function optionsByName(
  options: readonly OptionSpec[],
  spoken: Spoken = UNSPOKEN,
): (written: string) => OptionSpec | undefined {
  const ofSpoken = byName.get(spoken) ?? new WeakMap<readonly OptionSpec[], Named>();
  byName.set(spoken, ofSpoken);
  const known = ofSpoken.get(options);
  if (known) return known;
  const own = new Map(options.map((option) => [option.name.toLowerCase(), option]));
  const called = unambiguous(
    options.flatMap((option) => spoken.namesFor(option.name).map((name) => [folded(name), option] as const)),
  );
  const named: Named = (written) => own.get(written.toLowerCase()) ?? called.get(folded(written));
  ofSpoken.set(options, named);
  return named;
}

type Named = (written: string) => OptionSpec | undefined;
/** The same for every text that is typed: nine languages' names of all options. */
const byName = new WeakMap<Spoken, WeakMap<readonly OptionSpec[], Named>>();

/** Options whose name is a letter away from what was written. */
export function optionsNear(options: readonly OptionSpec[], written: string): readonly OptionSpec[] {
  const lower = written.toLowerCase();
  return options.filter(({ name }) => name.length > 2 && editDistance(name.toLowerCase(), lower) <= 1);
}

/** No label is longer. */
const CHOICE_MAX_CHARS = 100;

/** The value of a choice by its own name, else by its label in some language: "Poster, 832×1216" or only "Poster". */
export function choiceOf(option: OptionSpec, written: string, spoken: Spoken): string | undefined {
  if (written.length > CHOICE_MAX_CHARS) return undefined;
  // A label that is copied from a language of the other direction brings its marks along.
  const plain = withoutUnseen(written);
  const wanted = plain.toLowerCase();
  const own = option.choices?.find(({ value }) => value.toLowerCase() === wanted);
  if (own) return own.value;
  return calledChoices(option, spoken).get(folded(plain));
}

const called = new WeakMap<Spoken, WeakMap<OptionSpec, ReadonlyMap<string, string>>>();

function calledChoices(option: OptionSpec, spoken: Spoken): ReadonlyMap<string, string> {
  const ofSpoken = called.get(spoken) ?? new WeakMap<OptionSpec, ReadonlyMap<string, string>>();
  called.set(spoken, ofSpoken);
  const known = ofSpoken.get(option);
  if (known) return known;
  const found = unambiguous(
    (option.choices ?? []).flatMap(({ value, label }) =>
      (typeof label === "string" ? [label] : spoken.labels(label)).flatMap((name) =>
        [name, name.split(/[,،，]/u)[0] ?? name].map((each) => [folded(each), value] as const),
      ),
    ),
  );
  ofSpoken.set(option, found);
  return found;
}

/** Whether `written` is this word, or what a language calls it. */
export const isWord = (word: string, written: string, spoken: Spoken): boolean =>
  word.toLowerCase() === written.toLowerCase() ||
  spoken.namesFor(word).some((name) => folded(name) === folded(written));

/** What two languages use for two things stands for neither. */
function unambiguous<T>(named: readonly (readonly [name: string, meant: T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const twice = new Set<string>();
  for (const [name, meant] of named) {
    if (found.has(name) && found.get(name) !== meant) twice.add(name);
    found.set(name, meant);
  }
  for (const name of twice) found.delete(name);
  return found;
}
