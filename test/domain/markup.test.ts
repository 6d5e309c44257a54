import fc from "fast-check";
import { expect, it } from "vitest";
import { withoutMarkup } from "../../src/domain/markup.ts";
import { cleanPrompt } from "../../src/features/draw/advice.ts";

it.each([
  ["**Strike** now", "Strike now"],
  ["__Strike__ *now*", "Strike now"],
  ["***Strike*** _now_", "Strike now"],
  ["~~Strike~~ ||now||", "Strike now"],
  ["`a red fox`", "a red fox"],
  ["``a `red` fox``", "a red fox"],
  ["```\na red fox\n```", "a red fox"],
  ["# Strike now", "Strike now"],
  ["> Strike now\n> tomorrow", "Strike now tomorrow"],
  ["-# Strike now", "Strike now"],
  ["[Strike](https://example.org) now", "Strike now"],
  ["a fist <:red_fist:123456789012345678>", "a fist red fist"],
  ["<a:party:123456789012345678> now", "party now"],
  ["<@123456789012345678> strike now", "strike now"],
  ["<@!123456789012345678><@&123456789012345678> strike <#123456789012345678>", "strike"],
  ["at <t:1767225600:F>", "at 2026-01-01 00:00 UTC"],
  ["see </rca:123456789012345678>", "see /rca"],
  ['**"Strike"** and **more**', '"Strike" and more'],
])("%j is lettered as %j", (typed, clean) => expect(cleanPrompt(typed)).toBe(clean));

it.each([
  "5 * 3 * 2",
  "snake_case_name",
  "a*b*c",
  "#1 of 3",
  "it's 4 > 3",
  "a || b || c",
  "x ~ y ~ z",
  "<3 hearts <3",
  "(a red:1.4) fox [day:night]",
  "2026 - 1 - 2",
  "* a list",
])("%j is no markup", (typed) => expect(cleanPrompt(typed)).toBe(typed));

it("is done after one cleaning, whatever comes in, and of a page of marks soon", () => {
  const bits = fc.constantFrom(
    "**",
    "*",
    "_",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "a",
    " ",
    "\n",
    "# ",
    "> ",
    "<@123456>",
    "<:a",
    "b:12345>",
  );
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 24 }), (parts) => {
      const once = cleanPrompt(parts.join(""));
      expect(cleanPrompt(once)).toBe(once);
    }),
    { numRuns: 1000 },
  );
  for (const bit of ["*a", "`a", "_a ", "||a", "[a", "<:a", "~~a"]) {
    const before = process.cpuUsage();
    withoutMarkup(bit.repeat(20_000));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000, bit).toBeLessThan(300);
  }
});
