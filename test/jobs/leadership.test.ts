import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createLeadership, leadingAlone } from "../../src/jobs/leadership.ts";
import { createTestClock } from "../fakes/clock.ts";
import { silentLog } from "../fakes/module-services.ts";
import { scrambledStore } from "../stores/scrambled-store.ts";

const REIGN_MS = 5000;
const MARGIN_MS = 2000;

/** Processes over one database with many writers. Time passes for all of them at once, unless one is frozen. */
function world() {
  const folder = mkdtempSync(join(tmpdir(), "placard-leading-"));
  const store = scrambledStore(join(folder, "placard.sqlite"), "undone");
  onTestFinished(async () => {
    for (const each of all) await each.leadership.giveBack().catch(() => undefined);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const all: ReturnType<typeof process>[] = [];
  const startMs = 1_760_000_000_000;

  /** @param slowMs how long the database takes to answer, by this one's clock */
  function process() {
    const clock = createTestClock(startMs);
    clock.freeze();
    const told: string[] = [];
    let away = false;
    let slowMs = 0;
    let asked = 0;
    const leadership = createLeadership({
      leader: {
        async lead(...input) {
          asked += 1;
          if (away) throw new Error("the database cannot be reached");
          const reign = await store.lead(...input);
          if (slowMs > 0) clock.advanceMs(slowMs);
          return reign;
        },
        leading: (name) => store.leading(name),
      },
      clock,
      log: silentLog,
      reignMs: REIGN_MS,
      marginMs: MARGIN_MS,
    });
    return {
      leadership,
      clock,
      told,
      start: () => leadership.start({ gained: () => void told.push("gained"), lost: () => void told.push("lost") }),
      goAway: (how = true) => {
        away = how;
      },
      slow: (ms: number) => {
        slowMs = ms;
      },
      get asked() {
        return asked;
      },
    };
  }

  return {
    store,
    process() {
      const made = process();
      all.push(made);
      return made;
    },
    /** In steps, so that what is asked is answered in between. */
    async pass(ms: number, of = all) {
      for (let passed = 0; passed < ms; passed += 50) {
        for (const { clock } of of) clock.advanceMs(Math.min(50, ms - passed));
        await settled();
      }
    },
  };
}

/** What was asked of the store has been answered: its statements wait a few turns each. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await new Promise(setImmediate);
}

test("where one process has the database it leads from its start to its end, and nothing is written down", async () => {
  const leadership = leadingAlone();
  const told: string[] = [];
  expect(leadership.leads()).toBe(false);
  expect(await leadership.start({ gained: () => told.push("gained"), lost: () => told.push("lost") })).toBe(true);
  expect([leadership.leads(), leadership.reign(), told]).toEqual([true, undefined, ["gained"]]);
  await leadership.giveBack();
  expect(leadership.leads()).toBe(false);
});

test("one leads for as long as it asks again, which it does each quarter; the others look when that would be over", async () => {
  const { process, pass } = world();
  const [one, two] = [process(), process()];
  expect([await one.start(), await two.start()]).toEqual([true, false]);
  await pass(60_000);
  expect([one.leadership.leads(), two.leadership.leads()]).toEqual([true, false]);
  expect([one.told, two.told]).toEqual([["gained"], []]);
  expect(one.leadership.reign()?.fence).toBe(1);
  // 48 quarters.
  expect(one.asked).toBeGreaterThanOrEqual(45);
  expect(one.asked).toBeLessThanOrEqual(50);
  expect(two.asked).toBeLessThanOrEqual(20);
  expect(two.leadership.facts()).toEqual({ is: "following", by: expect.stringMatching(/^\S+, process \d+$/) });
});

test("after a kill another leads within a reign and a little, under a higher fence", async () => {
  const { process, pass } = world();
  const [one, two] = [process(), process()];
  await one.start();
  await two.start();
  await pass(10_000);
  // From here on only the other one's time passes: this one is dead.
  await pass(REIGN_MS + 100, [two]);
  expect(two.told).toEqual(["gained"]);
  expect(two.leadership.reign()?.fence).toBe(2);
});

test("given back it is another's as soon as that hears of it", async () => {
  const { process, store } = world();
  const [one, two] = [process(), process()];
  await one.start();
  await two.start();
  await one.leadership.giveBack();
  expect(one.leadership.leads()).toBe(false);
  two.leadership.look();
  await settled();
  expect(two.leadership.reign()?.fence).toBe(2);
  // Who gave it back is told nothing, and takes nothing up.
  expect(one.told).toEqual(["gained"]);
  one.leadership.look();
  await settled();
  expect((await store.leading("leader"))?.holder).toContain("process");
  expect(one.leadership.leads()).toBe(false);
});

test("frozen for longer than its reign it begins nothing when it wakes, not even before it has asked", async () => {
  const { process, pass } = world();
  const [one, two] = [process(), process()];
  await one.start();
  await two.start();
  await pass(REIGN_MS + 100, [two]);
  expect(two.leadership.leads()).toBe(true);
  const passed = { at: 0, leads: true, fence: 0 as number | undefined };
  one.clock.after(REIGN_MS + 99, () => {
    passed.leads = one.leadership.leads();
    passed.fence = one.leadership.reign()?.fence;
  });
  one.clock.advanceMs(REIGN_MS + 100);
  expect(passed).toEqual({ at: 0, leads: false, fence: undefined });
  expect(one.told).toEqual(["gained", "lost"]);
  await settled();
  expect([one.leadership.leads(), two.leadership.leads()]).toEqual([false, true]);
});

test("begins nothing in the last moments of a reign that could not be prolonged, and loses it at its end", async () => {
  const { process, pass } = world();
  const one = process();
  await one.start();
  one.goAway();
  await pass(REIGN_MS - MARGIN_MS - 50);
  expect(one.leadership.leads()).toBe(true);
  await pass(50);
  expect([one.leadership.leads(), one.told]).toEqual([false, ["gained"]]);
  await pass(MARGIN_MS - 50);
  expect(one.told).toEqual(["gained"]);
  await pass(50);
  expect(one.told).toEqual(["gained", "lost"]);
  one.goAway(false);
  await pass(REIGN_MS);
  expect([one.leadership.leads(), one.told]).toEqual([true, ["gained", "lost", "gained"]]);
});

test("an answer that comes late leaves as much less of the reign, and one that comes too late leaves nothing", async () => {
  const { process, pass } = world();
  const one = process();
  one.slow(REIGN_MS - MARGIN_MS);
  expect(await one.start()).toBe(false);
  one.slow(1000);
  await pass(1);
  expect(one.leadership.leads()).toBe(true);
  one.goAway();
  await pass(REIGN_MS - MARGIN_MS - 1000 - 50);
  expect(one.leadership.leads()).toBe(true);
  await pass(50);
  expect(one.leadership.leads()).toBe(false);
});

test("meets another's reign before its own clock says so: it ends at once, and it looks again", async () => {
  const { process, store, pass } = world();
  const one = process();
  await one.start();
  // As after a jump of the database's clock.
  const { clock } = one;
  await store.lead("leader", "another", clock.nowMs() + REIGN_MS, clock.nowMs() + 2 * REIGN_MS);
  expect(one.leadership.leads()).toBe(true);
  one.leadership.deposed();
  expect([one.leadership.leads(), one.told]).toEqual([false, ["gained", "lost"]]);
  await settled();
  expect(one.leadership.facts()).toEqual({ is: "following", by: "another" });
  await pass(2 * REIGN_MS + 100);
  expect([one.leadership.leads(), one.told]).toEqual([true, ["gained", "lost", "gained"]]);
});
