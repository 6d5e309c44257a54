import { expect, it } from "vitest";
import { looksOf } from "../../src/lib/look-alike.ts";

const alike = (a: string, b: string): boolean => looksOf(a).some((look) => looksOf(b).includes(look));

it.each([
  ["Ada", "Ad\u0430", "a Cyrillic letter"],
  ["Ada", "\u0410da", "a Cyrillic capital"],
  ["Ada", "A\u200bda", "a zero-width space"],
  ["Ada", "Ada\u2060", "a word joiner"],
  ["Ada", "Ada\u3164", "a filler"],
  ["Ada", "\uff21\uff44\uff41", "full width"],
  ["Ada", "𝓐𝓭𝓪", "letters of mathematics"],
  ["Ada", "ⒶⒹⒶ", "circled letters"],
  ["Ada", "A\u0332d\u0336a", "marks over, under and through"],
  ["Ada", "aDA", "another case"],
  ["Kate", "ΚΑΤΕ", "Greek capitals"],
  ["ian", "ІAN", "a Cyrillic capital of another case"],
  ["lan", "Ian", "a capital I"],
  ["Bo1", "Bol", "a digit"],
  ["José", "Jose\u0301", "a letter in two parts"],
])("%s and %s look alike: %s", (one, other) => expect(alike(one, other)).toBe(true));

it.each([
  ["Ada", "Ad"],
  ["Ada", "Ada B"],
  ["Ian", "Lan"],
  ["José", "Jose"],
  ["Аня", "Ana"],
  ["علي", "عليا"],
  ["小明", "小名"],
])("%s and %s do not", (one, other) => expect(alike(one, other)).toBe(false));
