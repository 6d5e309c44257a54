import { describe, expect, it } from "vitest";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { Pace } from "../../../adapters/telegram/pacing.ts";

describe("pace", () => {
  const paced = (rates = RATES) => {
    const clock = { ms: 1_000_000 };
    return { clock, pace: new Pace(rates, () => clock.ms) };
  };

  it("20 new messages a minute in a group: the next one waits until the first has left the minute", () => {
    const { clock, pace } = paced();
    for (let at = 0; at < 20; at += 1) {
      expect(pace.book("-1", "send", 0)).toBe(0);
      clock.ms += 100;
    }
    expect(pace.book("-1", "send", 3000)).toBe(58_000);
    // It was not booked: a minute later there is room for twenty again.
    clock.ms += 60_000;
    for (let at = 0; at < 20; at += 1) expect(pace.book("-1", "send", 0)).toBe(0);
    // Others are not concerned.
    expect(pace.book("-2", "send", 0)).toBe(0);
    expect(pace.book("5", "send", 0)).toBe(0);
  });

  it("an album counts each picture", () => {
    const { pace } = paced();
    expect(pace.book("-1", "send", 0, 10)).toBe(0);
    expect(pace.book("-1", "send", 0, 10)).toBe(0);
    expect(pace.book("-1", "send", 0, 4)).toBe(60_000);
  });

  it("progress once in 3 s and chat, never waited for, and never more than leaves room for results", () => {
    const { clock, pace } = paced();
    expect(pace.book("-1", "progress", 60_000)).toBe(0);
    expect(pace.book("-1", "progress", 60_000)).toBe(3000);
    expect(pace.book("-1", "edit", 0)).toBe(0);
    for (let at = 1; at < RATES.progressEditsPerMinute; at += 1) {
      clock.ms += 3000;
      expect(pace.book("-1", "progress", 0)).toBe(0);
    }
    clock.ms += 3000;
    expect(pace.book("-1", "progress", 0)).toBeGreaterThan(0);
    expect(pace.book("-1", "edit", 0)).toBe(0);
  });

  it("what Telegram says holds for the whole chat; for two chats at once it holds for all", () => {
    const { clock, pace } = paced();
    pace.told("-1", 5000);
    expect(pace.book("-1", "send", 0)).toBe(5000);
    expect(pace.book("-1", "edit", 0)).toBe(5000);
    expect(pace.book("-1", "other", 0)).toBe(5000);
    expect(pace.book("-1", "progress", 60_000)).toBe(5000);
    expect(pace.book("-2", "send", 0)).toBe(0);
    pace.told("-2", 2000);
    expect(pace.book("-3", "send", 0)).toBe(2000);
    clock.ms += 2000;
    expect(pace.book("-3", "send", 0)).toBe(0);
    expect(pace.book("-1", "send", 0)).toBe(3000);
    clock.ms += 3000;
    expect(pace.book("-1", "send", 0)).toBe(0);
  });

  it("whoever waited goes one by one for a minute afterwards: all at once would be told to wait again", () => {
    const { clock, pace } = paced();
    pace.told("-1", 5000);
    clock.ms += 5000;
    expect([pace.book("-1", "edit", 10_000), pace.book("-1", "edit", 10_000)]).toEqual([0, 3000]);
    expect([pace.book("-1", "send", 10_000), pace.book("-1", "send", 10_000)]).toEqual([0, 3000]);
    expect([pace.book("-2", "edit", 0), pace.book("-2", "edit", 0)]).toEqual([0, 0]);
    clock.ms += 60_000;
    expect([pace.book("-1", "edit", 0), pace.book("-1", "edit", 0)]).toEqual([0, 0]);
  });

  it("a wait about no chat is a wait for all", () => {
    const { pace } = paced();
    pace.told(undefined, 4000);
    expect(pace.book("-1", "edit", 0)).toBe(4000);
    expect(pace.toldToWaitMs("-1")).toBe(4000);
  });

  it("30 calls a second over all chats", () => {
    const { pace } = paced();
    for (let at = 0; at < 30; at += 1) expect(pace.book(String(at + 1), "send", 0)).toBe(0);
    expect(pace.book("99", "send", 0)).toBe(1000);
  });

  it("whoever waits has a place: later calls come after it", () => {
    const { pace } = paced({ ...RATES, groupSendsPerMinute: 1 });
    expect(pace.book("-1", "send", 200_000)).toBe(0);
    expect(pace.book("-1", "send", 200_000)).toBe(60_000);
    expect(pace.book("-1", "send", 200_000)).toBe(120_000);
  });
});
