import { expect, test } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import { groupLogAt } from "../../src/stores/postgres/group-log.ts";
import { listen } from "../../src/stores/postgres/wake.ts";
import { type GroupLogOptions, groupLogContract } from "../contracts/group-log.ts";
import { groupLogRaceContract } from "../contracts/group-log-races.ts";
import { silentLog } from "../fakes/module-services.ts";
import { enginesAt, serverForTests } from "./postgres-engine.ts";

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

  test("nobody left the order of locks", () => {
    expect(conflicts).toBe(0);
  });
}
