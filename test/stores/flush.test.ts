import { expect, test } from "vitest";
import { isDiskFull } from "../../src/lib/disk-full.ts";
import { FlushFailed, isFlushFailed } from "../../src/lib/flush-failed.ts";
import { createFlush } from "../../src/stores/sqlite/flush.ts";
import { durabilityOn } from "../../src/stores/sqlite/wal-flush.ts";
import { heldSync, soFar } from "../fakes/held-sync.ts";

function flushing() {
  const disk = heldSync();
  let mark: number | undefined = 0;
  const flush = createFlush({ file: "log", mark: () => mark, sync: disk.sync });
  return {
    disk,
    ...flush,
    commit: () => {
      mark = (mark ?? 0) + 1;
    },
    open: () => {
      mark = undefined;
    },
  };
}

test("whoever committed before a flush began shares it; those who come meanwhile share the next", async () => {
  const { disk, flush, commit } = flushing();
  commit();
  const first = [flush(), flush()];
  commit();
  const second = [flush()];
  commit();
  second.push(flush());
  expect(disk.begun).toBe(1);
  expect(await soFar(Promise.race([...first, ...second]))).toBe("waits");
  disk.end();
  await Promise.all(first);
  expect(await soFar(Promise.race(second))).toBe("waits");
  expect(disk.begun).toBe(2);
  disk.end();
  await Promise.all(second);
  expect(disk.begun).toBe(2);
});

test("nothing new costs no flush, but for the first: a killed process can have left what is still on its way", async () => {
  const { disk, flush, commit } = flushing();
  const first = flush();
  expect(disk.begun).toBe(1);
  disk.end();
  await first;
  await flush();
  expect(disk.begun).toBe(1);
  commit();
  const next = flush();
  expect(await soFar(next)).toBe("waits");
  disk.end();
  await next;
  expect(disk.begun).toBe(2);
});

test("while a transaction is open nothing counts as flushed: what it commits later is not covered", async () => {
  const { disk, flush, open } = flushing();
  open();
  const during = flush();
  const meanwhile = flush();
  disk.end();
  await during;
  expect(await soFar(meanwhile)).toBe("waits");
  disk.end();
  await meanwhile;
  expect(await soFar(flush())).toBe("waits");
  expect(disk.begun).toBe(3);
});

test("a flush that failed is not tried again, and nothing after it is promised", async () => {
  const { disk, flush, failure, commit } = flushing();
  commit();
  const first = flush();
  commit();
  const meanwhile = flush();
  disk.end(Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" }));
  await expect(first).rejects.toThrow(FlushFailed);
  await expect(meanwhile).rejects.toThrow(FlushFailed);
  await expect(flush()).rejects.toThrow("log could not be flushed to disk");
  commit();
  await expect(flush()).rejects.toThrow(FlushFailed);
  expect(disk.begun).toBe(1);
  expect(failure()).toBeInstanceOf(FlushFailed);
});

test("a flush that failed for want of room is no full disk, which would go on by itself", () => {
  const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
  const failed = new Error("a write failed", { cause: new FlushFailed("log", full) });
  expect([isDiskFull(full), isDiskFull(failed), isFlushFailed(failed), isFlushFailed(full)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test("flushes beside the main thread on Linux; elsewhere within each commit, until it is shown there", () => {
  expect((["linux", "darwin", "win32", "freebsd"] as const).map(durabilityOn)).toEqual([
    "beside",
    "commit",
    "commit",
    "commit",
  ]);
});
