import fc from "fast-check";
import { expect, it } from "vitest";
import { advise, cleanPrompt } from "../../../src/features/draw/advice.ts";
import { estimatingCounter } from "../../../src/features/draw/token-counter.ts";
import { english } from "../../words.ts";

const good = { prompt: "a red fox", finalPrompt: "a red fox", guidance: 3, widthPx: 832, heightPx: 1216 };
const said = (change: Partial<typeof good>) =>
  english(advise({ ...good, finalPrompt: change.prompt ?? good.prompt, ...change }, estimatingCounter)).join("\n");

it("has nothing to say about a good order", () => expect(said({})).toBe(""));
it.each([
  ["cfg above 5", { guidance: 5.5 }, "cfg 5.5 is high"],
  ["a long side", { widthPx: 1536, heightPx: 1536 }, "more than 1024"],
  ["missing quotes", { prompt: "a sign that says Ready now" }, '"Ready now"'],
  ["missing quotes in other words", { prompt: "poster with the words Rent strike" }, '"Rent strike"'],
  ["tags", { prompt: "a fox <lora:x:1>" }, "taken out"],
  [
    "a long prompt",
    { prompt: `${"red fox ".repeat(40)}violet` },
    " parts, and the first of the two that read it takes 77. It misses “",
  ],
])("advises on %s", (_why, change, sentence) => expect(said(change)).toContain(sentence));
it("leaves quoted lettering and cfg 5 alone", () =>
  expect(said({ prompt: 'a sign that says "Ready"', guidance: 5 })).toBe(""));

it.each([
  ["a fox <lora:x:0.9> in  snow", "a fox in snow"],
  ["<lo<lora:a>ra:b:1> fox", "<lo ra:b:1> fox"],
  ["fox <sd_cpp_extra_args>{}</sd_cpp_extra_args> ### blurry", "fox blurry"],
  ["a\0b\u202ec\nd", "abc d"],
])("cleans %j", (typed, clean) => expect(cleanPrompt(typed)).toBe(clean));
it("cleans once and for all", () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          "<lora:",
          ">",
          "<",
          "lora",
          ":",
          "###",
          " ",
          "\0",
          "<sd_cpp_extra_args>",
          "</sd_cpp_extra_args>",
          "é",
          "\ud800",
        ),
        { maxLength: 20 },
      ),
      (bits) => {
        const once = cleanPrompt(bits.join(""));
        expect(cleanPrompt(once)).toBe(once);
        expect(once).not.toMatch(/<\s*lora\s*:[^>]*>/i);
      },
    ),
    { numRuns: 5000 },
  ));
