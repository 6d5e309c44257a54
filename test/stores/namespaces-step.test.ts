import { expect, test } from "vitest";
import { z } from "zod";
import { moduleValues } from "../../src/app/modules.ts";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { valuesIn } from "../fakes/module-services.ts";
import { freshFiles } from "./contract/files.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();

/** As the version before wrote them: Keyv's own, modules' JSON, and texts as they were. */
const ROWS: readonly (readonly [key: string, value: string])[] = [
  ["chat-settings:web:room", '{"value":{"votes":2}}'],
  ["chat-approvals:telegram:-100:7", '{"value":{"byMemberId":"telegram:1","byName":"::)","atMs":5}}'],
  ["seed-locks:web:room/everyone", '{"value":7}'],
  ["core:button-key", "MTIzNA=="],
  ["module:telegram:message:-100:7", '{"shows":"photo","reroll":"a:b"}'],
  ["module:telegram:update:42:000000000001", '{"atMs":1,"update":{"text":":base64:YmFy"},"tries":1}'],
  ["module:telegram:moved:-1", '"-100"'],
  ["module:telegram:private:5", "1"],
  ["module:telegram:webhook:secret", "12345"],
  ["module:telegram:profile:description", ":) null"],
  ["module:telegram:heard:5:1", "{broken"],
  ["module:discord:registered-guilds", '["1","2"]'],
  ["module:other:a:", "[null]"],
];

test("what an earlier version wrote is read as it was", async () => {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, 5);
  for (const row of ROWS) db.query("INSERT INTO key_value VALUES(?, ?)").run(...row);
  db.close();
  const { keyValues } = await opened(() => openSqliteStore({ file, exclusive: false }));
  const all = async (namespace: string) => valuesIn(keyValues, namespace).entries();

  expect(await all("chat-settings")).toEqual([["web:room", { votes: 2 }]]);
  expect(await all("chat-approvals")).toEqual([
    ["telegram:-100:7", { byMemberId: "telegram:1", byName: ":)", atMs: 5 }],
  ]);
  expect(await all("seed-locks")).toEqual([["web:room/everyone", 7]]);
  expect(await all("core")).toEqual([["button-key", "MTIzNA=="]]);
  expect(await all("telegram.message")).toEqual([["-100:7", { shows: "photo", reroll: "a:b" }]]);
  expect(await all("telegram.update")).toEqual([
    ["42:000000000001", { atMs: 1, update: { text: ":base64:YmFy" }, tries: 1 }],
  ]);
  expect(await all("telegram.moved")).toEqual([["-1", "-100"]]);
  expect(await all("telegram.private")).toEqual([["5", 1]]);
  expect(await all("telegram.webhook")).toEqual([["secret", "12345"]]);
  expect(await all("telegram.profile")).toEqual([["description", ":) null"]]);
  // It was as if it were not there, and still is.
  expect(await moduleValues("telegram", () => keyValues)("heard", z.object({})).entries()).toEqual([]);
  expect(await all("discord.registered-guilds")).toEqual([["all", ["1", "2"]]]);
  expect(await all("other.a")).toEqual([["", [null]]]);
});
