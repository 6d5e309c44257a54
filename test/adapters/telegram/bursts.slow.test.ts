import { expect, it } from "vitest";
import { RATES } from "../../../adapters/telegram/limits.ts";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, finalsOf, groupsIn } from "./app.ts";
import { eventually, openFake } from "./world.ts";

it("a burst in more new groups than calls in a second: nothing too much, nothing twice, each message in order", {
  timeout: 60_000,
}, async () => {
  const fake = await openFake({ flood: {} });
  const groups = groupsIn(fake, 32);
  await botAt(fake, {
    hurried: true,
    rates: RATES,
    backends: (clock) => [fakeBackend({ clock, facts: { concurrency: 8 } })],
  });
  groups.draw(32);
  const finals = () => Array.from({ length: 32 }, (_, at) => finalsOf(groups.groups, at + 1));
  await eventually(finals, { timeout: 50_000 }).toEqual(Array(32).fill(1));
  expect(fake.calls.filter(({ errorCode }) => errorCode === 429)).toEqual([]);
  for (const group of groups.groups) {
    const [only, ...more] = group.history().filter(({ fromBot }) => fromBot);
    expect(more).toEqual([]);
    expect([only?.versions[0]?.kind, only?.versions.at(-1)?.kind]).toEqual(["text", "photo"]);
    expect(only?.versions.findIndex(({ kind }) => kind === "photo")).toBe((only?.versions.length ?? 0) - 1);
  }
  fake.expectNoComplaints();
});
