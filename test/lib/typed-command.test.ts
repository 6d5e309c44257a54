import fc from "fast-check";
import { expect, it } from "vitest";
import { typedCommand } from "../../src/lib/typed-command.ts";
import { withoutUnseen } from "../../src/lib/unseen.ts";

const known = (name: string) => name === "rca";

it.each<[line: string, text: string]>([
  ["/rca a fox", "a fox"],
  ["/RCA a fox", "a fox"],
  ["/rca: a fox", "a fox"],
  ["/rca：a fox", "a fox"],
  ["/rca:a fox", "a fox"],
  ["/rca@placard_bot a fox", "a fox"],
  ["/ rca a fox", "a fox"],
  ["/rca", ""],
  ["  /rca\na fox", "a fox"],
  ['/rca"Ready?"', '"Ready?"'],
  ["/rca“Ready?”", "“Ready?”"],
  ["/rca„Ready?“", "„Ready?“"],
  ["/rca「Ready?」", "「Ready?」"],
  ["\u200f/rca ثعلب", "ثعلب"],
  ["\u200b/r\u00adca\u2060 a fox", "a fox"],
  ["／ｒｃａ a fox", "a fox"],
])("%j is the command", (line, text) => expect(typedCommand(line, known)).toEqual({ name: "rca", text }));

it.each(["/ hello all", "/tmp/rca", "and /rca", "//rca", "/rca's poster", "/rca://x", "/", "/ ", "/123", "rca a fox"])(
  "%j is talk",
  (line) => expect(typedCommand(line, known)).toBeUndefined(),
);

it("reads a line the same with marks that nobody sees anywhere outside its words", () => {
  const unseen = fc.constantFrom("\u200b", "\u200e", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u202e");
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(13), unseen), { maxLength: 6 }), (marks) => {
      let line = "/rca fox seed:5";
      for (const [at, mark] of marks) line = line.slice(0, at) + mark + line.slice(at);
      expect(typedCommand(line, known)).toEqual({ name: "rca", text: "fox seed:5" });
    }),
  );
});

it("keeps the joiners that scripts and emoji need", () => {
  for (const text of ["می‌خواهم", "👩‍👧 x", "❤️‍🔥", "1️⃣ fox", "क्‍ष"]) expect(withoutUnseen(text)).toBe(text);
  expect(withoutUnseen("seed:\u200d5\ufe0f fox\u200c")).toBe("seed:5 fox".replace("5", "5\ufe0f"));
});
