import { expect, it, onTestFinished } from "vitest";
import { createWatching } from "../../../src/dispatch/screens/watching.ts";
import { encodeSeat } from "../../../src/domain/seat.ts";
import { KEY } from "../../commands/context.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { recordedLog } from "../../fakes/module-services.ts";
import { CHAIR, meetingWith } from "../../views/meeting/screen-facts.ts";

const MEETING = meetingWith();
const settled = () => new Promise((resolve) => setTimeout(resolve, 2));

/** A meeting whose revision is what the test says. */
function hall() {
  const clock = createTestClock();
  clock.freeze();
  onTestFinished(() => clock.stop());
  let revision = 1;
  let looks = 0;
  let broken = false;
  const watching = createWatching(
    {
      store: { meetingByWall: async (key: string) => (key === MEETING.wallKey ? MEETING : undefined) } as never,
      buttonKey: KEY,
      clock,
      log: recordedLog().log,
    },
    {
      async of() {
        looks += 1;
        if (broken) throw new Error("the store is away");
        return revision;
      },
    },
  );
  const seat = encodeSeat(KEY, { meetingId: MEETING.meetingId, person: CHAIR, sinceMs: 0 });
  const screen = async (by: Parameters<typeof watching.watch>[0]) => {
    let calls = 0;
    const end = watching.watch(by, () => (calls += 1));
    await settled();
    const take = () => {
      const taken = calls;
      calls = 0;
      return taken;
    };
    return { end, take };
  };
  return {
    watching,
    wall: () => screen({ wallKey: MEETING.wallKey }),
    phone: () => screen({ seat }),
    screen,
    change: () => (revision += 1),
    fail: (now: boolean) => (broken = now),
    looks: () => looks,
    async pass(ms: number) {
      clock.advanceMs(ms);
      await settled();
    },
  };
}

it("tells each screen within 300 ms of a change in this process", async () => {
  const { watching, wall, phone, change, pass } = hall();
  const screens = [await wall(), await phone()];
  await pass(200);
  for (const each of screens) each.take();
  change();
  watching.changed();
  await pass(100);
  expect(screens.map((each) => each.take())).toEqual([1, 1]);
});

it("sees another process's change within a second or so, with one look for all screens", async () => {
  const { wall, phone, change, pass, looks } = hall();
  const screens = [await wall(), await phone(), await wall()];
  await pass(200);
  for (const each of screens) each.take();
  const before = looks();
  change();
  await pass(1000);
  await pass(100);
  expect(screens.map((each) => each.take())).toEqual([1, 1, 1]);
  expect(looks() - before).toBeLessThanOrEqual(2);
});

it("tells nothing where nothing changed, and at most ten times a second where much does", async () => {
  const { watching, wall, change, pass } = hall();
  const { take } = await wall();
  await pass(200);
  take();
  for (let round = 0; round < 20; round += 1) {
    watching.changed();
    await pass(50);
  }
  expect(take()).toBe(0);
  for (let round = 0; round < 100; round += 1) {
    change();
    watching.changed();
    await pass(10);
  }
  expect(take()).toBeLessThanOrEqual(11);
  await pass(100);
  change();
  watching.changed();
  await pass(100);
  expect(take()).toBeGreaterThanOrEqual(1);
});

it("looks at nothing once nobody watches, and tells nobody who has ended", async () => {
  const { watching, wall, phone, screen, change, pass, looks } = hall();
  const screens = [await wall(), await phone(), await screen({ wallKey: "none" }), await screen({ seat: "forged" })];
  await pass(200);
  for (const each of screens) each.take();
  // Twice is harmless.
  for (const each of screens) for (const end of [each.end, each.end]) end();
  const before = looks();
  change();
  watching.changed();
  await pass(3000);
  expect([looks(), screens.map((each) => each.take())]).toEqual([before, [0, 0, 0, 0]]);
});

it("goes on after the store was away, and ends for who leaves before it has begun", async () => {
  const { watching, wall, change, fail, pass, screen } = hall();
  const { take } = await wall();
  await pass(200);
  take();
  fail(true);
  change();
  await pass(1100);
  fail(false);
  await pass(1100);
  expect(take()).toBe(1);
  let calls = 0;
  watching.watch({ wallKey: MEETING.wallKey }, () => (calls += 1))();
  await settled();
  await pass(200);
  expect(calls).toBe(0);
  expect((await screen({ wallKey: MEETING.wallKey })).take()).toBe(1);
});
