import { describe, expect, it } from "vitest";
import { coalesce } from "../../src/lib/coalesce.ts";

/** Runs that end when the test says so. */
function held() {
  const runs: PromiseWithResolvers<void>[] = [];
  const failures: unknown[] = [];
  const coalesced = coalesce(
    () => {
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    },
    (error) => failures.push(error),
  );
  return { coalesced, runs, failures };
}

const soon = () => new Promise(setImmediate);

describe("work that many ask for at once", () => {
  it("runs one at a time, and once more for all who asked meanwhile", async () => {
    const { coalesced, runs } = held();
    for (let n = 0; n < 3; n += 1) coalesced.ask();
    expect(runs.length).toBe(1);
    expect(coalesced.running).toBe(true);
    runs[0]?.resolve();
    await soon();
    expect(runs.length).toBe(2);
    runs[1]?.resolve();
    await soon();
    expect(runs.length).toBe(2);
    expect(coalesced.running).toBe(false);
    coalesced.ask();
    expect(runs.length).toBe(3);
  });

  it("waits for the next who ask after a failure, whoever asked meanwhile", async () => {
    const { coalesced, runs, failures } = held();
    coalesced.ask();
    coalesced.ask();
    runs[0]?.reject("no disk");
    await soon();
    expect(failures).toEqual(["no disk"]);
    expect(runs.length).toBe(1);
    expect(coalesced.running).toBe(false);
    coalesced.ask();
    expect(runs.length).toBe(2);
    runs[1]?.resolve();
    await soon();
    expect(runs.length).toBe(2);
  });
});
