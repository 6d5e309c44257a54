import { expect, test } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { freshFiles } from "./contract/files.ts";
import { accept, idOf, sampleJob } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();

test("what a member took back before the index of tags named no states still counts for nothing", async () => {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, 8);
  const insert = db.query(
    `INSERT INTO job(job_id, member_id, chat_key, lane, tag, state, estimate_ms, ended_at_ms, body)
     VALUES(?, ?, 'web:room', ?, ?, ?, 1, 1, ?)`,
  );
  for (const [name, state, tag] of [
    ["made", "done", 5],
    ["taken back", "cancelled", 900],
  ] as const) {
    const job = sampleJob(name);
    insert.run(job.jobId, job.memberId, job.lane, tag, state, JSON.stringify(job));
  }
  db.close();
  const store = await opened(() => openSqliteStore({ file, exclusive: false }));
  await accept(store, "new");
  const after = openDatabase(file);
  const found = after.query<{ readonly tag: number }>("SELECT tag FROM job WHERE job_id = ?").get(idOf("new"));
  after.close();
  expect(found?.tag).toBe(6);
});
