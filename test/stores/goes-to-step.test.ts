import { expect, test } from "vitest";
import { GOES_TO_STEP } from "../../src/stores/shared/goes-to-step.ts";
import { FIRST_COMMON_STEP, LATER_STEPS } from "../../src/stores/shared/later-steps.ts";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { freshFiles } from "./contract/files.ts";
import { idOf, sampleJob, T0 } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();
const BEFORE = FIRST_COMMON_STEP + LATER_STEPS.indexOf(GOES_TO_STEP);

test("what was owed before messages said where they go is owed to the platform of its chat, and nobody's to nobody", async () => {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, BEFORE);
  const job = db.query(
    "INSERT INTO job(job_id, member_id, chat_key, lane, tag, estimate_ms, body) VALUES(?, 'web:ana', ?, 'fake', 1, 1, ?)",
  );
  const owe = db.query("INSERT INTO outbox(owner_id, kind) VALUES(?, ?)");
  for (const [name, chatKey] of [
    ["a", "telegram:-100:1"],
    ["b", "web:room"],
  ] as const) {
    job.run(idOf(name), chatKey, JSON.stringify(sampleJob(name)));
    owe.run(idOf(name), "job");
  }
  db.query(
    "INSERT INTO document(document_id, chat_key, member_id, asked_at_ms, spec) VALUES('doc', 'discord:1', 'm', 1, '{}')",
  ).run();
  db.query(
    `INSERT INTO meeting(meeting_id, chat_key, settings_key, state, wall_key, code, started_at_ms, revision, body)
     VALUES('meet', 'discord:1', 'discord:1', 'running', 'w', 'c', 1, 1, '{}')`,
  ).run();
  db.query(
    `INSERT INTO decision(decision_id, kind, chat_key, settings_key, opened_at_ms, closes_at_ms, body)
     VALUES('deci', 'proposal', 'discord:1', 'discord:1', 1, 2, '{}')`,
  ).run();
  for (const kind of ["document", "meeting", "decision"]) owe.run(kind === "document" ? "doc" : kind.slice(0, 4), kind);
  owe.run("gone", "job");
  db.close();
  const store = await opened(() => openSqliteStore({ file, exclusive: false }));
  const kindsAt = async (platform: string) => (await store.due(T0, 9, { platform })).map(({ kind }) => kind);
  expect([await kindsAt("telegram"), await kindsAt("web"), await kindsAt("discord")]).toEqual([
    ["job"],
    ["job"],
    ["document", "meeting", "decision"],
  ]);
  expect((await store.gauges(9)).oldest.map(({ platform }) => platform)).toEqual([
    "telegram",
    "web",
    "discord",
    "discord",
    "discord",
  ]);
});
