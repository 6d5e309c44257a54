import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { createNotices } from "../../src/app/notices.ts";
import { storeOver } from "../../src/rules/store.ts";
import { inspectPostgres } from "../../src/stores/postgres/inspect.ts";
import { openPostgresStore } from "../../src/stores/postgres/open.ts";
import { doctor } from "../cli/doctor-run.ts";
import { decisionRaceContract } from "../contracts/decision-races.ts";
import { engineContract } from "../contracts/engine.ts";
import { personRaceContract } from "../contracts/person-races.ts";
import { raceContract } from "../contracts/races.ts";
import { storeContract } from "../contracts/store.ts";
import { silentLog } from "../fakes/module-services.ts";
import { accept, idOf, type OpenOptions } from "./contract/inputs.ts";
import { takenOnceThroughCrashes } from "./crashes.ts";
import { NAMED_FROM, ownPooler, pgbouncerProgram, versionOf } from "./pgbouncer.ts";
import { ownCluster, PASSWORD, postgresPrograms } from "./postgres-cluster.ts";
import { asked, databaseAt, enginesBehind, notRun } from "./postgres-engine.ts";

// PgBouncer in transaction mode: each transaction may have another connection, and nothing may rest on one of them.

const WHAT = "PostgreSQL behind PgBouncer";
const [bin, program] = [postgresPrograms(), pgbouncerProgram()];
if (bin === undefined || program === undefined)
  notRun(WHAT, "needs the programs of PostgreSQL 15 or newer, and pgbouncer, on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    let close = async () => {};
    afterAll(async () => {
      await close();
      cluster.remove();
    });
    const pooler = await ownPooler(program, cluster);
    ({ close } = pooler);
    let conflicts = 0;
    const conflicted = () => {
      conflicts += 1;
    };
    const engines = enginesBehind(cluster.url, pooler.through);
    const open = async ({ place, nowMs = Date.now }: OpenOptions = {}) =>
      storeOver(await engines({ conflicted, ...(place === undefined ? {} : { place }) }), nowMs);
    storeContract("behind PgBouncer", open, { runsAgain: true });
    engineContract("behind PgBouncer", () => engines({ conflicted }));
    raceContract("behind PgBouncer", open);
    personRaceContract("behind PgBouncer", open);
    decisionRaceContract("behind PgBouncer", open, 100);

    test("nobody left the order of locks", () => {
      expect(conflicts).toBe(0);
    });

    const fresh = async (name: string) => {
      const { address, drop } = await databaseAt(cluster.url, name);
      onTestFinished(async () => void (await drop()));
      return { address: pooler.through(address), directAddress: address };
    };

    test("the program's store opens through it, and hears past it what is told through it", async () => {
      const at = await fresh("opened");
      const { store, wake } = await openPostgresStore({
        ...at,
        named: false,
        log: silentLog,
        notices: createNotices(),
      });
      onTestFinished(() => store.close());
      const heard: unknown[] = [];
      wake.hear((word) => heard.push(word));
      await expect.poll(() => heard).toEqual([undefined]);
      await accept(store, "a");
      await expect.poll(() => heard).toContainEqual({ about: "outbox", platform: "web" });
      expect((await store.job(idOf("a")))?.state).toBe("queued");
    });

    test("every order that is on its way while the server crashes behind it is taken once, and held for once", async () => {
      await takenOnceThroughCrashes(storeOver(await engines(), Date.now), cluster);
    });

    test("the doctor finds the pooler, asks for the address past it, and is content with that one", async () => {
      const { address, directAddress } = await fresh("inspected");
      const picturesDir = mkdtempSync(join(tmpdir(), "placard-doctor-"));
      onTestFinished(() => rmSync(picturesDir, { recursive: true, force: true }));
      const found = (more: Partial<Parameters<typeof inspectPostgres>[0]> = {}) =>
        inspectPostgres({ address, directAddress: undefined, named: false, picturesDir, ...more });

      const alone = await found();
      expect(alone.ok).toBe(false);
      expect(alone.nextSteps).toEqual([
        expect.stringMatching(/^Set DATABASE_DIRECT_URL to the address past the pooler/),
      ]);
      expect(alone.facts.join("\n")).toMatch(
        /PostgreSQL 1\d+\.\d+, \d+ ms away\nno tables yet: the first start makes them\nits clock is \d+ ms/,
      );

      const right = await found({ directAddress });
      expect(right).toMatchObject({ ok: true, nextSteps: [] });
      expect(right.facts.join("\n")).toContain("changes are told at once, on DATABASE_DIRECT_URL");
      expect(right.facts.join("\n")).toContain(`pictures are files in ${picturesDir}`);
      expect(right.facts).toContain("the web chat's messages are in the database, too");

      const wrong = await found({ directAddress: pooler.through(directAddress) });
      expect(wrong).toMatchObject({ ok: false, nextSteps: [expect.stringContaining("Set DATABASE_DIRECT_URL")] });
      const other = await fresh("another");
      expect(await found({ directAddress: other.directAddress })).toMatchObject({ ok: false });

      const named = await found({ directAddress, named: true });
      expect(named.ok).toBe(versionOf(program) >= NAMED_FROM);
      expect(await found({ address: directAddress })).toMatchObject({ ok: true, nextSteps: [] });
      expect(await asked(directAddress, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    });

    test("the doctor says what is wrong with the database, as a line of its own, without any password", async () => {
      const { directAddress } = await fresh("told");
      const run = (DATABASE_URL: string) => doctor({ DATABASE_URL });
      const right = run(directAddress);
      expect(right.text).toMatch(/✓ postgres\n {4}127\.0\.0\.1:\d+, database told: PostgreSQL/);
      expect(right.status).toBe(0);
      await asked(directAddress, "CREATE ROLE reader LOGIN PASSWORD 'reader-password'");
      const reader = new URL(directAddress);
      [reader.username, reader.password] = ["reader", "reader-password"];
      const rights = run(reader.href);
      expect(rights.text).toContain("→ Let this user make tables");
      await asked(directAddress, "ALTER DATABASE told SET synchronous_commit = off");
      expect(run(directAddress).text).toContain(
        "→ Set fsync and synchronous_commit to on: as it is, a power cut loses",
      );
      const absent = run(`postgres://placard:${PASSWORD}@127.0.0.1:1/told`);
      expect(absent.text).toMatch(
        /✗ postgres\n {4}the database at 127\.0\.0\.1:1, database told \(DATABASE_URL\) does not answer/,
      );
      expect([rights.status, absent.status]).toEqual([1, 1]);
      for (const secret of [PASSWORD, "reader-password"])
        expect(right.text + rights.text + absent.text).not.toContain(secret);
    });
  });
