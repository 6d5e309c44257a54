import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SPEND_WINDOW_MS } from "../../src/domain/ledger.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { atThisPaceMs } from "../pace.ts";
import { accept, CHAT, claimed, finish, idOf, LANE, PLENTY, shown, T0 } from "./contract/inputs.ts";

const JOBS = 100_000;

/** Copies the one finished job of `file` until there are `JOBS`, by 20 members, each with its picture. */
function multiply(file: string): void {
  const db = new DatabaseSync(file);
  const MANY = `WITH RECURSIVE many(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < ${JOBS})`;
  const ID = "printf('j%015d', n)";
  const MESSAGES = "json_set(message, '$.messageId', 'm' || n)";
  db.exec(`PRAGMA synchronous = OFF; BEGIN;
    INSERT INTO job(job_id, member_id, chat_key, lane, tag, state, attempt, estimate_ms, ended_at_ms, outcome, body)
      ${MANY} SELECT ${ID}, 'web:m' || (n % 20), chat_key, lane, n, state, 1, 1000, ended_at_ms + n, outcome, body FROM many, job WHERE seq = 1;
    INSERT INTO hold(job_id, member_id, part, held_gpu_ms, used_gpu_ms, state, capacity_gpu_ms, refill_gpu_ms_per_hour, reset_ms, ended_at_ms, pot_key)
      ${MANY} SELECT ${ID}, 'web:m' || (n % 20), 0, 10, 10, 'settled', 1000000000, 0, 0, ${T0} + n, 'web:room' FROM many;
    INSERT INTO outbox(owner_id, kind, revision, posted_revision, message, platform, chat_id, message_id)
      ${MANY} SELECT ${ID}, 'job', 2, 2, ${MESSAGES}, platform, chat_id, 'm' || n FROM many, outbox WHERE seq = 1;
    INSERT INTO picture(image_id, job_id, place, chat_key, member_id, made_at_ms, sha256, body, settings_key, number)
      ${MANY} SELECT ${ID} || '.0', ${ID}, 0, chat_key, 'web:m' || (n % 20), made_at_ms, sha256, body, settings_key, n FROM many, picture WHERE seq = 1;
    UPDATE picture_count SET last = ${JOBS};
    COMMIT;`);
  db.close();
}

/** The median of `runs` calls, in ms: others on the machine hold up some of them, a scan every one. */
async function medianMs(runs: number, call: (run: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const from = performance.now();
    await call(run);
    times.push(performance.now() - from);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.POSITIVE_INFINITY;
}

describe(`with ${JOBS} finished jobs and pictures`, () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-scale-"));
  let store: Store;
  beforeAll(async () => {
    const file = join(folder, "placard.db");
    const first = await openSqliteStore({ file, exclusive: false });
    await shown(first, "a");
    await first.close();
    multiply(file);
    store = await openSqliteStore({ file, exclusive: false });
    for (let i = 0; i < 20; i++) await accept(store, `open${i}`, { job: { memberId: `web:m${i}` } });
  }, 60_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // A scan of all rows takes 50 ms and more here, so these limits tell an index from none even on a busy machine.
  test.each<[string, number, (run: number) => Promise<unknown>]>([
    [
      "a page of history",
      20,
      (run) => store.history({ chatKey: "web:room", limit: 12, beforeNumber: JOBS - run * 400 }),
    ],
    [
      "a member's history",
      20,
      (run) => store.history({ chatKey: "web:room", memberId: `web:m${run % 20}`, limit: 12 }),
    ],
    ["a member's pictures in all chats", 20, (run) => store.history({ memberId: `web:m${run % 20}`, limit: 12 })],
    ["whose message it is", 5, (run) => store.jobByMessage(CHAT, `m${run}`)],
    [
      "a spend window, of whose 24 hours little is left",
      5,
      () => store.spendWindow("web:room", T0 + JOBS + SPEND_WINDOW_MS - 100),
    ],
    ["an account", 5, (run) => store.account(`web:m${run % 20}`, PLENTY, T0)],
    ["what is due", 10, () => store.due(T0, 20, { platform: "web" })],
    ["what is ahead", 5, (run) => store.ahead(idOf(`open${run % 20}`))],
    ["open jobs of a chat", 10, () => store.openJobs({ chatKey: "web:room" }, 20)],
    ["the pictures of a job", 5, (run) => store.picturesOf(`j${String(run + 2).padStart(15, "0")}`)],
    ["counting", 5, () => store.counts()],
    ["what waits for allowance", 5, () => store.dueDeferred(T0, 20)],
    ["closing decisions", 5, () => store.closeDecisions(T0)],
    [
      "forgetting nothing",
      5,
      () => store.forget({ deletedBeforeMs: T0, chats: [{ settingsKey: "web:room", madeBeforeMs: T0 }] }, 50),
    ],
  ])("%s stays under %i ms in the median", async (_, limitMs, call) => {
    expect(await medianMs(200, call)).toBeLessThan(atThisPaceMs(limitMs));
  });

  test("a whole job (accept, claim, finish, two posts) stays under 100 ms on a busy disk", async () => {
    const wholeJob = async (run: number) => {
      await accept(store, `whole${run}`, { job: { memberId: "web:busy", lane: "quick" } });
      const job = await store.claim("quick", T0, 1_000);
      if (!job) throw new Error("nothing to claim");
      await store.posted({ jobId: job.jobId, kind: "job" }, 1, { place: CHAT, messageId: "m" });
      await finish(store, job);
      await store.posted({ jobId: job.jobId, kind: "job" }, 2, { place: CHAT, messageId: "m" });
    };
    expect(await medianMs(100, wholeJob)).toBeLessThan(atThisPaceMs(100));
    expect((await claimed(store)).lane).toBe(LANE);
  });
});

const WAITING = 20_000;

/** Copies the one waiting job of `file` until there are `WAITING`, by as many members, in two lanes, each among nine that are done. */
function crowd(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA synchronous = OFF; BEGIN;
    INSERT INTO job(job_id, member_id, chat_key, lane, tag, estimate_ms, body, state, ended_at_ms)
      WITH RECURSIVE many(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM many WHERE n < ${10 * WAITING})
      SELECT printf('w%015d', n), 'web:m' || n, chat_key, CASE WHEN n % 20 = 0 THEN 'other' ELSE lane END, n, estimate_ms, body,
        iif(n % 10 = 0, 'queued', 'done'), iif(n % 10 = 0, NULL, 1)
      FROM many, job WHERE seq = 1;
    COMMIT;`);
  db.close();
}

// One peak hour of a federation: each of these is asked for with every order, every card, or several times a second.
describe(`with ${WAITING} jobs that wait`, () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-scale-"));
  let store: Store;
  beforeAll(async () => {
    const file = join(folder, "placard.db");
    const first = await openSqliteStore({ file, exclusive: false });
    await accept(first, "a");
    await first.close();
    crowd(file);
    store = await openSqliteStore({ file, exclusive: false });
  }, 60_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // Where all that wait, or all jobs, are read one by one they take several times as long.
  test.each<[string, number, (run: number) => Promise<unknown>]>([
    ["what each lane has to do", 15, () => store.loads()],
    ["a member's own open jobs", 0.7, (run) => store.openJobs({ memberId: `web:m${10 * run}` }, 20)],
    ["who starts next in a lane", 0.7, () => store.nextJobs(LANE, 20)],
  ])("%s stays under %d ms in the median", async (_, limitMs, call) => {
    expect(await medianMs(50, call)).toBeLessThan(atThisPaceMs(limitMs));
  });
});
