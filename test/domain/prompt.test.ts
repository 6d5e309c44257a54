import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapePromptSyntax, withoutEngineTags } from "../../src/domain/prompt.ts";

describe("withoutEngineTags", () => {
  it.each([
    ["leaves words alone", 'a fox <3 "LORA: a love story" #1 ##', 'a fox <3 "LORA: a love story" #1 ##'],
    ["takes LoRA tags out", "a fox <lora:posters:0.9> in snow", "a fox   in snow"],
    ["of any case and spacing", "< LoRA :x:1><LYCO:y><hypernet:z:2>fox", "   fox"],
    ["takes sd-server's arguments out", 'fox <sd_cpp_extra_args>{"lora":[]}</sd_cpp_extra_args>!', "fox  !"],
    ["and a mark of them without its end", "fox <sd_cpp_extra_args>{}", "fox  {}"],
    ["takes Horde's negative mark out", "fox ### blurry", "fox   blurry"],
    ["also inside a word and longer", "fox####blurry", "fox blurry"],
    ["leaves nothing behind that a removal made", "<lo<lora:a>ra:b:1><lora:<lora:c>d>", "<lo ra:b:1> d>"],
    ["spans lines", "fox <lora:a\nb> <sd_cpp_extra_args>\n{}\n</sd_cpp_extra_args>", "fox    "],
  ])("%s", (_why, typed, clean) => expect(withoutEngineTags(typed)).toBe(clean));

  it("is done after one time", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("<lora:", "<", ">", "lo", "ra:", "x", "#", "##", " ", "<sd_cpp_extra_args>", "</"), {
          maxLength: 16,
        }),
        (bits) => {
          const once = withoutEngineTags(bits.join(""));
          expect(withoutEngineTags(once)).toBe(once);
          expect(once).not.toMatch(/<\s*lora\s*:[^>]*>|###/i);
        },
      ),
      { numRuns: 3000 },
    ));
});

describe("escapePromptSyntax", () => {
  it.each([
    ["emphasis", "a (red:1.5) fox", "a \\(red:1.5\\) fox"],
    ["schedules", "[day:night:0.5]", "\\[day:night:0.5\\]"],
    ["a backslash that would free a bracket", "\\(", "\\\\\\("],
    ["nothing", 'a fox, "MARCH: 1 May"', 'a fox, "MARCH: 1 May"'],
  ])("escapes %s", (_why, text, escaped) => expect(escapePromptSyntax(text)).toBe(escaped));

  it("can be undone: no character is lost", () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\\", "(", ")", "[", "]", ":") }), (text) => {
        expect(escapePromptSyntax(text).replace(/\\(.)/g, "$1")).toBe(text);
      }),
    ));
});
