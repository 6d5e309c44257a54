import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync, readlinkSync, statSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { FlushFailed } from "../../src/lib/flush-failed.ts";
import { createCheckpoints } from "../../src/stores/sqlite/checkpoints.ts";
import { type Database, MEMORY, openDatabase } from "../../src/stores/sqlite/database.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { FLUSH_CHANNEL, flushBeside } from "../../src/stores/sqlite/wal-flush.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { heldSync, soFar } from "../fakes/held-sync.ts";
import { recordedLog } from "../fakes/module-services.ts";
import { freshFiles } from "./contract/files.ts";
import { accept, acceptInput, allowance, idOf, T0 } from "./contract/inputs.ts";

const fresh = freshFiles();
const eio = () => Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
const onLinux = test.skipIf(process.platform !== "linux");

function notes(): Database & { readonly add: () => void } {
  const db = openDatabase(fresh());
  db.exec("CREATE TABLE note(word TEXT NOT NULL) STRICT");
  const insert = db.query("INSERT INTO note VALUES(?)");
  return { ...db, add: () => void insert.run("x".repeat(3000)) };
}

function counted(): Record<"flush" | "checkpoint", number> {
  const counts = { flush: 0, checkpoint: 0 };
  const count = (message: unknown) => {
    counts[(message as { readonly what: "flush" | "checkpoint" }).what] += 1;
  };
  subscribe(FLUSH_CHANNEL, count);
  onTestFinished(() => void unsubscribe(FLUSH_CHANNEL, count));
  return counts;
}

test("commit, then flush, then the answer: nothing the store says can be lost, whether it did or only saw it", async () => {
  const disk = heldSync();
  const store = await openSqliteStore({
    file: fresh(),
    exclusive: false,
    flush: { durability: "beside", sync: disk.sync },
  });
  onTestFinished(() => store.close());
  onTestFinished(disk.endAll);
  const answers = [
    store.accept(acceptInput("a")),
    // The commit is visible to all of these before it is durable.
    store.accept(acceptInput("a")),
    store.due(T0, 10, { platform: "web" }),
    store.job(idOf("a")),
    store.counts(),
    store.keyValues().set("key", "value"),
    store.keyValues().get("key"),
    store.keyValues().iterator().next(),
    store.keyValues().iterator("nothing in it").next(),
    store.recover(),
  ];
  expect(await Promise.all(answers.map((answer) => soFar<unknown>(answer)))).toEqual(answers.map(() => "waits"));
  disk.endAll();
  await Promise.all(answers);
  expect(await store.due(T0, 10, { platform: "web" })).toHaveLength(1);
});

test("a failed flush: no work is taken or given out any more, what only shows is, and the operator hears of it once", async () => {
  const { log, logged } = recordedLog();
  let broken = false;
  const sync = async () => {
    if (broken) throw eio();
  };
  const store = await openSqliteStore({ file: fresh(), exclusive: false, log, flush: { durability: "beside", sync } });
  onTestFinished(() => store.close());
  await accept(store, "a");
  broken = true;
  await expect(store.accept(acceptInput("b"))).rejects.toThrow(FlushFailed);
  broken = false;
  for (const refused of [
    () => store.accept(acceptInput("c")),
    () => store.accept(acceptInput("a")),
    () => store.claim("fake", T0, 1000),
    () => store.due(T0, 10, { platform: "web" }),
    () => store.keyValues().set("a", "b"),
    () => store.recover(),
  ])
    await expect(refused()).rejects.toThrow(FlushFailed);
  expect(await store.job(idOf("c"))).toBeUndefined();
  expect(await store.counts()).toEqual({ queued: 2, running: 0 });
  expect((await store.account("web:ana", allowance(1_000_000), T0)).heldGpuMs).toBeGreaterThan(0);
  expect(logged.filter((line) => line.includes('"store.flush_failed"'))).toHaveLength(1);
});

test("the web chat's groups: a change is durable when `durable` says so, and after a failed flush never", async () => {
  const disk = heldSync();
  const log = await openGroupLog(fresh(), () => T0, { durability: "beside", sync: disk.sync });
  onTestFinished(() => log.close());
  const start = log.durable();
  disk.end();
  await start;
  await log.join("Ana", "ana", undefined);
  const durable = log.durable();
  expect(await soFar(durable)).toBe("waits");
  disk.end();
  await durable;
  await log.durable();
  await log.join("Ben", "ben", undefined);
  const lost = log.durable();
  disk.end(eio());
  await expect(lost).rejects.toThrow(FlushFailed);
  await expect(log.durable()).rejects.toThrow(FlushFailed);
  expect(disk.begun).toBe(3);
});

test.each(["beside", "commit"] as const)(
  "%s: everything committed is there after closing and opening again",
  async (durability) => {
    const file = fresh();
    const counts = counted();
    for (let opened = 0; opened < 3; opened += 1) {
      const store = await openSqliteStore({ file, exclusive: true, flush: { durability } });
      expect(await store.counts()).toEqual({ queued: opened, running: 0 });
      await accept(store, `${opened}`);
      await store.close();
      expect(statSync(file).size).toBeGreaterThan(0);
    }
    expect(counts.flush > 0).toBe(durability === "beside");
  },
);

test("memory needs no flush", async () => {
  const db = openDatabase(MEMORY);
  onTestFinished(() => db.close());
  await flushBeside(db, { durability: "beside" }).flush();
});

onLinux("closing in the middle of a flush leaves its file open until it ends", async () => {
  const disk = heldSync();
  const db = notes();
  let flushed: number | undefined;
  const wal = flushBeside(db, {
    durability: "beside",
    sync: (fd) => {
      flushed = fd;
      return disk.sync();
    },
  });
  db.add();
  const flush = wal.flush();
  wal.close();
  const isOpen = () => readlinkSync(`/proc/self/fd/${flushed}`) === `${db.file}-wal`;
  expect(isOpen()).toBe(true);
  disk.end();
  await flush;
  expect(isOpen).toThrow("ENOENT");
  db.close();
});

onLinux(
  "the log stays short under endless load, is copied beside the main thread, and all of it is there",
  async () => {
    const db = notes();
    const logPages = 100;
    let steps = 0;
    const done = () => {
      steps += 1;
    };
    const wal = flushBeside(db, { checkpoints: (over) => createCheckpoints(over, { logPages, done }) });
    onTestFinished(() => {
      wal.close();
      db.close();
    });
    const logBytes = () => statSync(`${db.file}-wal`).size;
    let most = 0;
    let commits = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let mine = 0; mine < 120; mine += 1) {
          db.tx(db.add);
          commits += 1;
          await wal.flush();
          await wal.writable();
          most = Math.max(most, logBytes());
        }
      }),
    );
    expect(commits).toBe(1920);
    // Without a checkpoint it would be 24 MB.
    expect(most).toBeLessThan(5e6);
    expect(db.query<{ readonly count: number }>("SELECT count(*) AS count FROM note").get()).toEqual({
      count: 1920,
    });
    expect(steps).toBeGreaterThan(5);
    // A rush leaves a long log; the next checkpoint cuts it back.
    db.tx(() => {
      for (let page = 0; page < 1500; page += 1) db.add();
    });
    expect(logBytes()).toBeGreaterThan(5e6);
    await expect
      .poll(async () => {
        db.tx(db.add);
        await wal.flush();
        return logBytes();
      })
      .toBeLessThan(1e6);
  },
);

onLinux("a checkpoint leaves the process its locks on the database", async () => {
  const db = notes();
  const done: string[] = [];
  const checkpoints = createCheckpoints(db, { logPages: 10, done: () => void done.push("step") });
  onTestFinished(() => {
    checkpoints.close();
    db.close();
  });
  for (let page = 0; page < 20; page += 1) db.add();
  const { ino } = statSync(db.file);
  const locks = () =>
    readFileSync("/proc/locks", "utf8")
      .split("\n")
      .filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `))
      .map((line) => line.replace(/^\d+: /, ""));
  const before = locks();
  expect(before).toHaveLength(1);
  checkpoints.look();
  await expect.poll(() => done).toHaveLength(2);
  expect(locks()).toEqual(before);
});

onLinux("writers that can wait do while the log begins anew", async () => {
  const db = notes();
  const keptOut: boolean[] = [];
  const note = () => queueMicrotask(() => keptOut.push(checkpoints.writable() !== undefined));
  const checkpoints = createCheckpoints(db, { logPages: 30, done: note });
  onTestFinished(() => {
    checkpoints.close();
    db.close();
  });
  for (let page = 0; page < 20; page += 1) db.add();
  checkpoints.look();
  expect(checkpoints.writable()).toBeUndefined();
  await expect.poll(() => keptOut).toEqual([true, false]);
});

onLinux("a checkpoint that fails is told and tried again later; the log holds everything", async () => {
  const { log, logged } = recordedLog();
  const db = notes();
  const checkpoints = createCheckpoints({ ...db, file: `${db.file}/nowhere` }, { logPages: 10, log });
  onTestFinished(() => {
    checkpoints.close();
    db.close();
  });
  for (let page = 0; page < 20; page += 1) db.add();
  checkpoints.look();
  await expect.poll(() => logged).toEqual([expect.stringContaining("store.checkpoint_failed")]);
  checkpoints.look();
  await new Promise(setImmediate);
  expect(logged).toHaveLength(1);
});
