import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bold,
  code,
  cutStyled,
  pieced,
  type Styled,
  slot,
  splitStyled,
  styled,
  withoutMentions,
} from "../../../adapters/telegram/text.ts";
import { text } from "../../../src/domain/text.ts";

const marked = ({ text, entities }: Styled) =>
  entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);

describe("text", () => {
  it("marks by place, so that what looks like markup stays text", () => {
    const whole = styled("a <b> & *x* ", bold("_bold_"), " ", code("[code](x)"));
    expect(whole.text).toBe("a <b> & *x* _bold_ [code](x)");
    expect(marked(whole)).toEqual([
      ["bold", "_bold_"],
      ["code", "[code](x)"],
    ]);
  });

  it("sends no half of an emoji, whoever cut it", () => {
    expect(styled("a", bold("🦊".slice(0, 1)), "b").text).toBe("a\ufffdb");
  });

  it.each([
    ["whole emoji", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 15, "👩‍👩‍👧‍👦…"],
    ["whole flags", "🇩🇪🇫🇷🇪🇸", 9, "🇩🇪🇫🇷…"],
    ["a combining mark with its letter", "e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"],
    ["what fits as it is", "fits", 4, "fits"],
  ])("cuts %s", (_what, text, maxChars, cut) => {
    expect(cutStyled(styled(text), maxChars).text).toBe(cut);
  });

  it("cuts markings with their text", () => {
    expect(marked(cutStyled(styled("ab ", bold("cdefgh")), 6))).toEqual([["bold", "cd…"]]);
    expect(cutStyled(styled("abcdefgh ", bold("x")), 4).entities).toEqual([]);
  });

  it("splits between lines, then words, and loses nothing but the spaces there", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 60 }), { maxLength: 30 }),
        fc.integer({ min: 40, max: 90 }),
        (lines, maxChars) => {
          const text = lines.join("\n").trim();
          const parts = splitStyled(styled(text), maxChars);
          for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(maxChars);
          const squeezed = (each: string) => each.replaceAll(/\s/gu, "");
          expect(squeezed(parts.map((part) => part.text).join(""))).toBe(squeezed(text));
        },
      ),
    );
  });

  it("keeps every marking through a split", () => {
    const parts = splitStyled(styled(bold("a".repeat(30)), " ", bold("b".repeat(30))), 40);
    expect(parts.map(marked)).toEqual([[["bold", "a".repeat(30)]], [["bold", "b".repeat(30)]]]);
  });

  it.each([
    ["a @member is not called", "hi @some_body!", [["code", "@some_body"]]],
    ["nor between marks of direction, which stay", "\u2068@some_body\u2069!", [["code", "@some_body"]]],
    ["an address is no mention", "mail a@example.org", []],
    ["nor is a short word", "@abc", []],
  ])("%s", (_why, text, found) => {
    const guarded = withoutMentions(styled(text));
    expect(guarded.text).toBe(text);
    expect(marked(guarded)).toEqual(found);
  });

  it("puts marked pieces where the sentence has its gaps, and isolates those of the other direction", () => {
    const asked = text("telegram.form.settings-too", { example: slot(0) });
    const example = 'size:"ثعلب أحمر"';
    const sentence = styled(...pieced(asked, "en", [code(example)]));
    expect(sentence.text).toBe(
      `Settings such as \u2068${example}\u2069 may stand there too. What you leave out stays as it is.`,
    );
    expect(marked(sentence)).toEqual([["code", example]]);
    expect(styled(...pieced(asked, "de", [code("cfg:3")])).text).toMatch(/^Auch Einstellungen wie cfg:3 dürfen/);
  });
});
