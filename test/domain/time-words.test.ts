import { describe, expect, test } from "vitest";
import { clock } from "../../src/domain/text.ts";
import { ago, amount, duration } from "../../src/domain/time-words.ts";
import { render } from "../../src/messages/render.ts";

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;

const english = (text: Parameters<typeof render>[0]) => render(text, "en");

describe("waits", () => {
  test.each([
    [0, "1 s"],
    [1, "1 s"],
    [3001, "4 s"],
    [59 * S + 1, "1 min"],
    [125 * S, "2 min 5 s"],
    [3 * H, "3 h"],
    [3 * H + 10 * MIN + 59 * S, "3 h 10 min"],
    [DAY, "1 day"],
    [DAY + 2 * H, "1 day 2 h"],
    [3 * DAY + 59 * MIN, "3 days"],
  ])("%i ms are %s", (ms, words) => {
    expect(english(duration(ms))).toBe(words);
  });
});

describe("amounts of the allowance", () => {
  test.each([
    [0, "0 s"],
    [1, "under 0.1 s"],
    [49, "under 0.1 s"],
    [50, "0.1 s"],
    [12_345, "12.3 s"],
    [1_234_500, "1234.5 s"],
  ])("%i ms are %s", (ms, words) => {
    expect(english(amount(ms))).toBe(words);
  });
});

describe("how long ago", () => {
  const nowMs = 1_700_000_000_000;
  test.each([
    [0, "just now"],
    [59_999, "just now"],
    [-DAY, "just now"],
    [MIN, "1 min ago"],
    [2 * MIN + 59 * S, "2 min ago"],
    [26 * H, "1 day 2 h ago"],
  ])("%i ms: %s", (agoMs, words) => {
    expect(english(ago(nowMs - agoMs, nowMs))).toBe(words);
  });
});

describe("moments, in this machine's time zone", () => {
  const nowMs = 1_700_000_000_000;
  test.each([
    [30 * MIN, /^\d\d:\d\d \S+$/u],
    [3 * DAY, /^[A-Z][a-z]+day \d\d:\d\d \S+$/u],
    [30 * DAY, /^\d{1,2} December 2023(?: at)? \d\d:\d\d \S+$/u],
  ])("%i ms away", (inMs, words) => {
    expect(english(clock(nowMs + inMs, nowMs))).toMatch(words);
  });

  test("rounded up: at the time told it is true", () => {
    const minuteMs = nowMs - (nowMs % MIN);
    const told = (atMs: number) => english(clock(atMs, nowMs - MIN));
    expect(told(minuteMs - 1)).toBe(told(minuteMs));
    expect(told(minuteMs + 1)).not.toBe(told(minuteMs));
  });
});
