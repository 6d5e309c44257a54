import { expect, test } from "vitest";
import { spoken } from "../../src/messages/spoken.ts";
import { optionsByName } from "../../src/ports/args/words.ts";
import type { OptionSpec } from "../../src/ports/option.ts";

test("the words of all languages are put together once for a command's options, not for each text", () => {
  const options: readonly OptionSpec[] = [];
  expect(optionsByName(options, spoken)).toBe(optionsByName(options, spoken));
  expect(optionsByName([], spoken)).not.toBe(optionsByName(options, spoken));
  expect(optionsByName(options)).not.toBe(optionsByName(options, spoken));
});
