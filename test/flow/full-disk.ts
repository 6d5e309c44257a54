import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { logWithDisk } from "../../src/app/disk.ts";
import { createNotices } from "../../src/app/notices.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { recordedLog } from "../fakes/module-services.ts";

const sqliteFull = () =>
  Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
const noSpace = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

/** A program whose database, its books of running jobs, or its picture files can be full. */
export async function program(clock: Clock = systemClock, backends: readonly Backend[] = [fakeBackend()]) {
  const folder = mkdtempSync(join(tmpdir(), "placard-full-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const full = { intake: false, books: false, files: false };
  const books = async <T>(write: () => Promise<T>): Promise<T> => {
    if (full.books) throw sqliteFull();
    return write();
  };
  const recorded = recordedLog();
  const notices = createNotices();
  const store = await openStore(folder);
  const files = createPictureFiles(join(folder, "pictures"));
  const app = await appOver(folder, {
    adapters: [chat],
    notices,
    clock,
    backends,
    log: logWithDisk(recorded.log, notices, Date.now),
    store: {
      ...store,
      accept: async (input) => {
        if (full.intake) throw sqliteFull();
        return store.accept(input);
      },
      finish: (input) => books(() => store.finish(input)),
      fail: (...input) => books(() => store.fail(...input)),
      giveBack: (...input) => books(() => store.giveBack(...input)),
      heartbeat: (...input) => books(() => store.heartbeat(...input)),
    },
    files: {
      ...files,
      save: async (...saved) => {
        if (full.files) throw noSpace();
        return files.save(...saved);
      },
    },
  });
  onTestFinished(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await app.start();
  const told = () => recorded.logged.filter((line) => line.includes('"disk.full"'));
  return { app, chat, full, notices, told, logged: recorded.logged };
}
