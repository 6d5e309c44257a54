import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrateGroupLog } from "../../src/stores/sqlite/group-log/schema.ts";
import { openGroupLog } from "../../src/stores/sqlite/group-log.ts";

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "looks-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "webchat.sqlite");
}

test("members from before who look alike are told apart, each comes back with their own secret, and no new one looks like them", async () => {
  const file = newFile();
  const db = openDatabase(file);
  migrateGroupLog(db, 4);
  const names = ["Ada", "Ad\u0430", "Ada\u3164", "\u3164\u3164", "Ben"];
  for (const [at, name] of names.entries())
    db.exec(`INSERT INTO member VALUES ('web:${at}', '${name}', '${name.toLowerCase()}', 'hash${at}', ${at})`);
  db.close();
  const log = await openGroupLog(file, () => 9);
  const found = await Promise.all(names.map((_name, at) => log.memberById(`web:${at}`)));
  const shown = found.map((member) => member?.name);
  expect(shown).toEqual(["Ada", "Ad\u0430 (2)", "Ada (3)", "?", "Ben"]);
  for (const name of ["\u0410da", "ADA (2)", "B\u0435n"])
    expect(await log.join(name, name.toLowerCase(), undefined), name).toMatchObject({ refused: "alike" });
  await log.close();
});

test("whoever is shown under another name comes back under it, and under what they typed", async () => {
  const file = newFile();
  const first = await openGroupLog(file, () => 1);
  const ada = await first.join("Ada", "ada", undefined);
  await first.close();
  const db = openDatabase(file);
  db.exec("UPDATE web_member SET name = 'Ada (2)'");
  db.close();
  const log = await openGroupLog(file, () => 2);
  const secret = "secret" in ada ? ada.secret : "";
  const back = { member: { name: "Ada (2)" }, secret };
  expect([await log.join("Ada", "ada", secret), await log.join("Ada (2)", "ada (2)", secret)]).toMatchObject([
    back,
    back,
  ]);
  expect(await log.join("Ada", "ada", "guessed")).toEqual({ refused: "taken" });
  await log.close();
});
