import type { Spoken } from "../../domain/spoken.ts";
import type { OptionSpec } from "../option.ts";
import { accepts } from "./accepts.ts";
import { choiceOf, optionsByName } from "./words.ts";

const TOKENS_MAX = 12;

/**
 * Words without any sign that can only be options: `cfg 5`, `subtle 2`, `mine`, `seeds`. Each must find its option, by
 * name, as a choice of the rest option, as a picture's number, or beside such a choice as the only number there is: `give 30`. `undefined`: one of them finds none, or
 * words are needed here.
 */
export function spread(
  options: readonly OptionSpec[],
  words: string,
  spoken: Spoken,
): ReadonlyMap<string, string> | undefined {
  const tokens = words.split(/[\s,]+/u).filter((token) => token !== "");
  if (tokens.length === 0 || tokens.length > TOKENS_MAX) return undefined;
  const rest = options.find((option) => option.rest);
  if (rest?.required || rest?.names === "picture" || (rest && choiceOf(rest, words, spoken) !== undefined))
    return undefined;
  const byName = optionsByName(options, spoken);
  const found = new Map<string, string>();
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? "";
    const next = tokens[at + 1];
    const named = byName(token);
    const own = rest && choiceIn(rest, token, spoken);
    let rule: OptionSpec | undefined;
    let value = token;
    if (own !== undefined) {
      rule = rest;
      value = own;
    } else if (named && next !== undefined && accepts(named, next, spoken)) {
      rule = named;
      value = next;
      at += 1;
    } else if (named?.kind === "boolean") {
      rule = named;
      value = "yes";
    } else
      rule =
        options.find((option) => option.names === "picture" && accepts(option, token, spoken)) ??
        (rest?.choices && !rest.openChoices ? onlyNumber(options, token, spoken) : undefined);
    if (rule === undefined || found.has(rule.name)) return undefined;
    found.set(rule.name, value);
  }
  return found;
}

function onlyNumber(options: readonly OptionSpec[], token: string, spoken: Spoken): OptionSpec | undefined {
  const [first, ...others] = options.filter(({ kind }) => kind === "integer" || kind === "number");
  return first && others.length === 0 && accepts(first, token, spoken) ? first : undefined;
}

/** Also in the plural, or in the singular. */
function choiceIn(rule: OptionSpec, word: string, spoken: Spoken): string | undefined {
  if (rule.openChoices) return undefined;
  return [word, word.replace(/s$/iu, ""), `${word}s`]
    .map((form) => choiceOf(rule, form, spoken))
    .find((choice) => choice !== undefined);
}
