import { expect, it } from "vitest";
import { decimalNumberText, type NumberText, wholeNumberText } from "../../src/lib/number-text.ts";

const said = (read: NumberText) =>
  read.is === "number" ? read.value : read.is === "unsure" ? read.could.join(" or ") : read.is;

it.each<[written: string, whole: string | number, decimal: string | number]>([
  ["12", 12, 12],
  [" #12 ", 12, 12],
  ["+7", 7, 7],
  ["＋7", 7, 7],
  ["−7", -7, -7],
  ["﹣7", -7, -7],
  ["－7", -7, -7],
  ["＃12", 12, 12],
  ["３．５", "none", 3.5],
  ["1,000", "1000 or 1", "1000 or 1.000"],
  ["1.000", "1000 or 1", 1],
  ["12.000", "12000 or 12", 12],
  ["10,000", "10000 or 10", "10000 or 10.000"],
  ["1 000", 1000, 1000],
  ["1\u00a0000", 1000, 1000],
  ["1\u2007000", 1000, 1000],
  ["1\u2009000", 1000, 1000],
  ["1\u202f000\u202f000", 1_000_000, 1_000_000],
  ["1'000", 1000, 1000],
  ["1’000", 1000, 1000],
  ["1_000", 1000, 1000],
  ["1,000,000", 1_000_000, 1_000_000],
  ["1.000.000", 1_000_000, 1_000_000],
  ["1,000.000", "none", "none"],
  ["1,00", "none", 1],
  ["1 00", "none", "none"],
  ["7.", 7, 7],
  ["7.5", "none", 7.5],
  ["3,5", "none", 3.5],
  ["0,125", "none", 0.125],
  [".5", "none", 0.5],
  ["28.0", "none", 28],
  ["1e3", "none", "none"],
  ["0x10", "none", "none"],
  ["", "none", "none"],
  ["٣٠", 30, 30],
  ["٣٫٥", "none", 3.5],
  ["١٬٠٠٠", 1000, 1000],
  ["१२", 12, 12],
  ["１２", 12, 12],
  ["１，０００", "1000 or 1", "1000 or 1.000"],
  ["𝟙𝟚", 12, 12],
  ["½", "none", "none"],
  ["Ⅳ", "none", "none"],
])("%s as a whole number is %s, as any number %s", (written, whole, decimal) => {
  expect(said(wholeNumberText(written))).toBe(whole);
  expect(said(decimalNumberText(written))).toBe(decimal);
});

it("reads the digits of every script that this machine can write", () => {
  const systems = Intl.supportedValuesOf("numberingSystem").filter((system) => system !== "hanidec");
  expect(systems.length).toBeGreaterThan(50);
  for (const system of systems) {
    const written = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(1_234_567_890);
    expect([system, said(wholeNumberText(written))]).toEqual([system, 1_234_567_890]);
  }
});
