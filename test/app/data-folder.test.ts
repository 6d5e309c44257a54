import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Uploads } from "../../adapters/web/uploads.ts";
import { folderBelow, keepPrivate, makeDataFolder } from "../../src/app/data-folder.ts";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { silentLog, valuesIn } from "../fakes/module-services.ts";

function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-private-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Paths that anybody but their owner may use. */
async function loose(folder: string): Promise<readonly string[]> {
  const names = ["", ...(await readdir(folder, { recursive: true }))];
  return names.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
}

it("takes everybody else's rights from what stood there before, and leaves what links lead to", async () => {
  const [folder, elsewhere] = [fresh(), fresh()];
  const theirs = join(elsewhere, "theirs");
  writeFileSync(theirs, "x", { mode: 0o644 });
  mkdirSync(join(folder, "pictures/originals/ab"), { recursive: true });
  for (const name of ["placard.sqlite", "placard.sqlite-wal", "pictures/originals/ab/one.png", "unknown.txt"])
    writeFileSync(join(folder, name), "x");
  symlinkSync(theirs, join(folder, "link"));
  for (const name of await readdir(folder, { recursive: true }))
    if (name !== "link") chmodSync(join(folder, name), 0o777);
  chmodSync(folder, 0o755);
  const rest = keepPrivate(folder, silentLog);
  // From here on nobody else gets in, however many pictures there are.
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "placard.sqlite")).mode & 0o777).toBe(0o600);
  await rest;
  expect(await loose(folder)).toEqual(["link"]);
  expect(statSync(theirs).mode & 0o777).toBe(0o644);
});

it("what is made there is nobody else's from the beginning", async () => {
  const folder = join(fresh(), "data");
  makeDataFolder(folder);
  const store = await openSqliteStore({ file: join(folder, "placard.sqlite"), exclusive: true });
  const log = await openGroupLog(join(folderBelow(folder)("webchat"), "webchat.sqlite"), Date.now);
  await valuesIn(store.keyValues, "a").set("a", "b");
  const png = tinyPng(64, 64, "x");
  await createPictureFiles(join(folder, "pictures")).save("0123456789abcdef.0", [png]);
  await createPictureFiles(join(folder, "pictures")).saveInput("0123456789abcdef", png);
  expect(await new Uploads(join(folder, "webchat", "uploads")).keep(png, "a.png", "web:ana")).toMatchObject({
    ok: true,
  });
  const found = await loose(folder);
  await log.close();
  await store.close();
  expect(found).toEqual([]);
});

it("tells the operator where the rights are not ours to change", async () => {
  const told: string[] = [];
  await keepPrivate(join(fresh(), "gone"), { ...silentLog, warn: (fact) => void told.push(fact) });
  expect(told).toEqual(["data.not_private"]);
});
