import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { diskNotes, disksOf, hasRoomOnAll } from "../../src/app/disk.ts";
import { createNotices } from "../../src/app/notices.ts";
import { program } from "./full-disk.ts";

const CAPACITY_MS = 300_000;

it("a full database: a sentence for the member, one for the operator, nothing charged, and on it goes when there is room", async () => {
  const { app, chat, full, notices, told } = await program();
  full.intake = true;
  await chat.type("ana", "/rca a red fox");
  await chat.waitFor(() => chat.visibleTo("ana").find(({ view }) => view.text.includes("no room left on the disk")));
  await app.idle();
  await chat.type("ana", "/rca another fox");
  await app.idle();
  expect(told()).toEqual([expect.stringContaining("DATA_DIR is full")]);
  expect(notices.all()).toEqual([expect.stringContaining("DATA_DIR is full")]);
  const account = await app.services.store.account("loopback:ana", app.services.installation.allowance, Date.now());
  expect(account).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: CAPACITY_MS } });
  full.intake = false;
  await chat.type("ana", "/rca a third fox");
  await chat.waitFor(() => [...chat.messages.values()].find(({ view }) => view.image !== undefined));
  expect(chat.violations).toEqual([]);
});

it("tells operators how much room there is, and takes back what is over", async () => {
  const notices = createNotices();
  const said = async (freeBytes: number) => {
    notices.say("disk", "full");
    return [await diskNotes(disks, notices, async () => ({ freeBytes, totalBytes: 50e9 })), notices.all()];
  };
  const disks = disksOf("/data", undefined);
  expect(await said(12.34e9)).toEqual([["Disk of DATA_DIR: 12.3 GB free of 50.0 GB."], []]);
  expect(await said(60e6)).toEqual([
    [expect.stringMatching(/^Disk of DATA_DIR: 0.1 GB free of 50.0 GB. That is little/)],
    [],
  ]);
  expect((await said(1e6))[1]).toEqual(["full"]);
  expect(await diskNotes(disks, notices, async () => Promise.reject(new Error("not told")))).toEqual([]);
});

it("looks at the disk of the pictures as well, where that is another folder", async () => {
  const notices = createNotices();
  notices.say("disk", "full");
  expect(disksOf("/data", "/data/pictures")).toHaveLength(1);
  const disks = disksOf("/data", "/mnt/pictures");
  const free = (folder: string) => ({ freeBytes: folder === "/data" ? 20e9 : 20e6, totalBytes: 50e9 });
  expect(await diskNotes(disks, notices, async (folder) => free(folder))).toEqual([
    "Disk of DATA_DIR: 20.0 GB free of 50.0 GB.",
    expect.stringMatching(/^Disk of PICTURES_DIR: 0.0 GB free of 50.0 GB. That is little/),
  ]);
  // One of the two is still full.
  expect(notices.all()).toEqual(["full"]);
  const folder = mkdtempSync(join(tmpdir(), "placard-room-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(await hasRoomOnAll(disksOf(folder, undefined))).toBe(true);
  await expect(hasRoomOnAll(disksOf(folder, join(tmpdir(), "placard-no-such-folder")))).rejects.toThrow("ENOENT");
});
