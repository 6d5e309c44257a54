import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createNotices } from "../../src/app/notices.ts";
import { openSharedFolder, watchedFiles } from "../../src/app/shared-folder.ts";
import { MARK_FILE } from "../../src/lib/folder-mark.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { silentLog } from "../fakes/module-services.ts";

const IMAGE = "AAAAAAAAAAAAAAAA.0";

async function installation() {
  const root = mkdtempSync(join(tmpdir(), "placard-shared-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const { keyValues, close } = await openSqliteStore({ file: ":memory:", exclusive: false });
  onTestFinished(close);
  /** A process that has its pictures in this folder. */
  const process = async (name: string) => {
    const folder = join(root, name);
    const notices = createNotices();
    const shared = await openSharedFolder({ folder, keyValues, log: silentLog, notices });
    return { folder, notices, shared, files: watchedFiles(createPictureFiles(folder), shared) };
  };
  return { root, process };
}

test("the first process marks its folder, and others know it again by that", async () => {
  const { process } = await installation();
  const first = await process("pictures");
  const mark = readFileSync(join(first.folder, MARK_FILE), "utf8");
  const second = await process("pictures");
  expect([await first.shared.isThere(), await second.shared.isThere()]).toEqual([true, true]);
  expect(readFileSync(join(first.folder, MARK_FILE), "utf8")).toBe(mark);
  expect([...first.notices.all(), ...second.notices.all()]).toEqual([]);
  expect(await second.files.original(IMAGE)).toBeUndefined();
});

test("a process with another folder says what to do, and calls no picture gone", async () => {
  const { process } = await installation();
  const first = await process("pictures");
  await first.files.save(IMAGE, [Buffer.from("png")]);
  const second = await process("elsewhere");
  const mark = readFileSync(join(first.folder, MARK_FILE), "utf8").trim();
  expect(second.notices.all()).toEqual([
    expect.stringMatching(/not in .*elsewhere: .*Set PICTURES_DIR of all processes/),
  ]);
  expect(second.notices.all()[0]).toContain(`with the line ${mark}`);
  for (const read of [second.files.original, second.files.plain, second.files.input])
    await expect(read(read === second.files.input ? "input/AAAAAAAAAAAAAAAA" : IMAGE)).rejects.toThrow(
      "does not see the folder of the pictures",
    );
  // As it is told to: with the file that names it, it is the right one.
  mkdirSync(second.folder, { recursive: true });
  writeFileSync(join(second.folder, MARK_FILE), `${mark}\n`);
  expect(await second.files.original(IMAGE)).toBeUndefined();
  expect(second.notices.all()).toEqual([]);
});

test("a network drive that goes away is noticed with the first picture that is missed, and so is its return", async () => {
  const { root, process } = await installation();
  const { folder, files, notices } = await process("pictures");
  await files.save(IMAGE, [Buffer.from("png")]);
  renameSync(folder, join(root, "away"));
  await expect(files.original(IMAGE)).rejects.toThrow("PICTURES_DIR");
  expect(notices.all()).toHaveLength(1);
  renameSync(join(root, "away"), folder);
  expect(Buffer.from((await files.original(IMAGE)) ?? []).toString()).toBe("png");
  expect(await files.original("BBBBBBBBBBBBBBBB.0")).toBeUndefined();
  expect(notices.all()).toEqual([]);
});
