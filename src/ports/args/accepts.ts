import { sizeOf } from "../../domain/size.ts";
import type { Spoken } from "../../domain/spoken.ts";
import type { OptionSpec } from "../option.ts";
import { numberIn, yesOrNo } from "./rules.ts";
import { choiceOf, isWord } from "./words.ts";

/** Whether this option surely takes this value: what is proposed, and what is taken from between words, must pass. */
export function accepts(rule: OptionSpec, value: string, spoken: Spoken): boolean {
  if (value === "") return false;
  if (choiceOf(rule, value, spoken) !== undefined) return true;
  if (rule.words?.some((word) => isWord(word, value, spoken)) === true) return true;
  switch (rule.kind) {
    case "integer":
    case "number": {
      const read = numberIn(rule, value);
      if (read.is !== "number") return false;
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, step } = rule;
      return read.value >= min && read.value <= max && (step === undefined || read.value % step === 0);
    }
    case "boolean":
      return !/^\d+$/u.test(value) && yesOrNo(value, spoken) !== undefined;
    case "text":
      if (rule.name === "size") return sizeOf(value).ok;
      return rule.names === "picture" && numberIn({ kind: "integer" }, value).is === "number";
    case "attachment":
      return false;
  }
}

/** Looks like a value of this option, whether or not it would be taken. */
export const resembles = (rule: OptionSpec, value: string, spoken: Spoken): boolean =>
  accepts(rule, value, spoken) ||
  numberIn(rule, value).is !== "none" ||
  (rule.name === "size" && /^\d{2,5}[x×*]\d{2,5}$/iu.test(value));
