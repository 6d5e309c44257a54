import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { moduleValues } from "../../src/app/modules.ts";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import type { KeyValues } from "../../src/ports/key-values.ts";
import { createDocumentFiles } from "../../src/stores/shared/document-files.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { MEMORY } from "../../src/stores/sqlite/database.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";
import { documentFilesContract } from "../contracts/document-files.ts";
import { groupLogContract } from "../contracts/group-log.ts";
import { groupLogRaceContract } from "../contracts/group-log-races.ts";
import { keyValuesContract } from "../contracts/key-values.ts";
import { pictureFilesContract } from "../contracts/picture-files.ts";
import { keyValuesInMemory } from "../fakes/module-services.ts";

const folder = mkdtempSync(join(tmpdir(), "placard-ports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(folder, `${made++}`);

// SQLite's own key values are in its store's contract.
keyValuesContract("in memory", async () => keyValuesInMemory());

test("a module's small values are its own, by kind, and only there once the store is", async () => {
  const keyValues = keyValuesInMemory();
  let opened: KeyValues | undefined;
  const [mine, others] = ["mine", "other"].map((module) => moduleValues(module, () => opened)("chat", z.int()));
  await expect(mine!.get("a")).rejects.toThrow("mine uses its stored values before the start");
  opened = keyValues;
  await mine!.set("a", 1);
  await others!.set("a", 2);
  expect([await mine!.get("a"), await others!.get("a")]).toEqual([1, 2]);
  const inAnotherShape = moduleValues("mine", () => opened)("chat", z.string());
  expect([await inAnotherShape.get("a"), await inAnotherShape.entries()]).toEqual([undefined, []]);
  expect(await moduleValues("mine", () => opened)("seed", z.int()).get("a")).toBeUndefined();
  expect(await mine!.entries()).toEqual([["a", 1]]);
  expect(await mine!.delete("a")).toBe(true);
});

pictureFilesContract("on disk", async () => createPictureFiles(fresh()));
documentFilesContract("on disk", async () => createDocumentFiles(fresh()));

test("picture files on disk come back into a folder that somebody has removed meanwhile", async () => {
  const root = join(folder, "removed");
  const files = createPictureFiles(root);
  const imageId = imageIdOf(jobIdOf("u"), 0);
  await files.save(imageId, [Buffer.from("one")]);
  rmSync(root, { recursive: true });
  await files.save(imageId, [Buffer.from("two")]);
  expect(String(await files.original(imageId))).toBe("two");
});

test("picture files on disk leave nothing half written", async () => {
  const files = createPictureFiles(join(folder, "whole"));
  await files.save(imageIdOf(jobIdOf("u"), 0), [Buffer.from("one")]);
  await files.saveInput(jobIdOf("u"), Buffer.from("two"));
  const names = readdirSync(join(folder, "whole"), { recursive: true }).map(String);
  expect(names.filter((name) => name.endsWith(".png"))).toHaveLength(1);
  expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
});

groupLogContract("sqlite in a file", async ({ nowMs, slot }) =>
  openGroupLog(slot === undefined ? join(fresh(), "webchat.sqlite") : join(folder, slot), nowMs),
);
groupLogContract("sqlite in memory", async ({ nowMs }) => openGroupLog(MEMORY, nowMs), {
  reopen: "needs a file: memory keeps nothing",
});
groupLogRaceContract("twice in one process over SQLite", async (nowMs = Date.now) => {
  const log = await openGroupLog(join(fresh(), "webchat.sqlite"), nowMs);
  return [log, log];
});
