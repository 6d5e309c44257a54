import { expect, onTestFinished, test } from "vitest";
import { documentIdOf, meetingIdOf } from "../../src/domain/ids.ts";
import { freshFiles } from "../stores/contract/files.ts";
import {
  accept,
  allowance,
  balanceOf,
  ballotOn,
  claimed,
  finish,
  idOf,
  LANE,
  picturesFor,
  STOPPED,
  sampleJob,
  sampleOrder,
  shown,
  T0,
  voteInput,
} from "../stores/contract/inputs.ts";
import { startInput } from "../stores/contract/meetings.ts";
import { scrambledStore } from "../stores/scrambled-store.ts";

// Each transaction is committed, nobody hears of it, and it is run again: the answer is that of the first, and it counts once.

const fresh = freshFiles();
const LIMIT = allowance(100);

function opened() {
  const store = scrambledStore(fresh(), "unheard");
  onTestFinished(() => store.close());
  return store;
}

test("a command is accepted once, and that is the answer; so is a refusal, and the late twin of another", async () => {
  const store = opened();
  expect((await accept(store, "a", { allowance: LIMIT })).status).toBe("accepted");
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(90);
  expect(await accept(store, "b", { allowance: LIMIT, job: { estimateGpuMs: 91 } })).toMatchObject({
    status: "refused",
    why: { code: "quota_used", neededGpuMs: 91 },
  });
  const said = { words: "x", atMs: T0 };
  await accept(store, "c", { job: { said } });
  expect(await accept(store, "d", { job: { said: { ...said, late: true } } })).toMatchObject({
    status: "same",
    job: { jobId: idOf("c") },
  });
});

test("a claim gives one job, with one attempt more, and no second one", async () => {
  const store = opened();
  await accept(store, "a");
  await accept(store, "b");
  expect(await claimed(store)).toMatchObject({ jobId: idOf("a"), attempt: 1 });
  expect(await store.counts()).toEqual({ queued: 1, running: 1 });
});

test("whoever finished, failed, cancelled or gave back hears that it was they", async () => {
  const store = opened();
  for (const name of ["a", "b", "c", "d", "e"]) await accept(store, name, { allowance: LIMIT });
  const [a, b, c, d, e] = [
    await claimed(store),
    await claimed(store),
    await claimed(store),
    await claimed(store),
    await claimed(store),
  ];
  expect(await store.heartbeat(a.jobId, 1, T0, 60_000)).toBe(true);
  expect(await finish(store, a, { usedGpuMs: 7 })).toBe(true);
  expect(await store.fail(b.jobId, 1, STOPPED, T0)).toBe(true);
  expect(await store.cancel(c.jobId, STOPPED, T0)).toBe(true);
  expect(await store.giveBack(d.jobId, 1)).toBe(true);
  const outcome = { backend: LANE, route: [], usedGpuMs: 3, tookMs: 1 };
  const work = { byName: "ana", attempt: 1, outcome, pictures: picturesFor(e) };
  expect(await store.cancel(e.jobId, STOPPED, T0, work)).toBe(true);
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(100 - 7 - 3 - 10);
  expect(await finish(store, b)).toBe(false);
  expect(await store.job(d.jobId)).toMatchObject({ state: "queued", attempt: 1 });
});

test("a document is asked for, claimed and ended once, and whoever did it hears so", async () => {
  const store = opened();
  const document = {
    documentId: documentIdOf("one"),
    kind: "zip",
    of: { imageIds: [], chosen: "named" },
    target: { place: { platform: "web", chatId: "room", group: true }, memberId: "web:ana" },
    askedBy: { id: "web:ana", name: "ana" },
    askedAtMs: T0,
    language: "en",
  } as const;
  const asked = (name: string) => ({
    updateId: name,
    document: { ...document, documentId: documentIdOf(name) },
    maxOpen: 2,
    nowMs: T0,
  });
  expect((await store.askDocument(asked("one"))).status).toBe("asked");
  expect((await store.askDocument(asked("two"))).status).toBe("asked");
  expect(await store.claimDocument(T0, 60_000)).toMatchObject({ documentId: document.documentId, attempt: 1 });
  expect(await store.openDocuments(9)).toMatchObject([{ state: "running" }, { state: "queued" }]);
  const file = { name: "a.zip", mime: "application/zip", sizeBytes: 1, pictures: 0, gone: 0 };
  expect(await store.giveBackDocument(document.documentId, 1)).toBe(true);
  await store.claimDocument(T0, 60_000);
  expect(await store.finishDocument(document.documentId, 2, file, T0)).toBe(true);
  expect(await store.cancelDocument(documentIdOf("two"), STOPPED, T0)).toBe(true);
  expect(await store.cancelDocument(document.documentId, STOPPED, T0)).toBe(false);
});

test("more is held once", async () => {
  const store = opened();
  await accept(store, "a", { allowance: LIMIT });
  expect(await store.holdMore(idOf("a"), 60, undefined, T0)).toBe("held");
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(40);
});

test("an order that waits for allowance is taken once, starts once, and whoever gives one up hears that it was they", async () => {
  const store = opened();
  const deferred = (name: string) => sampleJob(name, { deferral: { allowance: LIMIT } });
  for (const name of ["a", "b"]) {
    const input = { updateId: name, job: deferred(name), tryAtMs: T0, nowMs: T0 };
    expect((await store.defer(input)).status).toBe("deferred");
  }
  const shares = [{ memberId: "web:ana", gpuMs: 10 }];
  const start = { job: deferred("a"), shares, allowance: LIMIT, maxOpenPerMember: 9, nowMs: T0 };
  expect((await store.startDeferred(start)).status).toBe("started");
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(90);
  expect(await store.giveUpDeferred(idOf("b"), STOPPED, T0)).toBe(true);
  expect(await store.counts()).toEqual({ queued: 1, running: 0 });
});

test("a vote counts once; who completes it starts one job", async () => {
  const store = opened();
  const { jobId } = await shown(store, "a");
  for (const member of ["ben", "cy", "di"]) await store.vote(voteInput(jobId, member, member));
  expect(await ballotOn(store, jobId)).toMatchObject({ state: "passed", votes: [{}, {}, {}] });
  expect(await store.counts()).toEqual({ queued: 1, running: 0 });
});

test("a failure to send counts once, a pick is theirs who picked, and what was marked is marked", async () => {
  const store = opened();
  await accept(store, "a", { job: { order: sampleOrder({ count: 2 }) } });
  await store.postpone({ jobId: idOf("a"), kind: "job" }, T0 + 5);
  expect((await store.due(T0 + 5, 9, { platform: "web" })).map((row) => row.failures)).toEqual([1]);
  await finish(store, await claimed(store));
  expect(await store.pick(idOf("a"), 1, { memberId: "web:ben", name: "ben" }, T0)).toBe(true);
  expect(await store.pick(idOf("a"), 1, { memberId: "web:cy", name: "cy" }, T0)).toBe(false);
  expect(await store.markDeleted(idOf("a"), "ana", T0)).toBe(true);
  expect(await store.restore(idOf("a"))).toBe(true);
});

test("whose files may go is told also when nobody heard that their rows went", async () => {
  const store = opened();
  await shown(store, "a");
  await store.markDeleted(idOf("a"), "ana", T0);
  expect(await store.forget({ deletedBeforeMs: T0 + 1, chats: [] }, 9)).toEqual([`${idOf("a")}.0`]);
});

test("a meeting begins once with its budget, goes on once, and who came is there once", async () => {
  const store = opened();
  const budget = { budgetGpuMs: 60, budgetFrom: { by: "member", memberId: "web:ana", allowance: LIMIT } } as const;
  expect((await store.startMeeting(startInput("m", budget))).status).toBe("started");
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(40);
  const meetingId = meetingIdOf("m");
  const change = { does: "next", at: -1 } as const;
  expect(await store.changeMeeting({ updateId: "n", meetingId, change, nowMs: T0 })).toMatchObject({
    status: "changed",
    meeting: { at: 0, revision: 2 },
  });
  await store.attend(meetingId, { id: "web:ben", name: "ben" });
  expect((await store.meeting(meetingId))?.present).toHaveLength(2);
  await store.changeMeeting({ updateId: "e", meetingId, change: { does: "end" }, nowMs: T0 });
  expect(await balanceOf(store, "web:ana", LIMIT)).toBe(100);
});
