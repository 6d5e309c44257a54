import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import { groupLogAt } from "../../src/stores/postgres/group-log.ts";
import { listen } from "../../src/stores/postgres/wake.ts";
import { type GroupLogOptions, groupLogContract } from "../contracts/group-log.ts";
import { groupLogRaceContract } from "../contracts/group-log-races.ts";
import { silentLog } from "../fakes/module-services.ts";
import { asked, enginesAt, serverForTests } from "./postgres-engine.ts";

// The web chat's log over a database that several processes share.

const url = await serverForTests("group log: over PostgreSQL");

if (url !== undefined) {
  const engines = enginesAt(url);
  let conflicts = 0;
  const conflicted = () => {
    conflicts += 1;
  };
  let places = 0;
  const open = async ({ nowMs, slot = `fresh ${places++}` }: GroupLogOptions) => {
    const { address, ...engine } = await engines({ conflicted, place: slot });
    const wake = listen({ directAddress: address, clock: systemClock, log: silentLog });
    const log = await groupLogAt({ engine, wake, nowMs, clock: systemClock, log: silentLog });
    const close = async () => {
      await log.close();
      await wake.close();
      await engine.close();
    };
    return Object.create(log, { close: { value: close } }) as typeof log;
  };
  groupLogContract("over PostgreSQL", open);
  groupLogRaceContract("two processes over PostgreSQL", async (nowMs = Date.now) => {
    const slot = `shared ${places++}`;
    return [await open({ nowMs, slot }), await open({ nowMs, slot })];
  });

  test("who was cut off for longer than words are kept is told that some are missed, and hears all later ones", async () => {
    const slot = `cut ${places++}`;
    const [here, there] = [await open({ nowMs: Date.now, slot }), await open({ nowMs: Date.now, slot })];
    onTestFinished(async () => {
      await here.close();
      await there.close();
    });
    const heard: unknown[] = [];
    const noted = { presence: () => undefined, missed: () => void heard.push("missed") };
    there.fronts.hear({ said: (word) => void heard.push(word["n"]), ...noted });
    await here.fronts.say({ n: 1 });
    await expect.poll(() => heard).toEqual([1]);
    // As it is left by others while nobody here listens: said, and swept.
    const { address } = await engines({ conflicted, place: slot });
    await asked(address, "UPDATE web_count SET last = last + 3 WHERE name = 'word'");
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([1, "missed"]);
    await here.fronts.say({ n: 2 });
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([1, "missed", 2]);
  });

  test("a front that is taken for dead is there again with all its people as soon as it says so", async () => {
    const slot = `dead ${places++}`;
    const [here, there] = [await open({ nowMs: Date.now, slot }), await open({ nowMs: Date.now, slot })];
    onTestFinished(async () => {
      await here.close();
      await there.close();
    });
    const [ana, ben] = [
      { id: "web:ana", name: "Ana" },
      { id: "web:ben", name: "Ben" },
    ];
    await here.fronts.attend("den", [ana]);
    await here.fronts.attend("hall", [ben]);
    const { address } = await engines({ conflicted, place: slot });
    await asked(address, "UPDATE web_front SET until_ms = 1");
    expect(await there.fronts.present("den")).toEqual([]);
    await asked(address, "DELETE FROM web_front");
    await here.fronts.attend("den", [ana, ben]);
    expect((await there.fronts.present("den")).map(({ id }) => id).toSorted()).toEqual([ana.id, ben.id]);
    expect(await there.fronts.present("hall")).toEqual([ben]);
    await asked(address, "DELETE FROM web_front");
    // By itself, within the time of a renewal.
    await expect.poll(() => there.fronts.present("hall"), { timeout: 15_000 }).toEqual([ben]);
  });

  test("nobody left the order of locks", () => {
    expect(conflicts).toBe(0);
  });
}
