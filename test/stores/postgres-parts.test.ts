import type { Pool, PoolClient } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createNotices } from "../../src/app/notices.ts";
import { isDatabaseAway } from "../../src/lib/database-away.ts";
import { isPostgresAddress, shownAddress } from "../../src/stores/postgres/address.ts";
import { engineOver } from "../../src/stores/postgres/engine.ts";
import { faultOf } from "../../src/stores/postgres/faults.ts";
import { createPresence } from "../../src/stores/postgres/presence.ts";
import { serverClock } from "../../src/stores/postgres/server-clock.ts";
import { type Result, Session } from "../../src/stores/postgres/session.ts";
import { module } from "../../src/stores/postgres.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog, silentLog } from "../fakes/module-services.ts";

// What needs no server.

test("an address is shown without its name and password, and is refused where a password stands elsewhere", () => {
  expect(shownAddress("postgres://ana:p%40ss@db.example.org/placard")).toBe("db.example.org:5432, database placard");
  expect(shownAddress("postgresql:///placard?host=/run/postgresql")).toBe("/run/postgresql:5432, database placard");
  expect(
    ["postgres://a:b@c/d", "postgres://c/d?password=b", "mysql://a:b@c/d", "c/d"].map((text) =>
      isPostgresAddress(text),
    ),
  ).toEqual([true, false, false, false]);
});

test("settings that only say where things would be are refused without the address", () => {
  const services = {
    log: silentLog,
    notices: { say: () => undefined },
    dataDir: "/nowhere",
    folder: () => "/nowhere",
    lasting: true,
    nowMs: Date.now,
  };
  const created = (settings: Readonly<Record<string, string>>) => module.create(module.env.parse(settings), services);
  expect(created({})).toBeUndefined();
  expect(() => created({ PICTURES_DIR: "pictures" })).toThrow("PICTURES_DIR is set, but DATABASE_URL is not");
  expect(Object.keys(created({ DATABASE_URL: "postgres://a:b@c/d" }) ?? {})).toEqual([
    "several",
    "picturesFolder",
    "rows",
    "moveIn",
    "groupLog",
    "pictures",
    "commonFolder",
  ]);
  const apart = created({ DATABASE_URL: "postgres://a:b@c/d", PICTURES_DIR: "/mnt/posters" });
  expect(apart?.picturesFolder).toBe("/mnt/posters");
  expect(apart?.documents).toBeDefined();
});

test.each([
  ["57P01", "", "gone"],
  ["57P03", "", "gone"],
  ["08006", "", "gone"],
  ["ECONNREFUSED", "", "gone"],
  ["", "Query read timeout", "gone"],
  ["", "Connection terminated unexpectedly", "gone"],
  ["40P01", "", "conflict"],
  ["40001", "", "conflict"],
  ["23505", "Connection terminated", "other"],
  ["", "no such job", "other"],
] as const)("a fault %s %s is %s", (code, message, fault) => {
  expect(faultOf(code === "" ? new Error(message) : Object.assign(new Error(message), { code }))).toBe(fault);
});

test("what is sent for its effect keeps nobody waiting, but for the answer to BEGIN, and its fault speaks for what follows", async () => {
  const sent: { readonly text: string; readonly answer: PromiseWithResolvers<Result> }[] = [];
  const begun = Promise.withResolvers<void>();
  const session = new Session((text) => {
    const answer = Promise.withResolvers<Result>();
    sent.push({ text, answer });
    return answer.promise;
  }, begun.promise);
  const body = (async () => {
    await session.effect("first");
    await session.effect("second");
    await session.effect("third");
    await session.get("fourth");
  })();
  const texts = async () => {
    await new Promise(setImmediate);
    return sent.map(({ text }) => text);
  };
  expect(await texts()).toEqual(["first"]);
  sent[0]?.answer.resolve({ rows: [], rowCount: 1 });
  begun.resolve();
  expect(await texts()).toEqual(["first", "second", "third", "fourth"]);
  sent[1]?.answer.reject(new Error("in the way"));
  for (const { answer } of sent.slice(2)) answer.reject(new Error("the transaction is aborted"));
  await expect(body).rejects.toThrow("in the way");
  await session.quiet();
  expect(() => session.end()).toThrow("in the way");
  await expect(Promise.resolve(session.run("more"))).rejects.toThrow("after its end");
});

test("of statements that are asked at once only one goes along with BEGIN", async () => {
  const sent: string[] = [];
  const begun = Promise.withResolvers<void>();
  const session = new Session(async (text) => {
    sent.push(text);
    return { rows: [], rowCount: 1 };
  }, begun.promise);
  const both = Promise.all([session.run("one"), session.run("other")]);
  await new Promise(setImmediate);
  expect(sent).toEqual(["one"]);
  begun.reject(new Error("refused"));
  await expect(both).rejects.toThrow("refused");
  expect(sent).toEqual(["one"]);
});

test("the database's time goes on evenly between two askings, whatever this machine's clock is set to", async () => {
  const clock = createTestClock(1_000_000);
  clock.freeze();
  onTestFinished(() => clock.stop());
  // Asking takes 40 ms, and the server looks at its clock in the middle of that.
  let trip = { thereMs: 20, backMs: 20 };
  const ask = async () => {
    clock.advanceMs(trip.thereMs);
    const serverMs = clock.steadyMs() + 5000;
    clock.advanceMs(trip.backMs);
    return serverMs;
  };
  const time = await serverClock(ask, clock);
  onTestFinished(time.stop);
  const off = () => Math.round(time.nowMs() - clock.steadyMs());
  expect([off(), time.offsetMs()]).toEqual([5000, 5000]);
  clock.setAheadMs(3_600_000);
  clock.advanceMs(1000);
  expect(off()).toBe(5000);
  // Refreshed each minute; an answer that took too long says nothing new.
  trip = { thereMs: 0, backMs: 4000 };
  clock.advanceMs(60_000);
  await new Promise(setImmediate);
  expect(off()).toBe(5000);
});

test("when the process ends, whoever waits for a connection to a frozen server, or for a turn, waits no longer than the others; it is said once", async () => {
  const clock = createTestClock();
  clock.freeze();
  const { log, logged } = recordedLog();
  const released: unknown[] = [];
  const connections: PromiseWithResolvers<PoolClient>[] = [];
  const pool = {
    connect() {
      const connection = Promise.withResolvers<PoolClient>();
      connections.push(connection);
      return connection.promise;
    },
    end: async () => undefined,
  } as unknown as Pool;
  const presence = createPresence({ clock, log, notices: createNotices(), where: "north" });
  const engine = engineOver({ pool, connections: 2, presence, clock });
  const ended: unknown[] = [];
  const ask = () =>
    engine
      .read(async (sql) => sql.get("SELECT 1"))
      .then(
        () => ended.push("answered"),
        (error: unknown) => ended.push(isDatabaseAway(error)),
      );
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advanceMs(250);
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    }
  };
  engine.hurry(3000, 1500);
  await pass(2250);
  for (let at = 0; at < 5; at += 1) void ask();
  await pass(500);
  expect(ended).toEqual([]);
  await pass(1750);
  expect(ended).toEqual([true, true, true, true, true]);
  expect(logged.filter((line) => line.includes("database.away_at_stop"))).toHaveLength(1);
  await ask();
  expect(ended).toHaveLength(6);
  // One that comes after all is nobody's.
  for (const { resolve } of connections)
    resolve({ release: (how: unknown) => released.push(how) } as unknown as PoolClient);
  await engine.close();
  expect(released).toEqual([true, true]);
});
