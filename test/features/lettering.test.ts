import { describe, expect, it } from "vitest";
import type { LetteredWords } from "../../src/domain/lettering.ts";
import { type MessageId, text } from "../../src/domain/text.ts";
import { promptOfWords, typedWords } from "../../src/features/lettering/layer.ts";
import { wordReading } from "../../src/jobs/lettering/word-reading.ts";
import { withoutUnseen } from "../../src/lib/unseen.ts";
import { LANGUAGES } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";

const LEVELS = ["title", "subtitle", "details", "small"] as const;

/** Levels that nobody would guess from the words, and a list. */
const WORDS: readonly LetteredWords[] = [
  { text: "14:00", level: "title" },
  { text: "Rent strike\nfor everybody", level: "subtitle" },
  { text: "1. Eight hours\n2. Fair pay", level: "details", list: true },
  { text: "Bring friends", level: "details" },
  { text: "Saturday", level: "small" },
];

describe.each(LANGUAGES)("what a line is called in %s", (language) => {
  const shown = withoutUnseen(render(typedWords(WORDS, wordReading), language));

  it("is read again as the same words at the same levels, typed and quoted in a prompt", () => {
    expect(wordReading.of(shown)).toEqual(WORDS);
    expect(wordReading.layerIn(`a fist ${promptOfWords(shown)}`)?.words).toEqual(WORDS);
    // Whatever language the one speaks who changes it.
    const english = withoutUnseen(render(typedWords(WORDS, wordReading), "en"));
    expect(wordReading.of(english)).toEqual(WORDS);
  });

  it("is understood as the page calls it, alone, too", () => {
    for (const level of LEVELS) {
      const label = render(text(`page.make.level.${level}` satisfies MessageId), language);
      const read = wordReading.of(`${LEVELS[0]}: Lead\n${label}: Solidarity`);
      if (level !== "title") expect(read[1], label).toEqual({ text: "Solidarity", level });
      expect(wordReading.of(`${label}: Solidarity`)[0]?.text, label).toBe("Solidarity");
    }
  });
});

describe("words in a prompt", () => {
  it.each([
    ["plain", "Rent strike", "“Rent strike”"],
    ["with quotes", 'We say "no"', '«We say "no"»'],
    ["with both", '«We» say "no"', '『«We» say "no"』'],
    ["with all there are", '«We» say "no" 『x』 《y》', "“«We» say 'no' 『x』 《y》”"],
  ])("are in marks that do not end inside them: %s", (_what, words, quoted) => {
    expect(promptOfWords(words)).toBe(quoted);
  });
});
