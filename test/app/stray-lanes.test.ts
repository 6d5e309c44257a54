import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { LETTERING } from "../../src/jobs/lettering/lane.ts";
import { createStrayLanes } from "../../src/jobs/stray-lanes.ts";
import type { WakeWord } from "../../src/ports/wake.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { silentLog } from "../fakes/module-services.ts";
import { accept, idOf } from "../stores/contract/inputs.ts";

const DAY_MS = 86_400_000;
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

/** One that leads and knows "fake", whose time passes by the minute; an order waits in each lane of `waiting`. */
function leader(waiting: readonly string[], serving: readonly string[]) {
  const clock = createTestClock(0);
  clock.freeze();
  const lanes = [...waiting];
  const served = new Set(serving);
  const strays = createStrayLanes({
    store: {
      loads: async () => new Map(lanes.map((lane) => [lane, 1000])),
      async moveLanes(known, to) {
        // One that another front has taken meanwhile, for a backend of its own.
        lanes.push("new");
        const moving = lanes.filter((lane) => !known.includes(lane));
        lanes.splice(0, lanes.length, ...lanes.map((lane) => (known.includes(lane) ? lane : to)));
        return moving.length;
      },
    },
    crew: { serves: (lane) => served.has(lane), served: () => [...served] },
    lanes: ["fake", LETTERING.name],
    moved: () => undefined,
    clock,
    log: silentLog,
  });
  strays.start();
  onTestFinished(() => strays.stop());
  return {
    served,
    async after(minutes: number) {
      for (let at = 0; at < minutes; at += 1) {
        clock.advanceMs(60_000);
        await turns();
      }
      return lanes.toSorted();
    },
  };
}

test("orders of a backend that was taken away are made by another after ten minutes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-strays-"));
  const clock = createTestClock();
  clock.freeze();
  const store = await openSqliteStore({ file: ":memory:", exclusive: false, nowMs: clock.nowMs });
  let tell: (word: WakeWord | undefined) => void = () => undefined;
  const app = await appOver(folder, {
    ...{ store, clock, adapters: [loopback()] },
    wake: {
      hear(woken) {
        tell = woken;
        return () => undefined;
      },
    },
    timings: { leaseMs: DAY_MS, reignMs: DAY_MS, reignMarginMs: 0 },
  });
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await app.start();
  await accept(store, "a", { job: { lane: "gone" } });
  const afterAMinute = async () => {
    tell({ about: "backends" });
    clock.advanceMs(60_000);
    await turns();
    return (await store.job(idOf("a")))?.state;
  };
  for (let minute = 0; minute < 10; minute += 1) expect(await afterAMinute()).toBe("queued");
  await expect.poll(afterAMinute, { interval: 1 }).toBe("done");
});

test("nobody else's orders are touched, not even such as are new in that moment", async () => {
  const { after } = leader(["gone", "far"], ["far", "fake", "new"]);
  expect(await after(10)).toEqual(["far", "gone"]);
  expect(await after(2)).toEqual(["fake", "far", "new"]);
});

test("they wait on where nobody makes pictures of what the leader knows; words over pictures are none", async () => {
  const { served, after } = leader(["gone"], [LETTERING.name]);
  expect(await after(15)).toEqual(["gone"]);
  served.add("fake").add("new");
  expect(await after(1)).toEqual(["fake", "new"]);
});

test("a worker that comes back in time finds its orders, and has as long again", async () => {
  const { served, after } = leader(["gone"], ["fake", "new", "gone"]);
  for (const round of ["first", "second"]) {
    served.delete("gone");
    expect(await after(9), round).toEqual(["gone"]);
    served.add("gone");
    expect(await after(5), round).toEqual(["gone"]);
  }
  served.delete("gone");
  expect(await after(12)).toEqual(["fake", "new"]);
});
