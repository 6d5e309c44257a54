import { randomInt } from "node:crypto";
import { expect, it } from "vitest";
import { createLinkCodes } from "../../src/dispatch/link-codes.ts";
import { shortCodeIn, shownShortCode } from "../../src/domain/short-code.ts";
import { englishWords } from "../words.ts";

const T0 = 1_760_000_000_000;
const MIN_MS = 60_000;
const WRONG = "That code is wrong, used, or older than 10 minutes. Ask for a new one where you are already known.";

function codes() {
  let nowMs = T0;
  const links = createLinkCodes({ nowMs: () => nowMs, below: randomInt });
  const redeem = (typed: string, by: string | undefined = "x") => {
    const found = links.redeem(typed, by);
    return found.ok ? found.value.memberId : englishWords(found.problem.text);
  };
  return { links, redeem, after: (ms: number) => (nowMs += ms) };
}

it("says once whose it is, however it was typed", () => {
  const { links, redeem } = codes();
  for (const written of [
    (code: string) => code,
    shownShortCode,
    (code: string) => ` ${code.toLowerCase().slice(0, 4)} ${code.toLowerCase().slice(4)}\u200e`,
    (code: string) => code.replace(/[2-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  ]) {
    const { code, untilMs } = links.issue("web:ada");
    expect(code).toMatch(/^[2-9B-DF-HJ-NP-TV-Z]{8}$/);
    expect(untilMs).toBe(T0 + 10 * MIN_MS);
    expect(redeem(written(code), written.name + code)).toBe("web:ada");
    expect(redeem(code, code)).toBe(WRONG);
  }
});

it.each([
  ["one with a letter too few", (code: string) => code.slice(1)],
  ["one with a letter too many", (code: string) => `${code}2`],
  ["letters that no code has", () => "AEIOU011"],
  ["nothing", () => ""],
  ["a megabyte", () => "2".repeat(1_000_000)],
])("does not take %s", (_, change) => {
  const { links, redeem } = codes();
  expect(redeem(change(links.issue("web:ada").code))).toBe(WRONG);
});

it("holds for ten minutes, and until its member gets another", () => {
  const { links, redeem, after } = codes();
  const first = links.issue("web:ada").code;
  const second = links.issue("web:ada").code;
  const bo = links.issue("web:bo").code;
  expect(redeem(first)).toBe(WRONG);
  after(10 * MIN_MS - 1);
  expect(redeem(second)).toBe("web:ada");
  after(1);
  expect(redeem(bo)).toBe(WRONG);
});

it("makes whoever typed five wrong ones wait until ten minutes after the first, and nobody else", () => {
  const { links, redeem, after } = codes();
  const { code } = links.issue("web:ada");
  for (let tried = 1; tried <= 5; tried += 1) {
    expect(redeem("22222222")).toBe(WRONG);
    after(MIN_MS);
  }
  expect(redeem(code)).toBe("Too many wrong codes. Wait 5 min, then try again.");
  expect(links.redeem(code, "x")).toMatchObject({ problem: { retryAtMs: T0 + 10 * MIN_MS } });
  expect(redeem(code, "y")).toBe("web:ada");
  after(5 * MIN_MS);
  expect(redeem(links.issue("web:ada").code)).toBe("web:ada");
});

it("bounds all together of whom nobody can be told from another", () => {
  const { links, redeem } = codes();
  const { code } = links.issue("web:ada");
  const nameless = () => links.redeem("22222222", undefined);
  for (let tried = 1; tried <= 100; tried += 1) nameless();
  expect(links.redeem(code, undefined)).toMatchObject({ ok: false, problem: { code: "not_allowed" } });
  expect(redeem(code, "y")).toBe("web:ada");
});

it("keeps nobody out, and no code alive, when the clock goes back", () => {
  const { links, redeem, after } = codes();
  const { code } = links.issue("web:ada");
  for (let tried = 1; tried <= 5; tried += 1) redeem("22222222");
  after(-60 * MIN_MS);
  expect(redeem(code)).toBe(WRONG);
  expect(redeem(links.issue("web:ada").code)).toBe("web:ada");
});

it("reads nothing out of other words", () => {
  expect([shortCodeIn("BCDF-2345"), shortCodeIn("bcdf 2345"), shortCodeIn("BCDF-234O")]).toEqual([
    "BCDF2345",
    "BCDF2345",
    undefined,
  ]);
});
