import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decisionIdOf, documentIdOf } from "../../../src/domain/ids.ts";
import type { StoreOverSql } from "../../../src/rules/store.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";
import {
  acceptInput,
  CHAT,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  LANE,
  PLENTY,
  picturesFor,
  QUORUM,
  rerollOf,
  STOPPED,
  T0,
  voteInput,
} from "../contract/inputs.ts";
import { startInput } from "../contract/meetings.ts";
import { give } from "../contract/pots.ts";

/** As `fingerprintOf` writes it. */
const LOOKS = "f0".repeat(8);

/** A group that has worked for a while: all kinds of rows, `lives` jobs with their pictures, and some that wait or were taken back. */
export async function installationIn(dataDir: string, lives: number): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "placard.sqlite"), exclusive: true, nowMs: () => T0 });
  await Promise.all(Array.from({ length: lives }, (_, at) => lived(store, at)));
  await decided(store);
  await together(store);
  await kept(store);
  await store.close();
}

async function lived(store: StoreOverSql, at: number): Promise<void> {
  const memberId = `web:m${at % 97}`;
  await store.accept(acceptInput(`job${at}`, { job: { memberId, estimateGpuMs: 10 + (at % 7) } }));
  if (at % 50 === 0) return;
  const job = await claimed(store);
  if (at % 31 === 0) {
    await store.fail(job.jobId, job.attempt, STOPPED, T0 + at);
    return;
  }
  await finish(store, job, {
    usedGpuMs: 5 + (at % 11),
    pictures: picturesFor(job, { sha256: sumFor(at) }).map((each) => ({ ...each, fingerprint: LOOKS })),
    nowMs: T0 + at,
    measured: { backend: LANE, megapixelSteps: 3, pictures: 1, usedMs: 1 + at },
  });
  await store.posted({ jobId: job.jobId, kind: "job" }, 2, { place: CHAT, messageId: `m${at}` });
}

const sumFor = (at: number): string => at.toString(16).padStart(64, "0");

/** A vote with one voice, a vote among pictures that was decided, a proposal with a reason. */
async function decided(store: StoreOverSql): Promise<void> {
  await store.shows({ place: CHAT, messageId: "again" }, `${idOf("job1")}.0`);
  await store.vote(voteInput(idOf("job1"), "ben", "vote ben"));
  for (const name of ["ana", "ben", "cy"]) await store.vote(voteInput(idOf("job2"), name, `passes ${name}`));
  await store.openDecision({
    updateId: "proposal",
    decision: {
      ...rerollOf(idOf("job3"), "ana", "proposal"),
      decisionId: decisionIdOf("proposal"),
      kind: "proposal",
      question: "Print 200? 🖨️ \u0000 zero",
      options: ["agree", "disagree"].map((id) => ({ id })),
      rule: { ...QUORUM, method: "proposal", needed: 1, spends: false },
    },
    nowMs: T0,
  });
}

/** A meeting, a document, joined accounts, a pot, a block, a hidden picture, somebody who wants to be forgotten. */
async function together(store: StoreOverSql): Promise<void> {
  await store.startMeeting(startInput("start"));
  await store.askDocument({
    updateId: "deck",
    document: {
      documentId: documentIdOf("deck"),
      kind: "deck",
      of: { imageIds: [`${idOf("job1")}.0`], chosen: "named" },
      target: { place: CHAT, memberId: "web:ana", replyToken: "t" },
      askedBy: { id: "web:ana", name: "ana" },
      askedAtMs: T0,
      language: "en",
    },
    maxOpen: 3,
    nowMs: T0,
  });
  await store.link({
    members: [
      { id: "web:m1", name: "one" },
      { id: "telegram:7", name: "eins" },
    ],
    personId: "person:one",
    allowance: PLENTY,
    nowMs: T0,
  });
  await give(store, "gift", "ana", 12);
  const entry = { scope: "web:room", by: { id: "web:ana", name: "ana" }, sinceMs: T0 };
  await store.block({ ...entry, member: { id: "web:troll", name: "troll" }, untilMs: T0 + HOUR_MS }, STOPPED);
  const { block } = await store.block({ ...entry, member: { id: "web:other", name: "other" } }, STOPPED);
  // Its number is never given again.
  await store.unblock(block.number);
  for (const name of ["ben", "cy"])
    await store.hide({ jobId: idOf("job4"), by: { id: `web:${name}`, name }, needed: 2, nowMs: T0 });
  // Not done yet: it goes on where it is moved to.
  await store.beginForgetting({ memberId: "web:leaving", name: "leaving", problem: STOPPED, nowMs: T0 });
}

async function kept(store: StoreOverSql): Promise<void> {
  const values = store.keyValues();
  for (const [namespace, key, value] of [
    ["core", "button-key", JSON.stringify({ value: Buffer.alloc(32, 7).toString("base64") })],
    ["chat-settings", "web:room", JSON.stringify({ value: { votes: 2 } })],
    ["telegram.message", "-100:7", JSON.stringify({ value: { note: "ünïcode 🦊 日本" } })],
  ] as const) {
    values.namespace = namespace;
    await values.set(key, value);
  }
}

/** What nobody writes by hand, and what came all the same. */
export function oddRows(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, "placard.sqlite"));
  const put = db.prepare("INSERT INTO key_value(namespace, key, value) VALUES('odd', ?, ?)");
  const odd = {
    zero: "a\0b\0",
    "zero\0key": "",
    escaped: JSON.stringify({ value: "\0 \ud800 \u2028" }),
    surrogate: "\udfff alone",
    quotes: `{"it's",\\"NULL\\",}`,
    null: "NULL",
    empty: "",
    emoji: "👩🏽‍🚀🏳️‍⚧️ é e\u0301 ß ẞ İ",
    line: "a\r\nb\tc\u0001\u007f\uFEFF",
    Z: "order",
    a: "order",
    Ä: "order",
    long: "x".repeat(3_000_000),
  };
  for (const [key, value] of Object.entries(odd)) put.run(key, value);
  const big = db.prepare("INSERT INTO bucket(member_id, balance_gpu_ms, at_ms, reset_at_ms) VALUES(?, ?, ?, NULL)");
  big.run("odd:big", 9_007_199_254_740_993n, 9_223_372_036_854_775_807n);
  big.run("odd:small", -9_223_372_036_854_775_808n, 0n);
  const speed = db.prepare("INSERT INTO speed(backend, per_megapixel_step_ms, runs) VALUES(?, ?, 1)");
  for (const value of [1 / 3, 5e-324, 1.7976931348623157e308, Number.POSITIVE_INFINITY, 1e21, 123456789.12345679])
    speed.run(`odd ${value}`, value);
  db.close();
}

/** Files for the pictures that are looked at; what is in them nobody opens as a picture here. */
export function filesIn(dataDir: string, names: Readonly<Record<string, Uint8Array>>): void {
  for (const [path, bytes] of Object.entries(names)) {
    const file = join(dataDir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
