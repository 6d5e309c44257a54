import { expect, it } from "vitest";
import { createAdmins } from "../../../adapters/telegram/admins.ts";
import type { Calls } from "../../../adapters/telegram/calls.ts";
import { silentLog } from "../../fakes/module-services.ts";

it("who runs a group is asked once in three minutes, and nobody gets a right by a fault", async () => {
  let runs: readonly number[] | Error = [5];
  let asked = 0;
  const other = async () => {
    asked += 1;
    if (runs instanceof Error) throw runs;
    return runs.map((id) => ({ status: "administrator", user: { id } }));
  };
  const clock = { ms: 0 };
  // Only one of its calls is made here.
  const admins = createAdmins({ other } as unknown as Calls, silentLog, () => clock.ms);
  expect([await admins.includes("-1", 5), await admins.includes("-1", 6)]).toEqual([true, false]);
  expect(asked).toBe(1);
  runs = [6];
  clock.ms = 179_999;
  expect(await admins.includes("-1", 5)).toBe(true);
  clock.ms = 180_000;
  expect([await admins.includes("-1", 5), await admins.includes("-1", 6)]).toEqual([false, true]);
  runs = new Error("offline");
  admins.forget("-1");
  expect(await admins.includes("-1", 6)).toBe(false);
  runs = [6];
  expect(await admins.includes("-1", 6)).toBe(true);
});
