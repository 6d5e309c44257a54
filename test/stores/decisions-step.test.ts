import { expect, test } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { migrate } from "../../src/stores/sqlite/schema.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { freshFiles } from "./contract/files.ts";
import {
  allowance,
  balanceOf,
  ballotOn,
  CHAT,
  HOUR_MS,
  idOf,
  PLENTY,
  STOPPED,
  sampleJob,
  T0,
  voteInput,
} from "./contract/inputs.ts";
import { opened } from "./contract/opened.ts";

const fresh = freshFiles();
const BEFORE = 11;

/** A file from when a vote about another take was a ballot, in a community and in a chat that has moved. */
function old(): string {
  const file = fresh();
  const db = openDatabase(file);
  migrate(db, BEFORE);
  const job = db.query(
    `INSERT INTO job(job_id, member_id, chat_key, community_key, lane, tag, state, estimate_ms, ended_at_ms, body)
     VALUES(?, ?, ?, ?, 'fake', 1, 'done', 1, ?, ?)`,
  );
  const outbox = db.query(
    "INSERT INTO outbox(job_id, kind, revision, posted_revision, message, platform, chat_id, message_id) VALUES(?, 'job', 2, 2, ?, 'web', 'room', ?)",
  );
  for (const name of ["open", "passed", "closed", "empty"]) {
    const made = sampleJob(name);
    const chatKey = name === "closed" ? "web:moved" : "web:room";
    job.run(made.jobId, made.memberId, chatKey, "web:community:c", T0 - 5, JSON.stringify(made));
    outbox.run(made.jobId, JSON.stringify({ place: CHAT, messageId: name }), name);
  }
  const ballot = db.query("INSERT INTO ballot VALUES(?, ?, ?, ?, ?)");
  ballot.run(idOf("open"), 2, T0 + HOUR_MS, "open", null);
  ballot.run(idOf("passed"), 1, T0, "passed", idOf("started"));
  ballot.run(idOf("closed"), 3, T0, "closed", null);
  ballot.run(idOf("empty"), 3, T0 + HOUR_MS, "open", null);
  const vote = db.query("INSERT INTO vote VALUES(?, ?, ?, ?, ?)");
  vote.run(idOf("open"), "web:zoe", "Zoe", 1, JSON.stringify(allowance(7)));
  vote.run(idOf("passed"), "web:cy", "Cy", 4, null);
  vote.run(idOf("closed"), "web:zoe", "Zoe", 2, null);
  vote.run(idOf("closed"), "web:ben", "Ben", 1, null);
  db.close();
  return file;
}

test("ballots become decisions: who voted, in which order, how they ended and what they started", async () => {
  const store = await opened(() => openSqliteStore({ file: old(), exclusive: false }));
  expect(await ballotOn(store, idOf("open"))).toMatchObject({
    kind: "reroll",
    place: CHAT,
    rule: { method: "quorum", needed: 2, spends: true },
    openedBy: { id: "web:zoe", name: "Zoe" },
    openedAtMs: T0 - 5,
    closesAtMs: T0 + HOUR_MS,
    state: "open",
    votes: [{ memberId: "web:zoe", name: "Zoe", choices: ["aye"] }],
  });
  const passed = { winners: ["aye"], counts: { aye: 1 }, closed: { by: "votes" }, startedJobId: idOf("started") };
  expect(await ballotOn(store, idOf("passed"))).toMatchObject({ state: "passed", outcome: passed });
  expect(await ballotOn(store, idOf("closed"))).toMatchObject({
    state: "closed",
    place: { chatId: "moved" },
    votes: [{ name: "Ben" }, { name: "Zoe" }],
    outcome: { winners: [], counts: { aye: 2 }, closed: { by: "deadline" } },
  });
  expect(await ballotOn(store, idOf("empty"))).toMatchObject({ state: "open", votes: [], openedBy: { id: "web:ana" } });
  // Each has an id that a button can name, and messages are where they were.
  const { decisionId = "" } = (await ballotOn(store, idOf("open"))) ?? {};
  expect(decisionId).toMatch(/^[a-z0-9]{16}$/);
  expect(await store.decision(decisionId, T0)).toEqual(await ballotOn(store, idOf("open")));
  expect(await store.jobByMessage(CHAT, "open")).toMatchObject({ job: { jobId: idOf("open") } });
});

test("an open one goes on: by what each may spend, with a line from its next vote on; a block finds it by its community", async () => {
  const store = await opened(() => openSqliteStore({ file: old(), exclusive: false }));
  expect(await store.due(T0, 9, { platform: "web" })).toEqual([]);
  // Zoe may spend 7 in all, and her half of 20 is 10.
  const input = voteInput(idOf("open"), "ben", "v1");
  const dear: typeof input = {
    ...input,
    whenPassed(voters) {
      const passed = input.whenPassed!(voters);
      return { ...passed, job: { ...passed.job, estimateGpuMs: 20 } };
    },
  };
  expect(await store.vote(dear)).toMatchObject({
    status: "unpaid",
    names: ["Zoe"],
    decision: { votes: [{ name: "ben" }] },
  });
  expect((await store.due(T0, 9, { platform: "web" })).map(({ kind }) => kind)).toEqual(["job", "decision"]);
  const entry = { scope: "web:community:c", by: { id: "web:ana", name: "ana" }, sinceMs: T0 };
  await store.block({ ...entry, member: { id: "web:ben", name: "ben" } }, STOPPED);
  expect(await ballotOn(store, idOf("open"))).toMatchObject({ votes: [] });
  expect((await store.vote(voteInput(idOf("passed"), "di", "v2"))).status).toBe("over");
  expect(await balanceOf(store, "web:zoe", PLENTY)).toBe(PLENTY.capacityGpuMs);
});
