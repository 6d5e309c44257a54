import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { freshFiles } from "./contract/files.ts";
import { allowance, idOf, sampleJob, shown, T0, voteInput } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";
import { raced, writtenUntilKilled } from "./processes.ts";

const fresh = freshFiles();

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

function openOf(file: string, exclusive = false) {
  return () => openSqliteStore({ file, exclusive });
}
