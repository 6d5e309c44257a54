import { expect, test } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { freshFiles } from "./contract/files.ts";
import { accept, claimed, finish, idOf, picturesFor, sampleJob, shown } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();
const numbersOf = (chatKey: string, store: Awaited<ReturnType<typeof openSqliteStore>>) =>
  store.history({ chatKey, limit: 20 }).then((found) => found.map(({ number }) => number));

test("pictures from when numbers counted over all chats keep theirs, and each chat goes on above its highest", async () => {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, 7);
  const insertJob = db.query(
    `INSERT INTO job(job_id, member_id, chat_key, lane, tag, state, estimate_ms, ended_at_ms, body)
     VALUES(?, 'web:ana', ?, 'fake', 0, 'done', 1, 1, ?)`,
  );
  const insertPicture = db.query(
    `INSERT INTO picture(image_id, job_id, place, chat_key, member_id, made_at_ms, sha256, body, settings_key, deleted_at_ms)
     VALUES(?, ?, 0, ?, 'web:ana', 1, 'x', ?, ?, ?)`,
  );
  const chats = ["room", "hall", "room", "hall", "room", "attic"];
  for (const [at, chatId] of chats.entries()) {
    const job = sampleJob(`old${at}`, {
      target: { place: { platform: "web", chatId, group: true }, memberId: "web:ana" },
    });
    const chatKey = `web:${chatId}`;
    insertJob.run(job.jobId, chatKey, JSON.stringify(job));
    const [picture] = picturesFor(job);
    const { memberName, order, recipe } = picture!;
    const body = JSON.stringify({ memberName, order, recipe });
    insertPicture.run(`${job.jobId}.0`, job.jobId, chatKey, body, chatKey, at === 4 ? 1 : null);
  }
  db.exec(
    "INSERT INTO shown(chat_key, message_id, image_id) SELECT chat_key, 'm' || seq, image_id FROM (SELECT number AS seq, * FROM picture)",
  );
  db.close();

  const store = await opened(() => openSqliteStore({ file, exclusive: false }));
  expect(await numbersOf("web:room", store)).toEqual([3, 1]);
  expect(await numbersOf("web:hall", store)).toEqual([4, 2]);
  expect((await store.pictureByNumber("web:hall", 2))?.jobId).toBe(idOf("old1"));
  expect(await store.pictureByNumber("web:room", 2)).toBeUndefined();
  // Deleted, and its number stays its own.
  expect((await store.pictureByNumber("web:room", 5))?.deleted).toBeDefined();
  await shown(store, "new");
  expect(await numbersOf("web:room", store)).toEqual([6, 3, 1]);
  await accept(store, "first", {
    job: { target: { place: { platform: "web", chatId: "new", group: true }, memberId: "web:ana" } },
  });
  await finish(store, await claimed(store));
  expect(await numbersOf("web:new", store)).toEqual([1]);
  // Replies that show an old picture still do.
  const about = await store.jobByMessage({ platform: "web", chatId: "hall" }, "m4");
  expect(about?.job.jobId).toBe(idOf("old3"));
});
