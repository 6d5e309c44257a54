import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { copiesMadeAtMs } from "../../src/app/copies.ts";

it("knows each kind of copy that Placard itself leaves, and takes nothing else for one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-copies-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, "data");
  for (const made of [
    "data/webchat",
    "backups/placard-2026-11-03",
    "backups/mine",
    "data.before-restore-2026-11-04",
    "data.old",
  ])
    mkdirSync(join(folder, made), { recursive: true });
  const files = [
    "data/placard.sqlite",
    "data/placard.sqlite.before-step-4",
    "data/webchat/log.before-step-2",
    "data/placard-moved.json",
  ];
  for (const file of files) writeFileSync(join(folder, file), "");
  const at = (path: string, seconds: number) => utimesSync(join(folder, path), seconds, seconds);
  at("backups/placard-2026-11-03", 1);
  at("data.before-restore-2026-11-04", 2);
  at("data/placard.sqlite.before-step-4", 3);
  at("data/webchat/log.before-step-2", 4);
  at("data/placard-moved.json", 5);
  expect(await copiesMadeAtMs(dataDir)).toEqual([1000, 2000, 3000, 4000, 5000]);
});
