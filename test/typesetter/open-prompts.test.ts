import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { readQuotes } from "../../src/typesetter/reading/quotes.ts";
import { COLOURS } from "../../src/typesetter/reading/words.ts";
import { planOf } from "./signs-of.ts";

/** Prompts as groups write them. `must`: one of each list is drawn; `never`: names of signs; `colours`: of the paper with "background". */
const prompts = z
  .array(
    z.strictObject({
      id: z.string(),
      prompt: z.string(),
      must: z.array(z.array(z.string())),
      letters: z.array(z.string()),
      never: z.array(z.string()),
      colours: z.array(z.string()),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("./open-prompts.json", import.meta.url), "utf8")));

const SEEDS = [1, 2, 3, 4, 5];

describe.each(prompts)("$id: $prompt", ({ prompt, must, letters, never, colours }) => {
  const brief = readBrief({ prompt });
  it("draws what it must, on every seed, and nothing that it must not", () => {
    for (const seed of SEEDS) {
      const { signs } = planOf(prompt, "", seed);
      const drawn = new Set(signs.flatMap(({ things }) => things.map(({ concept = "" }) => concept)));
      for (const oneOf of must)
        expect(
          oneOf.some((concept) => drawn.has(concept)),
          `${seed}: ${oneOf}`,
        ).toBe(true);
      expect(signs.map(({ picture }) => picture.split(":")[1]).filter((name = "") => never.includes(name))).toEqual([]);
    }
  });

  it("letters what is to be read", () => {
    const set = brief.phrases.map(({ text }) => text.toLowerCase()).join("\n");
    const quoted = readQuotes(prompt);
    // Beside quotes nothing is lettered but what they hold.
    const asked = letters.filter(
      (text) => quoted.length === 0 || !/^\p{L}|^\p{N}/u.test(text) || quoted.some((one) => one.text === text),
    );
    for (const text of asked) expect(set).toContain(text.toLowerCase());
  });

  it("has its colours", () => {
    const of = (id: string) => COLOURS[id.replace(" background", "")];
    const paper = colours.filter((id) => id.endsWith(" background"));
    expect(brief.background).toBe(paper[0] === undefined ? undefined : of(paper[0]));
    expect(brief.colours).toEqual(expect.arrayContaining(colours.filter((id) => !paper.includes(id)).map(of)));
  });
});
