import { expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { botAt, finalsOf, groupsIn } from "./app.ts";
import { eventually, openFake } from "./world.ts";

it("a storm of 429s on half of all calls: every picture arrives, none twice", { timeout: 90_000 }, async () => {
  const fake = await openFake();
  const groups = groupsIn(fake, 4);
  const bot = await botAt(fake, {
    hurried: true,
    backends: (clock) => [fakeBackend({ clock, facts: { concurrency: 8 } })],
  });
  // About no chat, so a wait of theirs would be everybody's.
  await eventually(() => bot.logged.some((line) => line.includes("commands_registered"))).toBe(true);
  const storm = fake.storm(0.5);
  groups.draw(8);
  const finals = () => Array.from({ length: 8 }, (_, at) => finalsOf(groups.groups, at + 1));
  await eventually(finals, { timeout: 80_000 }).toEqual(Array(8).fill(1));
  expect(storm.hits).toBeGreaterThan(8);
  fake.expectNoComplaints();
});
