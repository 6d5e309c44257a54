import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Call, type Lane, Lanes, type Started, type Waiting } from "../../../adapters/telegram/lanes.ts";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { simulated } from "./lanes-simulation.ts";

/** Time stands still unless it is moved; answers come at once. */
function laned(rates = RATES) {
  const clock = { ms: 1_000_000 };
  const lanes = new Lanes(rates, () => clock.ms);
  const call = (lane: Lane, more: Partial<Call> = {}): Call => ({
    lane,
    kind: "other",
    cost: 1,
    patienceMs: 60_000,
    ...more,
  });
  const join = (lane: Lane, more: Partial<Call> = {}): Waiting => {
    const joined = lanes.join(call(lane, more));
    if (typeof joined === "number") throw new Error(`it would wait ${joined} ms`);
    return joined;
  };
  const answered = ({ started }: { readonly started: ReadonlyMap<Waiting, Started> }) => {
    for (const each of started.values()) lanes.ended(each);
    return [...started.keys()];
  };
  return {
    clock,
    lanes,
    join,
    many: (count: number, lane: Lane, more?: Partial<Call>) => Array.from({ length: count }, () => join(lane, more)),
    /** The lanes of those that start now. */
    lanesOf: () => answered(lanes.take()).map(({ lane }) => lane),
    counted(): Readonly<Record<string, number>> {
      const started = answered(lanes.take());
      return Object.fromEntries(
        [...new Set(started.map(({ lane }) => lane))].map((lane) => [
          lane,
          started.filter((each) => each.lane === lane).length,
        ]),
      );
    },
    /** How long a call would wait, 0 when it starts now; it does not come back. */
    waitOf(chatId: string, kind: Call["kind"], more: Partial<Call> = {}): number {
      const joined = lanes.join(call("first", { chatId, kind, patienceMs: 0, ...more }));
      if (typeof joined === "number") return joined;
      const { started, late } = lanes.take();
      for (const each of started.values()) lanes.ended(each);
      return late.get(joined) ?? 0;
    },
  };
}

describe("lanes", () => {
  it("a burst of first answers starts at once, all but two places of the window, and 20 find room after a few ends", () => {
    const { many, counted, clock } = laned();
    many(7, "final");
    expect(counted()).toEqual({ final: 7 });
    many(20, "first");
    many(5, "final");
    expect(counted()).toEqual({ first: 20 });
    clock.ms += 1000;
    many(100, "first");
    expect(counted()).toEqual({ first: 26, final: 2 });
  });

  it("a press finds a place in a full window", () => {
    const { many, counted } = laned();
    many(100, "first");
    expect(counted()).toEqual({ first: 28 });
    many(5, "press");
    expect(counted()).toEqual({ press: 2 });
  });

  it("the more urgent first; buttons of a picture in the making wait half a second for a burst to come", () => {
    const { many, lanesOf, clock } = laned();
    for (const lane of ["spare", "card", "look", "final", "first", "press"] as const) many(1, lane);
    expect(lanesOf()).toEqual(["press", "first", "final", "look", "spare"]);
    clock.ms += 500;
    expect(lanesOf()).toEqual(["card"]);
  });

  it("however many first answers come, two ends and one other start in each window, the oldest of the others", () => {
    const { many, counted, clock } = laned();
    many(200, "first");
    counted();
    many(10, "final");
    many(1, "spare");
    clock.ms += 1;
    many(1, "look");
    const windows = Array.from({ length: 3 }, () => {
      clock.ms += 1000;
      return counted();
    });
    expect(windows).toEqual([
      { first: 25, final: 2, spare: 1 },
      { first: 25, final: 2, look: 1 },
      { first: 26, final: 2 },
    ]);
  });

  it("of an end and a look-up that are both due a place, the end does not wait for the other's", () => {
    const { many, counted, clock } = laned();
    many(2, "final");
    expect(counted()).toEqual({ final: 2 });
    clock.ms += 500;
    many(200, "first");
    expect(counted()).toEqual({ first: 26 });
    many(4, "final");
    many(1, "look");
    clock.ms += 500;
    expect(counted()).toEqual({ final: 2 });
  });

  it("an album is each of its pictures, and finds its room under a flood too", () => {
    const { many, join, counted, clock } = laned();
    many(200, "first");
    counted();
    join("final", { cost: 10 });
    clock.ms += 1000;
    expect(counted()).toEqual({ first: 18, final: 1 });
    clock.ms += 1000;
    expect(counted()).toEqual({ first: 28 });
  });

  it("progress is never waited for, and has only what is left", () => {
    const { many, lanes, join, lanesOf } = laned();
    many(9, "first");
    expect(lanesOf()).toHaveLength(9);
    join("spare", { kind: "progress", chatId: "-1", patienceMs: 0 });
    expect(lanesOf()).toEqual(["spare"]);
    const second = join("spare", { kind: "progress", chatId: "-2", patienceMs: 0 });
    const { started, late } = lanes.take();
    expect([started.size, late.get(second)]).toEqual([0, 1000]);
    expect(lanes.nextInMs()).toBeUndefined();
  });

  it("a place is free again a second after the answer, and after three when none comes", () => {
    const { many, lanes, clock } = laned();
    many(60, "first");
    const { started } = lanes.take();
    clock.ms += 900;
    for (const each of [...started.values()].slice(0, 20)) lanes.ended(each);
    clock.ms += 999;
    expect(lanes.take().started.size).toBe(0);
    clock.ms += 1;
    expect(lanes.take().started.size).toBe(20);
    clock.ms = 1_000_000 + 2999;
    expect(lanes.take().started.size).toBe(0);
    expect(lanes.nextInMs()).toBe(1);
    clock.ms += 1;
    expect(lanes.take().started.size).toBe(8);
  });

  it("what becomes due between two looks at the clock is not slept over", () => {
    const { many, join, lanes, clock, counted } = laned();
    many(28, "first");
    counted();
    clock.ms += 999;
    join("first");
    expect(lanes.take().started.size).toBe(0);
    clock.ms += 2;
    expect(lanes.nextInMs()).toBe(1);
  });

  it("whoever has no patience left is told how long it would take, and waits no more", () => {
    const { many, join, lanes, clock, counted } = laned();
    many(28, "first");
    counted();
    const impatient = join("first", { patienceMs: 300 });
    expect(lanes.take().late.size).toBe(0);
    expect(lanes.nextInMs()).toBe(300);
    clock.ms += 300;
    expect(lanes.take().late.get(impatient)).toBe(700);
    expect(lanes.nextInMs()).toBeUndefined();
  });
});

describe("the pace of a chat", () => {
  const unhurried = { ...RATES, chatSendsAtOnce: 1000 };

  it("20 new messages a minute in a group: the next one waits until the first has left the minute", () => {
    const { clock, waitOf } = laned(unhurried);
    for (let at = 0; at < 20; at += 1) {
      expect(waitOf("-1", "send")).toBe(0);
      clock.ms += 100;
    }
    expect(waitOf("-1", "send", { patienceMs: 3000 })).toBe(58_000);
    clock.ms += 60_000;
    for (let at = 0; at < 20; at += 1) expect(waitOf("-1", "send")).toBe(0);
    // Others are not concerned.
    expect(waitOf("-2", "send")).toBe(0);
    expect(waitOf("5", "send")).toBe(0);
  });

  it("a handful at once, then one a second", () => {
    const { clock, waitOf } = laned();
    for (let at = 0; at < RATES.chatSendsAtOnce; at += 1) expect(waitOf("5", "send")).toBe(0);
    expect(waitOf("5", "send")).toBe(1000);
    clock.ms += 2000;
    expect([waitOf("5", "send"), waitOf("5", "send"), waitOf("5", "send")]).toEqual([0, 0, 1000]);
    expect(waitOf("5", "edit")).toBe(0);
  });

  it("an album counts each picture", () => {
    const { clock, waitOf } = laned(unhurried);
    expect(waitOf("-1", "send", { cost: 10 })).toBe(0);
    clock.ms += 1000;
    expect(waitOf("-1", "send", { cost: 10 })).toBe(0);
    clock.ms += 1000;
    expect(waitOf("-1", "send", { cost: 4 })).toBe(58_000);
  });

  it("progress once in 3 s and chat, and never more than leaves room for results", () => {
    const { clock, waitOf } = laned();
    expect(waitOf("-1", "progress")).toBe(0);
    expect(waitOf("-1", "progress")).toBe(3000);
    expect(waitOf("-1", "edit")).toBe(0);
    for (let at = 1; at < RATES.progressEditsPerMinute; at += 1) {
      clock.ms += 3000;
      expect(waitOf("-1", "progress")).toBe(0);
    }
    clock.ms += 3000;
    expect(waitOf("-1", "progress")).toBeGreaterThan(0);
    expect(waitOf("-1", "edit")).toBe(0);
  });

  it("what Telegram says holds for the whole chat; for two chats at once it holds for all", () => {
    const { clock, waitOf, lanes } = laned();
    lanes.told("-1", 5000);
    for (const kind of ["send", "edit", "other", "progress"] as const) expect(waitOf("-1", kind)).toBe(5000);
    expect(waitOf("-2", "send")).toBe(0);
    lanes.told("-2", 2000);
    expect(waitOf("-3", "send")).toBe(2000);
    clock.ms += 2000;
    expect(waitOf("-3", "send")).toBe(0);
    expect(waitOf("-1", "send")).toBe(3000);
    clock.ms += 3000;
    expect(waitOf("-1", "send")).toBe(0);
  });

  it("a wait about no chat is a wait for all, those too who wait already", () => {
    const { clock, lanes, join, lanesOf } = laned();
    join("first");
    lanes.told(undefined, 4000);
    expect(lanesOf()).toEqual([]);
    expect(lanes.nextInMs()).toBe(500);
    clock.ms += 3999;
    expect(lanesOf()).toEqual([]);
    clock.ms += 1;
    expect(lanesOf()).toEqual(["first"]);
  });

  it("whoever waited goes one by one for a minute afterwards: all at once would be told to wait again", () => {
    const { clock, waitOf, lanes } = laned();
    lanes.told("-1", 5000);
    clock.ms += 5000;
    expect([waitOf("-1", "edit"), waitOf("-1", "edit")]).toEqual([0, 3000]);
    expect([waitOf("-1", "send"), waitOf("-1", "send")]).toEqual([0, 3000]);
    expect([waitOf("-2", "edit"), waitOf("-2", "edit")]).toEqual([0, 0]);
    clock.ms += 60_000;
    expect([waitOf("-1", "edit"), waitOf("-1", "edit")]).toEqual([0, 0]);
  });

  it("a chat that has to wait holds up nobody behind it in the lane", () => {
    const { join, lanes, lanesOf } = laned();
    lanes.told("-1", 5000);
    join("first", { chatId: "-1", kind: "send" });
    join("first", { chatId: "-2", kind: "send" });
    expect(lanesOf()).toEqual(["first"]);
    expect(lanesOf()).toEqual([]);
  });
});

describe("any mixture of calls, answered in any time up to 1.9 s", () => {
  it("is never too much within any second, minute or chat; each starts once or is told; ends wait within their bound", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), (seed, flooded) => {
        const seen = simulated({ seed, flooded });
        expect(seen.mostInASecond).toBeLessThanOrEqual(30);
        expect(seen.mostInAMinuteOfAGroup).toBeLessThanOrEqual(RATES.groupSendsPerMinute);
        expect(seen.overdrawn).toBe(0);
        expect(seen.startedWhileTold).toBe(0);
        expect(seen.outOfOrder).toBe(0);
        expect(seen.unanswered).toBe(0);
        expect(seen.startedTwice).toBe(0);
        if (flooded) expect(seen.fewestEndsInAWindow).toBeGreaterThanOrEqual(2);
        if (flooded) expect(seen.mostInASecond).toBeGreaterThan(15);
      }),
      { numRuns: 8 },
    );
  });
});
