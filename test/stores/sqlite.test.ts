import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContract } from "../contracts/store.ts";
import { accept, allowance, idOf, picturesFor, sampleJob, shown, T0, voteInput } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";
import { raced, writtenUntilKilled } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "placard-store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = () => join(folder, `${files++}`, "placard.db");
let kept = "";

storeContract("sqlite in a file", ({ place, nowMs }) => {
  if (place && !kept) kept = fresh();
  return openSqliteStore({ file: place ? kept : fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});
storeContract(
  "sqlite in memory",
  ({ nowMs }) => openSqliteStore({ file: ":memory:", exclusive: false, ...(nowMs ? { nowMs } : {}) }),
  { reopen: "needs a file: memory keeps nothing" },
);

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
