import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { diskNote, logWithDisk } from "../../src/app/disk.ts";
import { createNotices } from "../../src/app/notices.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { recordedLog } from "../fakes/module-services.ts";

const sqliteFull = () =>
  Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
const noSpace = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
const CAPACITY_MS = 300_000;

/** A program whose database or picture files can be full. */
async function program() {
  const folder = mkdtempSync(join(tmpdir(), "placard-full-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 } });
  const full = { store: false, files: false };
  const recorded = recordedLog();
  const notices = createNotices();
  const store = await openStore(folder);
  const files = createPictureFiles(join(folder, "pictures"));
  const app = await appOver(folder, {
    adapters: [chat],
    notices,
    log: logWithDisk(recorded.log, notices, Date.now),
    store: {
      ...store,
      accept: async (input) => {
        if (full.store) throw sqliteFull();
        return store.accept(input);
      },
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
  return { app, chat, full, notices, told };
}

it.each(["store", "files"] as const)(
  "a full %s: a sentence for the member, one for the operator, nothing charged, and on it goes when there is room",
  async (what) => {
    const { app, chat, full, notices, told } = await program();
    full[what] = true;
    await chat.type("ana", "/rca a red fox");
    await chat.waitFor(() => chat.visibleTo("ana").find(({ view }) => view.text.includes("no room left on the disk")));
    await app.idle();
    await chat.type("ana", "/rca another fox");
    await app.idle();
    expect(told()).toEqual([expect.stringContaining("DATA_DIR is full")]);
    expect(notices.all()).toEqual([expect.stringContaining("DATA_DIR is full")]);
    const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
    expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: CAPACITY_MS } });
    full[what] = false;
    await chat.type("ana", "/rca a third fox");
    await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.image !== undefined));
    expect(chat.violations).toEqual([]);
  },
);

it("tells operators how much room there is, and takes back what is over", async () => {
  const notices = createNotices();
  const said = async (freeBytes: number) => {
    notices.say("disk", "full");
    return [await diskNote(async () => ({ freeBytes, totalBytes: 50e9 }), notices), notices.all()];
  };
  expect(await said(12.34e9)).toEqual(["Disk of DATA_DIR: 12.3 GB free of 50.0 GB.", []]);
  expect(await said(60e6)).toEqual([
    expect.stringMatching(/^Disk of DATA_DIR: 0.1 GB free of 50.0 GB. That is little/),
    [],
  ]);
  expect((await said(1e6))[1]).toEqual(["full"]);
  expect(await diskNote(async () => Promise.reject(new Error("not told")), notices)).toBeUndefined();
});
