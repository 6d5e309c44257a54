import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContractOfJobs } from "../contracts/store.ts";
import { freshFiles } from "./contract/files.ts";
import { accept, allowance, idOf, picturesFor, shown, T0 } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();
let sharedFile = "";

storeContractOfJobs("sqlite in a file", ({ place, nowMs }) => {
  if (place && !sharedFile) sharedFile = fresh();
  return openSqliteStore({ file: place ? sharedFile : fresh(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});
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
