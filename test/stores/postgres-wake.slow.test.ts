import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { WakeWord } from "../../src/ports/wake.ts";
import { storeOver } from "../../src/rules/store.ts";
import { listen } from "../../src/stores/postgres/wake.ts";
import { createTestClock } from "../fakes/clock.ts";
import { silentLog } from "../fakes/module-services.ts";
import { ask } from "./contract/documents.ts";
import { accept, claimed, finish, idOf, STOPPED, T0 } from "./contract/inputs.ts";
import { asked, databaseAt, engineAt, migrated, serverForTests } from "./postgres-engine.ts";

const OWED = { about: "outbox", platform: "web" };
const url = await serverForTests("PostgreSQL: what processes tell each other");

if (url !== undefined) {
  const { address, drop } = await databaseAt(url, `wake_${process.pid}`);
  await migrated(address);
  afterAll(async () => void (await drop()));
  const clock = createTestClock();
  clock.freeze();
  afterAll(() => clock.stop());
  let heard: (WakeWord | undefined)[] = [];
  const wake = listen({ directAddress: address, clock, log: silentLog });
  wake.hear((word) => heard.push(word));
  afterAll(() => wake.close());
  const engine = engineAt(address);
  const store = storeOver(engine, () => T0);
  afterAll(() => store.close());
  /** What had been told before has been heard. */
  const settled = async () => {
    await asked(address, "NOTIFY placard, 'ended settled'");
    await vi.waitFor(() => expect(heard).toContainEqual({ about: "ended", jobId: "settled" }), { timeout: 10_000 });
    heard = heard.filter((word) => !(word?.about === "ended" && word.jobId === "settled"));
    return heard;
  };
  // At its first connect it looks at everything.
  await vi.waitFor(() => expect(heard).toEqual([undefined]), { timeout: 10_000 });
  beforeEach(async () => {
    await settled();
    heard = [];
  });

  test("an order tells that a job waits and a message is owed, and the end of a running job names it", async () => {
    await accept(store, "a");
    expect(new Set(await settled())).toEqual(new Set([{ about: "jobs" }, OWED]));
    expect(heard).toHaveLength(2);
    heard = [];
    const job = await claimed(store);
    expect(await settled()).toEqual([]);
    await finish(store, job);
    expect(new Set(await settled())).toEqual(new Set([{ about: "ended", jobId: idOf("a") }, OWED]));
    heard = [];
    await accept(store, "b");
    await claimed(store);
    await store.cancel(idOf("b"), STOPPED, T0);
    expect(await settled()).toContainEqual({ about: "ended", jobId: idOf("b") });
    heard = [];
    await accept(store, "c");
    const third = await claimed(store);
    await settled();
    heard = [];
    await store.giveBack(third.jobId, third.attempt);
    expect(await settled()).toEqual([{ about: "jobs" }]);
  });

  test("a reign that is given back is told, and none that is taken or prolonged", async () => {
    await store.lead("leader", "one", T0, T0 + 1000);
    await store.lead("leader", "one", T0, T0 + 2000);
    await store.lead("leader", "two", T0 + 2000, T0 + 3000);
    expect(await settled()).toEqual([]);
    await store.lead("leader", "two", T0 + 2000, T0);
    expect(await settled()).toEqual([{ about: "leader" }]);
  });

  test("a document that waits to be made is told, also when it waits again", async () => {
    await ask(store, "d");
    expect(new Set(await settled())).toEqual(new Set([{ about: "documents" }, OWED]));
    heard = [];
    const document = await store.claimDocument(T0, 1000);
    expect(await settled()).toEqual([]);
    await store.giveBackDocument(document?.documentId ?? "", document?.attempt ?? 0);
    expect(await settled()).toContainEqual({ about: "documents" });
  });

  test("nothing is heard before the commit, nor of what is undone", async () => {
    const write = (lane: string) =>
      `INSERT INTO outbox(owner_id, kind) VALUES('${lane}', 'job') ON CONFLICT(owner_id, kind) DO NOTHING`;
    await engine.transact(async (sql) => {
      await sql.run(write("open"));
      expect(await settled()).toEqual([]);
    });
    expect(await settled()).toEqual([{ about: "outbox" }]);
    heard = [];
    const undone = engine.transact(async (sql) => {
      await sql.run(write("undone"));
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await settled()).toEqual([]);
  });

  test("after a cut everybody looks, as words told in between are lost; and every five seconds in any case", async () => {
    await asked(
      address,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    await asked(address, "NOTIFY placard, 'jobs'");
    await sleep(50);
    expect(heard).toEqual([]);
    clock.advanceMs(1000);
    await expect.poll(() => heard).toEqual([undefined]);
    await asked(address, "NOTIFY placard, 'of a later Placard'");
    await expect.poll(() => heard).toEqual([undefined, undefined]);
    clock.advanceMs(5000);
    expect(heard).toHaveLength(3);
    const own: unknown[] = [];
    const end = wake.hear((word) => own.push(word));
    onTestFinished(end);
    clock.advanceMs(5000);
    end();
    clock.advanceMs(5000);
    expect([own.length, heard.length]).toEqual([1, 5]);
  });
}
