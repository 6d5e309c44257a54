import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapedWithin } from "../../../adapters/discord/embeds.ts";
import { escapeMarkdown } from "../../../adapters/discord/escape.ts";
import { decodeReply, encodeReply, madeAtMs, type Origin } from "../../../adapters/discord/reply-token.ts";
import { unescapeMarkdown } from "./unescape.ts";

/** Marks that Discord acts on, wherever they stand unescaped; the line marks only at the start of a line. */
const ACTIVE = /(?<!\\)(?:\\\\)*(?:[*_~`|[\]<@]|:\/\/)/;
const ACTIVE_LINE = /^\s*(?:[#>+-]|\d+\.)/m;

describe("markdown", () => {
  it.each([
    ["emphasis", "*a* _b_ ~~c~~ ||d||", String.raw`\*a\* \_b\_ \~\~c\~\~ \|\|d\|\|`],
    ["code", "`x` ```y```", "\\`x\\` \\`\\`\\`y\\`\\`\\`"],
    ["a link with a text", "[here](https://x.org)", String.raw`\[here\](https\://x.org)`],
    ["an address", "https://evil.example/a", String.raw`https\://evil.example/a`],
    ["a mention of everybody", "@everyone", String.raw`\@everyone`],
    ["a mention of a member, a role and a channel", "<@1> <@&2> <#3>", String.raw`\<\@1> \<\@&2> \<#3>`],
    ["a heading and small print", "# a\n-# b", "\\# a\n\\-# b"],
    ["lists", "- a\n+ b\n12. c", "\\- a\n\\+ b\n12\\. c"],
    ["a quote", "> a", "\\> a"],
    ["a backslash", "a\\b", "a\\\\b"],
    ["marks inside a line", "a - b # c > d 1. e", "a - b # c > d 1. e"],
    [
      "marks of direction, and a heading behind one",
      "\u2068*a*\u2069 b\n\u2066# c\u2069",
      "\u2068\\*a\\*\u2069 b\n\u2066\\# c\u2069",
    ],
    ["letters of any script", "Ünïcödé 日本 🦊", "Ünïcödé 日本 🦊"],
  ])("shows %s as typed", (_what, typed, sent) => {
    expect(escapeMarkdown(typed)).toBe(sent);
    expect(unescapeMarkdown(sent)).toBe(typed);
  });

  it("leaves nothing active in any text, and loses nothing", () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(..."\\*_~`|[]<>@#-+:/ \n1.(é🦊"), fc.string({ minLength: 1, maxLength: 3 })),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (typed) => {
        const sent = escapeMarkdown(typed);
        expect(unescapeMarkdown(sent)).toBe(typed);
        expect(sent).not.toMatch(ACTIVE);
        expect(sent).not.toMatch(ACTIVE_LINE);
      }),
      { numRuns: 3000 },
    );
  });

  it("cuts before it escapes: no lone backslash, no halved character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("*", "a", "🦊", "é"), maxLength: 80 }),
        fc.integer({ min: 8, max: 60 }),
        (typed, max) => {
          const cut = escapedWithin(typed, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          const shown = unescapeMarkdown(cut).replace(/…$/, "");
          expect(typed.startsWith(shown)).toBe(true);
          expect(shown.isWellFormed()).toBe(true);
          expect(cut).not.toMatch(/(?<!\\)(?:\\\\)*\\$/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("reply tokens", () => {
  it("come back as they were written", () => {
    const origin = fc.constantFrom<Origin>("command", "form", "press", "press-private");
    const id = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);
    const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019._-"), minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(origin, id, id, fc.option(id), token, (from, applicationId, interactionId, messageId, secret) => {
        const under = messageId === null ? {} : { messageId };
        const reply = { origin: from, applicationId, interactionId, ...under, token: secret };
        expect(decodeReply(encodeReply(reply))).toEqual(reply);
      }),
    );
  });
  it.each([[undefined], [""], ["c.1.2.3"], ["x.1.2..t"], ["c.1.b..t"], ["c.1.2.x.t"], ["c.1.2..t t"], ["c.1.2.."]])(
    "refuses %j",
    (text) => {
      expect(decodeReply(text)).toBeUndefined();
    },
  );
  it("reads the time out of an id", () => {
    // The example of Discord's reference.
    expect(madeAtMs("175928847299117063")).toBe(Date.parse("2016-04-30T11:18:25.796Z"));
  });
});
