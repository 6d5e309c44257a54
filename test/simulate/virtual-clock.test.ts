import { expect, test } from "vitest";
import { jain } from "./fairness.ts";
import { Outside } from "./quiet.ts";
import { Timers } from "./timers.ts";
import { createVirtualClock } from "./virtual-clock.ts";

test("timers come by their moment, and of one moment in the order they were set, without those called off", () => {
  const timers = new Timers();
  const ran: number[] = [];
  const moments = Array.from({ length: 500 }, (_, at) => (at * 7919) % 101);
  const set = moments.map((atMs, at) => timers.add(atMs, () => ran.push(at)));
  for (const [at, due] of set.entries()) due.off = at % 3 === 0;
  for (let next = timers.take(); next; next = timers.take()) next.run();
  const expected = moments
    .map((atMs, at) => ({ atMs, at }))
    .filter(({ at }) => at % 3 !== 0)
    .toSorted((a, b) => a.atMs - b.atMs || a.at - b.at);
  expect(ran).toEqual(expected.map(({ at }) => at));
});

test("an hour passes at once, and between two moments everything that waits for nothing goes on", async () => {
  const clock = createVirtualClock(0);
  const seen: string[] = [];
  clock.after(3_600_000, () => seen.push(`late ${clock.nowMs()}`));
  clock.after(1000, () => {
    void (async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      seen.push(`worked until ${clock.nowMs()}`);
    })();
  });
  clock.after(1001, () => seen.push(`then ${clock.nowMs()}`));
  await clock.runTo(3_600_000);
  expect(seen).toEqual(["worked until 1000", "then 1001", "late 3600000"]);
});

test("time does not pass while a disk or a database is waited for", async () => {
  const outside = new Outside();
  const clock = createVirtualClock(0, outside);
  const seen: string[] = [];
  clock.after(1, () => {
    void outside
      .during(() => new Promise((resolve) => setTimeout(resolve, 20)))
      .then(() => seen.push(`answered at ${clock.nowMs()}`));
  });
  clock.after(2, () => seen.push("later"));
  await clock.runTo(10);
  expect(seen).toEqual(["answered at 1", "later"]);
});

test("who was killed hears nothing any more: no timer, no answer", async () => {
  const clock = createVirtualClock(0);
  const life = clock.life();
  const seen: string[] = [];
  life.clock.after(10, () => seen.push("timer of the dead"));
  clock.after(10, () => seen.push("time itself"));
  const answer = Promise.withResolvers<void>();
  void life.only(answer.promise).then(() => seen.push("answer to the dead"));
  life.kill();
  answer.resolve();
  await clock.runTo(20);
  expect(seen).toEqual(["time itself"]);
});

test("Jain's index: 1 where all have the same, 1/n where one has all", () => {
  expect(jain([3, 3, 3])).toBe(1);
  expect(jain([9, 0, 0])).toBeCloseTo(1 / 3);
});
