import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { logWithDisk } from "../../src/app/disk.ts";
import { createNotices } from "../../src/app/notices.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";

it("a disk that does not confirm: a sentence for members, one for operators, no more work, and the picture after a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-flush-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const recorded = recordedLog();
  const notices = createNotices();
  const log = logWithDisk(recorded.log, notices, Date.now);
  let broken = false;
  const sync = async () => {
    if (broken) throw Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
  };
  const file = join(folder, "placard.sqlite");
  const open = () => openSqliteStore({ file, exclusive: true, log, flush: { durability: "beside", sync } });
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const backend = fakeBackend({ mood: "hang", facts: { concurrency: 4, timeoutMs: 3_600_000 } });
  const parts = { adapters: [chat], notices, log, clock };
  const app = await appOver(folder, { ...parts, backends: [backend], store: await open() });
  await app.start();
  await chat.type("ana", "/rca a red fox");
  await expect.poll(() => backend.calls).toHaveLength(1);
  broken = true;
  await chat.type("ben", "/rca a blue fox");
  await chat.waitFor(() =>
    chat.visibleTo("ben").find(({ view }) => view.text.includes("did not confirm what was stored")),
  );
  // Whatever the disk says later.
  broken = false;
  await chat.type("cem", "/rca a green fox");
  await chat.waitFor(() =>
    chat.visibleTo("cem").find(({ view }) => view.text.includes("did not confirm what was stored")),
  );
  expect(notices.all()).toEqual([expect.stringContaining("did not confirm what was written last")]);
  await chat.type("ana", "/queue");
  await chat.waitFor(() => chat.visibleTo("ana").find(({ view }) => view.tiles !== undefined));
  const unreadable = () => recorded.logged.filter((line) => /"(outbox|queue)\.unreadable"/.test(line)).length;
  await expect
    .poll(() => {
      clock.advanceMs(1000);
      return unreadable();
    })
    .toBeGreaterThanOrEqual(2);
  const known = unreadable();
  for (let second = 0; second < 20; second += 1) {
    clock.advanceMs(1000);
    await new Promise(setImmediate);
  }
  // Nobody looks again and again.
  expect(unreadable()).toBe(known);
  expect(backend.calls).toHaveLength(1);
  expect(recorded.logged.filter((line) => line.includes('"disk.flush_failed"'))).toHaveLength(1);
  await app.stop();

  const again = await appOver(folder, { ...parts, adapters: [chat], store: await open() });
  onTestFinished(() => again.stop());
  await again.start();
  await expect
    .poll(() => {
      clock.advanceMs(1000);
      return [...chat.messages.values()].filter(({ view }) => view.image !== undefined).length;
    })
    .toBe(2);
});
