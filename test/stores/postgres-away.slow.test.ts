import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { createNotices } from "../../src/app/notices.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { isDatabaseAway } from "../../src/lib/database-away.ts";
import type { Sql } from "../../src/ports/sql.ts";
import { engineOver } from "../../src/stores/postgres/engine.ts";
import { openPostgresStore, type PostgresOptions } from "../../src/stores/postgres/open.ts";
import { openPool } from "../../src/stores/postgres/pool.ts";
import { createPresence } from "../../src/stores/postgres/presence.ts";
import { appOver } from "../fakes/app.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { acceptInput, allowance, T0 } from "./contract/inputs.ts";
import { ownCluster, PASSWORD, postgresPrograms } from "./postgres-cluster.ts";
import { asked, databaseAt, migrated, notRun } from "./postgres-engine.ts";

// A server that goes, freezes, comes back, or was never there: nothing is lost, nothing is done twice, and people are told.

const bin = postgresPrograms();
const WHAT = "PostgreSQL that is away";

if (bin === undefined) notRun(WHAT, "needs the programs of PostgreSQL 15 or newer on this machine");
else
  describe(WHAT, async () => {
    const cluster = await ownCluster(bin);
    afterAll(() => cluster.remove());
    let databases = 0;
    let address = "";
    beforeEach(async () => {
      cluster.up();
      ({ address } = await databaseAt(cluster.url, `away_${databases++}`));
    });
    const opened = async (more: Partial<PostgresOptions> = {}) => {
      const { log, logged } = recordedLog();
      const notices = createNotices();
      const store = await openPostgresStore({
        address,
        directAddress: address,
        named: false,
        log,
        notices,
        limits: { patienceMs: 2000, answerWithinMs: 1000 },
        ...more,
      });
      onTestFinished(() => store.store.close());
      return { ...store, notices, logged };
    };

    test("every order that is on its way while it crashes and starts is taken once, and held for once", async () => {
      const { store, notices } = await opened({ limits: { patienceMs: 30_000 } });
      const orders = Array.from({ length: 150 }, (_, at) =>
        sleep(at * 8).then(() => store.accept(acceptInput(`a${at}`))),
      );
      for (let crash = 0; crash < 3; crash++) {
        await sleep(150);
        cluster.crash();
        await sleep(100);
        cluster.start();
      }
      const results = await Promise.all(orders);
      expect(results.filter(({ status }) => status === "accepted")).toHaveLength(150);
      expect(await store.counts()).toEqual({ queued: 150, running: 0 });
      expect((await store.account("web:ana", allowance(1_000_000_000), T0)).heldGpuMs).toBe(1500);
      expect(notices.all()).toEqual([]);
    });

    test("whoever asks is told after a while, then at once; those who run it read what to do; and it goes on by itself", async () => {
      const { store, notices, logged } = await opened();
      cluster.stop();
      const from = performance.now();
      const failures = await Promise.allSettled(
        Array.from({ length: 40 }, (_, at) => store.accept(acceptInput(`a${at}`))),
      );
      expect(performance.now() - from).toBeLessThan(8000);
      expect(failures.every((result) => result.status === "rejected" && isDatabaseAway(result.reason))).toBe(true);
      const later = performance.now();
      await expect(store.counts()).rejects.toThrow("the database cannot be reached");
      expect(performance.now() - later).toBeLessThan(1000);
      expect(notices.all()).toEqual([expect.stringMatching(/does not answer.*Look after the PostgreSQL server/s)]);
      expect(logged.filter((line) => line.includes('"database.away"'))).toHaveLength(1);
      expect(logged.join("\n")).not.toContain(PASSWORD);
      cluster.start();
      await expect
        .poll(() => store.accept(acceptInput("b")).catch(() => undefined))
        .toMatchObject({ status: "accepted" });
      expect(await store.counts()).toEqual({ queued: 1, running: 0 });
      expect(notices.all()).toEqual([]);
      expect(logged.filter((line) => line.includes('"database.back"'))).toHaveLength(1);
    });

    test.each(["in the middle", "at its commit"] as const)(
      "a connection that freezes %s of a transaction costs a while, and it is done once",
      async (when) => {
        await migrated(address);
        const { log } = recordedLog();
        const engine = engineOver({
          pool: openPool({ address, connections: 3, answerWithinMs: 700, lost: () => undefined }),
          connections: 3,
          presence: createPresence({ clock: systemClock, log, notices: createNotices(), where: "", patienceMs: 8000 }),
        });
        onTestFinished(() => engine.close());
        let frozen: number | undefined;
        const seen: boolean[] = [];
        const freeze = async (sql: Sql) => {
          if (frozen !== undefined) return;
          frozen = (await sql.get<{ readonly pid: number }>("SELECT pg_backend_pid() AS pid"))?.pid ?? 0;
          process.kill(frozen, "SIGSTOP");
        };
        const thaw = () => {
          try {
            if (frozen) process.kill(frozen, "SIGCONT");
          } catch {
            // It has ended.
          }
        };
        onTestFinished(thaw);
        await engine.transact(async (sql, again) => {
          seen.push(again);
          // As the rules do it: a key of its own, by which a second run finds what the first one has done.
          if (again) setTimeout(thaw, 300);
          if (when === "in the middle") await freeze(sql);
          await sql.run("INSERT INTO turn(lane, tag) VALUES('a', 1) ON CONFLICT(lane) DO NOTHING");
          if (when === "at its commit") await freeze(sql);
        });
        expect(seen).toEqual(when === "at its commit" ? [false, true] : [false, false]);
        thaw();
        expect(await asked(address, "SELECT lane, tag FROM turn")).toEqual([{ lane: "a", tag: 1 }]);
      },
    );

    test("members are asked to come back in a minute; what runs is made again; each order ends in one picture", async () => {
      const folder = mkdtempSync(join(tmpdir(), "placard-away-"));
      const { store, nowMs, logged } = await opened();
      const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
      const backend = fakeBackend({ delayMs: 300, facts: { concurrency: 4 } });
      const log = recordedLog();
      const app = await appOver(folder, {
        adapters: [chat],
        backends: [backend],
        store,
        clock: { ...systemClock, nowMs },
        log: log.log,
      });
      onTestFinished(async () => {
        await app.stop();
        rmSync(folder, { recursive: true, force: true });
      });
      await app.start();
      for (let at = 0; at < 12; at++) await chat.type(`m${at}`, `/rca a red fox ${at}`);
      await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.image !== undefined));
      cluster.crash();
      await sleep(2500);
      await chat.type("late", "/rca a blue fox");
      await chat.waitFor(() => chat.visibleTo("late").find(({ view }) => view.text.includes("try again in a minute")));
      cluster.start();
      const pictures = () => [...chat.messages.values()].filter(({ view }) => view.image && !view.progress).length;
      // Sooner than the leases end, which last a minute.
      await expect.poll(pictures, { timeout: 40_000, interval: 200 }).toBe(12);
      await app.idle();
      const rows = await asked<{ readonly state: string; readonly n: number }>(
        address,
        "SELECT state, count(*) AS n FROM job GROUP BY state",
      );
      expect(rows).toEqual([{ state: "done", n: 12 }]);
      expect(await asked(address, "SELECT job_id FROM hold WHERE state = 'held'")).toEqual([]);
      expect(chat.violations).toEqual([]);
      expect([...logged, ...log.logged].join("\n")).not.toContain(PASSWORD);
    }, 180_000);

    test("one that cannot be used is said at the start with what to do, without the password", async () => {
      const { port, host, pathname } = new URL(address);
      const complaint = (address: string) => opened({ address }).then(String, (error: Error) => error.message);
      await asked(address, "CREATE ROLE guest LOGIN PASSWORD 'guest-password'");
      const said = [
        await complaint(`postgres://placard:${PASSWORD}@127.0.0.1:1${pathname}`),
        await complaint(`postgres://placard:not-this-one@${host}${pathname}`),
        await complaint(`postgres://placard:${PASSWORD}@${host}/nowhere`),
        await complaint(`postgres://placard:${PASSWORD}@no-such-host.invalid:${port}${pathname}`),
        await complaint(`postgres://guest:guest-password@${host}${pathname}`),
      ];
      const thaw = cluster.freeze();
      onTestFinished(thaw);
      said.push(await complaint(address));
      thaw();
      expect(said).toEqual([
        expect.stringMatching(/127\.0\.0\.1:1, database away_\d+ \(DATABASE_URL\) does not answer: start/),
        expect.stringMatching(/does not know this name and password/),
        expect.stringMatching(/database nowhere \(DATABASE_URL\) does not exist: make it/),
        expect.stringMatching(/was not found, as there is no machine of that name/),
        expect.stringMatching(/may not be changed by this user .*make it the owner/),
        expect.stringMatching(/cannot be reached \(timeout expired\): look after the PostgreSQL server/),
      ]);
      for (const secret of [PASSWORD, "not-this-one", "guest-password"]) expect(said.join("\n")).not.toContain(secret);
    });
  });
