import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { storeOver } from "../../src/rules/store.ts";
import { inspectPostgres } from "../../src/stores/postgres/inspect.ts";
import { raceContract } from "../contracts/races.ts";
import { storeContract } from "../contracts/store.ts";
import { accept, claimed, finish, type OpenOptions } from "./contract/inputs.ts";
import { takenOnceThroughCrashes } from "./crashes.ts";
import { ownPooler, pgbouncerForNamed, versionOf } from "./pgbouncer.ts";
import { ownCluster, postgresPrograms } from "./postgres-cluster.ts";
import { asked, databaseAt, enginesBehind, notRun } from "./postgres-engine.ts";

// DATABASE_PREPARED=yes behind a PgBouncer that keeps statements planned: it gives a connection to another process after each
// transaction, and has to bring the plans along.

const WHAT = "PostgreSQL behind a PgBouncer that keeps statements planned";
const [bin, program] = [postgresPrograms(), pgbouncerForNamed()];

if (bin === undefined || program === undefined)
  notRun(WHAT, "needs the programs of PostgreSQL 15 or newer, and pgbouncer 1.21 or newer, on this machine");
else
  describe(`${WHAT} (${versionOf(program)})`, async () => {
    const cluster = await ownCluster(bin);
    let close = async () => {};
    afterAll(async () => {
      await close();
      cluster.remove();
    });
    const pooler = await ownPooler(program, cluster);
    ({ close } = pooler);
    const engines = enginesBehind(cluster.url, pooler.through);
    const named = true;
    const open = async ({ place, nowMs = Date.now }: OpenOptions = {}) =>
      storeOver(await engines({ named, ...(place === undefined ? {} : { place }) }), nowMs);
    storeContract("with planned statements behind PgBouncer", open, { runsAgain: true });
    raceContract("with planned statements behind PgBouncer", open);

    test("the server really keeps them, several clients share its connections, and each statement is planned once there", async () => {
      const place = `planned_${randomBytes(4).toString("hex")}`;
      const stores = await Promise.all(Array.from({ length: 3 }, () => open({ place })));
      for (const store of stores) onTestFinished(() => store.close());
      await Promise.all(
        stores.flatMap((store, at) => Array.from({ length: 10 }, (_, job) => accept(store, `${at} ${job}`))),
      );
      for (const store of stores) await finish(store, await claimed(store));
      const [first] = stores;
      const engine = await engines({ named, place });
      onTestFinished(() => engine.close());
      const kept = await engine.read(async (sql) =>
        sql.all<{ readonly name: string; readonly text: string }>(
          "SELECT name, statement AS text FROM pg_prepared_statements",
        ),
      );
      expect(kept.length).toBeGreaterThan(10);
      expect(new Set(kept.map(({ text }) => text)).size).toBe(kept.length);
      expect((await first?.counts())?.queued).toBe(27);
    });

    test("every order that is on its way while the server crashes behind it is taken once, and held for once", async () => {
      await takenOnceThroughCrashes(await open(), cluster);
    });

    test("the doctor is content with it", async () => {
      const { address, drop } = await databaseAt(cluster.url, "planned");
      onTestFinished(async () => void (await drop()));
      const found = await inspectPostgres({
        address: pooler.through(address),
        directAddress: address,
        named,
        picturesDir: "/tmp",
      });
      expect(found).toMatchObject({ ok: true, nextSteps: [] });
      expect(found.facts).toContain("statements are kept planned");
      expect(await asked(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    });
  });
