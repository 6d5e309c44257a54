import { describe, expect, it } from "vitest";
import { agendaIn } from "../../src/domain/agenda.ts";
import { AGENDA_MAX_ITEMS } from "../../src/domain/meeting.ts";
import {
  joinCodeIn,
  newJoinCode,
  newShortCode,
  newWallKey,
  shortCodeIn,
  shownShortCode,
} from "../../src/domain/short-code.ts";

const itemsIn = (typed: string) => {
  const read = agendaIn(typed);
  return read.ok
    ? read.value.map(({ title, minutes }) => (minutes === undefined ? title : `${title} = ${minutes}`))
    : read.problem.text;
};

describe("an agenda", () => {
  it.each<[string, string, readonly string[]]>([
    ["a line an item", "Welcome\nRent strike\nAny other business", ["Welcome", "Rent strike", "Any other business"]],
    ["without empty lines", "\n\n Welcome \r\n\r\n  Rent strike\n", ["Welcome", "Rent strike"]],
    [
      "numbered",
      "1. Welcome\n2) Rent strike\n(3) Rents\n4: Other\n１．まとめ",
      ["Welcome", "Rent strike", "Rents", "Other", "まとめ"],
    ],
    [
      "with bullets",
      "- Welcome\n• Rent strike\n* [ ] Rents\n– Other\n☐ Last",
      ["Welcome", "Rent strike", "Rents", "Other", "Last"],
    ],
    [
      "of one line, between semicolons",
      "Welcome; Rent strike；まとめ؛ أخرى",
      ["Welcome", "Rent strike", "まとめ", "أخرى"],
    ],
    ["whose breaks were taken out", "1. Welcome 2. Rent strike 3. Other", ["Welcome", "Rent strike", "Other"]],
    ["of one item, with its colon", "Rent strike: which poster?", ["Rent strike: which poster?"]],
    ["with a semicolon in one of its lines", "Welcome; hello\nRent strike", ["Welcome; hello", "Rent strike"]],
    [
      "with minutes",
      "Rent strike (5 min)\nRents [10']\nOther, 3 minutes\nGruß – 7 Minuten\nИтог (4 мин)\n总结（6分钟）\nختام (8 دقائق)",
      ["Rent strike = 5", "Rents = 10", "Other = 3", "Gruß = 7", "Итог = 4", "总结 = 6", "ختام = 8"],
    ],
    [
      "whose minutes are no time",
      "Minute of silence\nMinutes (0 min)\n15 min\n8 March, 2026\nBreak of 5 min",
      ["Minute of silence", "Minutes (0 min)", "15 min", "8 March, 2026", "Break of 5 min"],
    ],
    ["of nothing", " \n ; ", []],
  ])("%s", (_how, typed, items) => expect(itemsIn(typed)).toEqual(items));

  it("has no more items than fit, and none too long to be read", () => {
    const many = (n: number) => Array.from({ length: n }, (_, at) => `Item ${at}`).join("\n");
    expect(itemsIn(many(AGENDA_MAX_ITEMS))).toHaveLength(AGENDA_MAX_ITEMS);
    expect(itemsIn(many(AGENDA_MAX_ITEMS + 1))).toMatchObject({ id: "problem.agenda.too-many.given" });
    expect(itemsIn(`Welcome\n${"x".repeat(121)}`)).toMatchObject({ id: "problem.agenda.long" });
  });

  it("is read in no time, whatever it is", () => {
    const began = performance.now();
    for (const hostile of [
      "(".repeat(4000),
      "1.".repeat(2000),
      "- ".repeat(2000),
      `${"a ".repeat(2000)}(5`,
      " ".repeat(4000),
      "9 min,".repeat(600),
    ])
      agendaIn(hostile);
    expect(performance.now() - began).toBeLessThan(300);
  });
});

describe("codes", () => {
  const below = (sequence: readonly number[]) => {
    let at = 0;
    return (max: number) => (sequence[at++ % sequence.length] ?? 0) % max;
  };
  it("to come in are six letters that nobody takes for another, and spell nothing", () => {
    const all = new Set<string>();
    for (let first = 0; first < 100; first += 1) all.add(newJoinCode(below([first, first + 7, 3, 11])));
    for (const code of all) expect(code).toMatch(/^[BCDFGHJKMNPQRSTVWXZ]{6}$/u);
    expect(shownShortCode("BCDFGH")).toBe("BCD-FGH");
  });
  it.each(["BCDFGH", "bcd fgh", "Bcd-Fgh", "ＢＣＤＦＧＨ", " bcd–fgh\u200b "])("however it is typed: %s", (typed) =>
    expect(joinCodeIn(typed)).toBe("BCDFGH"),
  );
  it.each(["BCDFG", "BCDFGHJ", "ABCDFG", "BCD1GH", ""])("none: %s", (typed) =>
    expect(joinCodeIn(typed)).toBeUndefined(),
  );
  it("to join accounts stay as they were", () => {
    expect(shortCodeIn(newShortCode(below([1, 9, 20])))).toHaveLength(8);
    expect(shownShortCode("BCDF2345")).toBe("BCDF-2345");
  });
  it("of a wall are sixteen of a-z and 0-9", () => expect(newWallKey(below([35, 0, 10]))).toMatch(/^[a-z0-9]{16}$/u));
});
