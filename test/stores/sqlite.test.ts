import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContract } from "../contracts/store.ts";
import {
  accept,
  allowance,
  CHAT,
  idOf,
  PLENTY,
  picturesFor,
  sampleJob,
  shown,
  T0,
  voteInput,
} from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";
import { raced, writtenUntilKilled } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "placard-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = () => join(folder, `${files++}`, "placard.db");
let sharedFile = "";
let oldSharedFile = "";

storeContract("sqlite in a file", ({ place, nowMs }) => {
  if (place && !sharedFile) sharedFile = fresh();
  return openSqliteStore({ file: place ? sharedFile : fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});
storeContract(
  "sqlite in memory",
  ({ nowMs }) => openSqliteStore({ file: ":memory:", exclusive: false, ...(nowMs ? { nowMs } : {}) }),
  { reopen: "needs a file: memory keeps nothing" },
);

storeContract("sqlite in a file of schema step 1", ({ place, nowMs }) => {
  if (place && !oldSharedFile) oldSharedFile = oldFile();
  return openSqliteStore({ file: place ? oldSharedFile : oldFile(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});

describe("a file of schema step 1 with all kinds of rows", () => {
  const { sql, seen } = z
    .object({ sql: z.array(z.string()), seen: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(new URL("../fixtures/store-step-1.json", import.meta.url), "utf8")));
  const jobs = ["done", "batch", "away", "gone", "failed", "cancelled", "running", "waiting", "refused"].map(idOf);

  test("shows afterwards what its own version had shown, and goes on from there", async () => {
    const store = await opened(() => openSqliteStore({ file: oldFile(sql), exclusive: true, nowMs: () => T0 }));
    const accounts = ["ana", "ben", "cy", "poor"].map((name) => store.account(`web:${name}`, PLENTY, T0));
    const now = {
      jobs: await Promise.all(jobs.map((jobId) => store.job(jobId))),
      pictures: await Promise.all(jobs.map((jobId) => store.picturesOf(jobId))),
      ballot: await store.ballot(idOf("done"), T0),
      due: await store.due(T0 + 5, 50),
      ahead: await store.ahead(idOf("waiting")),
      accounts: await Promise.all(accounts),
      history: await store.history({ chatKey: "web:room", limit: 20 }),
      counts: await store.counts(),
      settings: await store.keyValues.get("chat-settings:web:room"),
    };
    expect(JSON.parse(JSON.stringify(now))).toEqual(seen);

    expect(await store.jobByMessage(CHAT, "m3")).toMatchObject({ job: { jobId: idOf("batch") }, index: 1 });
    // Two settled jobs and one of the hall's; two held, of which one runs.
    expect(await store.spendWindow("web:room", T0)).toEqual({ heldGpuMs: 20, usedGpuMs: 30 });
    expect(await store.spendWindow("web:hall", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 10 });
    expect((await store.vote(voteInput(idOf("done"), "di", "v3"))).status).toBe("passed");
    const old = { deletedBeforeMs: 0, chats: [{ settingsKey: "web:hall", madeBeforeMs: T0 + 1 }] };
    expect(await store.forget(old, 9)).toEqual([]);
  });
});

/** As the first released schema left it; `sql` fills it. */
function oldFile(sql: readonly string[] = []): string {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, 1);
  db.tx(() => {
    for (const line of sql) db.exec(line);
  });
  db.close();
  return file;
}

describe("one folder, one Placard", () => {
  test("a second one is refused with the way out, and let in once the first has closed", async () => {
    const file = fresh();
    const first = await openSqliteStore({ file, exclusive: true });
    await expect(openSqliteStore({ file, exclusive: true })).rejects.toThrow(
      /another Placard is already running on this folder/,
    );
    await first.close();
    const second = await openSqliteStore({ file, exclusive: true });
    await second.close();
  });

  test("a file of a newer Placard is refused", async () => {
    const file = fresh();
    await (await openSqliteStore({ file, exclusive: true })).close();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    await expect(openSqliteStore({ file, exclusive: true })).rejects.toThrow(/newer Placard/);
    // The failed start let go of the lock.
    await expect(openSqliteStore({ file, exclusive: true })).rejects.toThrow(/newer Placard/);
  });
});

describe("two processes on one file", () => {
  test("50 holds of 10 against 100: exactly 10; and 50 presses of 10 members pass once", async () => {
    const file = fresh();
    const store = await opened(openOf(file));
    await shown(store, "subject");
    const results = await raced(2, { file, subjectJobId: idOf("subject") });
    expect(results.reduce((sum, result) => sum + result.accepted, 0)).toBe(10);
    expect(results.reduce((sum, result) => sum + result.refused, 0)).toBe(40);
    expect(results.reduce((sum, result) => sum + result.passed, 0)).toBe(1);
    expect(await store.account("web:racer", allowance(100), T0)).toMatchObject({
      bucket: { balanceGpuMs: 0 },
      heldGpuMs: 100,
    });
    expect(await store.counts()).toEqual({ queued: 11, running: 0 });
    expect((await store.vote(voteInput(idOf("subject"), "late", "late"))).status).toBe("over");
  });
});

describe("SIGKILL", () => {
  test("every acknowledged job is there, whole and held for, and the file is sound", async () => {
    const file = fresh();
    const acknowledged = await writtenUntilKilled(file, 60);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    const store = await opened(openOf(file, true));
    for (const name of acknowledged)
      expect(await store.job(idOf(name))).toMatchObject({ state: "queued", ...sampleJob(name) });
    const { queued } = await store.counts();
    const { heldGpuMs } = await store.account("web:ana", allowance(1_000_000_000), T0);
    expect(heldGpuMs).toBe(queued * 10);
    await store.close();
    const db = new DatabaseSync(file);
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    db.close();
  });
});

test("a failure inside a transaction leaves nothing behind", async () => {
  const store = await opened(openOf(":memory:"));
  const job = await shown(store, "a");
  await accept(store, "b");
  const second = await store.claim("fake", T0, 1_000);
  const clash = picturesFor(job);
  const input = {
    jobId: idOf("b"),
    attempt: 1,
    outcome: { backend: "fake", route: [], usedGpuMs: 7, tookMs: 1 },
    nowMs: T0,
  };
  await expect(store.finish({ ...input, pictures: clash })).rejects.toThrow(/UNIQUE/);
  expect(await store.job(idOf("b"))).toEqual(second);
  expect((await store.account("web:ana", allowance(1_000_000_000), T0)).heldGpuMs).toBe(10);
});

function openOf(file: string, exclusive = false) {
  return () => openSqliteStore({ file, exclusive });
}
