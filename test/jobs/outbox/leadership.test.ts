import { expect, test } from "vitest";
import { createLeadership } from "../../../src/jobs/outbox/leadership.ts";
import type { Clock } from "../../../src/lib/clock.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";

/** Two processes over one store, each with a clock that only passes. */
async function processes() {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  let atMs = 1_000;
  let asked = 0;
  let slowMs = 0;
  const clock = (): Clock => ({
    nowMs: () => 1_760_000_000_000 + atMs,
    steadyMs: () => atMs,
    after: () => () => {},
    deadline: () => new AbortController().signal,
  });
  const lead: typeof store.lead = async (...input) => {
    asked += 1;
    const reign = await store.lead(...input);
    atMs += slowMs;
    return reign;
  };
  const one = () => createLeadership("relay", { lead }, clock());
  return {
    a: one(),
    b: one(),
    pass: (ms: number) => {
      atMs += ms;
    },
    slow: (ms: number) => {
      slowMs = ms;
    },
    get asked() {
      return asked;
    },
  };
}

test("one leads, and asks again only shortly before its reign ends", async () => {
  const world = await processes();
  expect((await world.a.reign())?.fence).toBe(1);
  expect(await world.b.reign()).toBeUndefined();
  world.pass(2_999);
  expect((await world.a.reign())?.fence).toBe(1);
  expect(world.asked).toBe(2);
  world.pass(1);
  expect((await world.a.reign())?.fence).toBe(1);
  expect(world.asked).toBe(3);
});

test("whoever was asleep leads no more once another has taken over", async () => {
  const { a, b, pass } = await processes();
  await a.reign();
  pass(4_999);
  expect(await b.reign()).toBeUndefined();
  pass(1);
  expect((await b.reign())?.fence).toBe(2);
  expect(await a.reign()).toBeUndefined();
});

test("an answer that comes late leaves as much less of the reign", async () => {
  const { a, b, pass, slow } = await processes();
  slow(2_500);
  await a.reign();
  slow(0);
  // 2,500 of 5,000 ms have passed since it asked: in 500 it begins nothing more without asking.
  pass(2_500);
  expect((await b.reign())?.fence).toBe(2);
  expect(await a.reign()).toBeUndefined();
});

test("given back it is another's at once", async () => {
  const { a, b } = await processes();
  await a.reign();
  await a.giveBack();
  expect((await b.reign())?.fence).toBe(2);
  await a.giveBack();
  expect(await a.reign()).toBeUndefined();
});
