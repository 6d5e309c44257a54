import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { storeContract } from "../contracts/store.ts";
import { english } from "../words.ts";
import { freshFiles } from "./contract/files.ts";
import { ballotOn, CHAT, idOf, PLENTY, T0, voteInput } from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";
import { oldBallot } from "./old-ballot.ts";

const fresh = freshFiles();
let oldSharedFile = "";

storeContract("sqlite in a file of schema step 1", ({ place, nowMs }) => {
  if (place && !oldSharedFile) oldSharedFile = oldFile();
  return openSqliteStore({ file: place ? oldSharedFile : oldFile(), exclusive: false, ...(nowMs ? { nowMs } : {}) });
});

describe("a file of schema step 1 with all kinds of rows", () => {
  const { sql, seen } = z
    .object({ sql: z.array(z.string()), seen: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(new URL("../fixtures/store-step-1.json", import.meta.url), "utf8")));
  const jobs = ["done", "batch", "away", "gone", "failed", "cancelled", "running", "waiting", "refused"].map(idOf);

  test("shows afterwards what its own version had shown, and goes on from there", async () => {
    const store = await opened(() => openSqliteStore({ file: oldFile(sql), exclusive: true, nowMs: () => T0 }));
    const settings = store.keyValues();
    settings.namespace = "chat-settings";
    const accounts = ["ana", "ben", "cy", "poor"].map((name) => store.account(`web:${name}`, PLENTY, T0));
    const now = {
      jobs: await Promise.all(jobs.map((jobId) => store.job(jobId))),
      pictures: await Promise.all(jobs.map((jobId) => store.picturesOf(jobId))),
      ballot: oldBallot(await ballotOn(store, idOf("done"))),
      due: await store.due(T0 + 5, 50, { platform: "web" }),
      ahead: await store.ahead(idOf("waiting")),
      accounts: await Promise.all(accounts),
      history: await store.history({ chatKey: "web:room", limit: 20 }),
      counts: await store.counts(),
      settings: await settings.get("web:room"),
    };
    expect(english(JSON.parse(JSON.stringify(now)))).toEqual(seen);

    expect(await store.jobByMessage(CHAT, "m3")).toMatchObject({ job: { jobId: idOf("batch") }, index: 1 });
    // Two settled jobs and one of the hall's; two held, of which one runs.
    expect(await store.spendWindow("web:room", T0)).toEqual({ heldGpuMs: 20, usedGpuMs: 30 });
    expect(await store.spendWindow("web:hall", T0)).toEqual({ heldGpuMs: 0, usedGpuMs: 10 });
    expect((await store.vote(voteInput(idOf("done"), "di", "v3"))).status).toBe("passed");
    const old = { deletedBeforeMs: 0, chats: [{ settingsKey: "web:hall", madeBeforeMs: T0 + 1 }] };
    expect(await store.forget(old, 9)).toEqual([]);
  });
});

let oldEmpty: Uint8Array | undefined;

/** As the first released schema left it; `sql` fills it. Made once: what its migration takes is not what is tested. */
function oldFile(sql: readonly string[] = []): string {
  const file = fresh();
  if (sql.length === 0 && oldEmpty) {
    mkdirSync(dirname(file));
    writeFileSync(file, oldEmpty);
    return file;
  }
  const db = openDatabase(file);
  migrate(db, 1);
  db.tx(() => {
    for (const line of sql) db.exec(line);
  });
  db.close();
  if (sql.length === 0) oldEmpty = readFileSync(file);
  return file;
}
