import { describe, expect, test } from "vitest";
import { EVERYWHERE } from "../../../src/domain/block.ts";
import { DEFERRED_MAX, type NewJob } from "../../../src/domain/job.ts";
import { verbatim } from "../../../src/domain/text.ts";
import type { StartInput } from "../../../src/ports/deferred-jobs.ts";
import type { Store } from "../../../src/ports/store.ts";
import {
  accept,
  allowance,
  balanceOf,
  claimed,
  finish,
  HOUR_MS,
  idOf,
  LANE,
  MESSAGE,
  type OpenStore,
  STOPPED,
  type StoreGaps,
  sampleJob,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const LIMIT = allowance(100, 10);
const AT = T0 + HOUR_MS;

const deferredJob = (name: string, over: Partial<NewJob> = {}): NewJob =>
  sampleJob(name, { deferral: { allowance: LIMIT, expectedAtMs: AT }, ...over });
const defer = (store: Store, name: string, over: Partial<NewJob> = {}) =>
  store.defer({ updateId: `update ${name}`, job: deferredJob(name, over), tryAtMs: AT, nowMs: T0 });
const startInput = (name: string, over: Partial<StartInput> = {}): StartInput => {
  const { job = deferredJob(name), ...rest } = over;
  return {
    job,
    shares: [{ memberId: job.memberId, gpuMs: job.estimateGpuMs }],
    allowance: LIMIT,
    maxOpenPerMember: 1000,
    nowMs: AT,
    ...rest,
  };
};

/** Orders that wait until their member's allowance suffices. */
export function deferredContract(open: OpenStore, gaps: StoreGaps = {}): void {
  describe("orders that wait for allowance", () => {
    test("one is shown, held for by nobody, in no queue, and there after its store was opened again", async () => {
      const store = await opened(open);
      const result = await defer(store, "a");
      expect(result).toMatchObject({ status: "deferred", job: { state: "deferred", jobId: idOf("a") } });
      const job = await store.job(idOf("a"));
      expect(job).toEqual(result.status === "deferred" ? result.job : undefined);
      expect(await store.due(T0, 10, { platform: "web" })).toEqual([
        { jobId: idOf("a"), kind: "job", revision: 1, failures: 0 },
      ]);
      expect(await store.openJobs({ memberId: "web:ana" }, 10)).toEqual([job]);
      expect(await store.account("web:ana", LIMIT, T0)).toMatchObject({ bucket: { balanceGpuMs: 100 }, heldGpuMs: 0 });
      expect([await store.counts(), await store.loads()]).toEqual([{ queued: 0, running: 0 }, new Map()]);
      expect(await store.claim(LANE, T0, 1000)).toBeUndefined();
      expect(await store.moveLanes(["another"], "another")).toBe(0);
      expect(await store.recover()).toBe(0);
      if (gaps.reopen) return;
      const first = await open({ place: "deferred" });
      await defer(first, "kept");
      await first.close();
      const again = await opened(open, { place: "deferred" });
      expect((await again.dueDeferred(AT, 10)).map(({ jobId }) => jobId)).toEqual([idOf("kept")]);
    });

    test("the same update is one order, and a member has no more than some", async () => {
      const store = await opened(open);
      const twice = await Promise.all([defer(store, "a"), defer(store, "a")]);
      expect(twice.map(({ status }) => status).toSorted()).toEqual(["deferred", "known"]);
      const results = await Promise.all(["b", "c", "d", "e"].map((name) => defer(store, name)));
      expect(results.filter(({ status }) => status === "deferred")).toHaveLength(DEFERRED_MAX - 1);
      const refused = results.find(({ status }) => status === "refused");
      expect(refused).toEqual({ status: "refused", why: { code: "deferred_full", open: DEFERRED_MAX } });
      await store.cancel(idOf("a"), STOPPED, T0);
      // Its answer stays, and there is room for another.
      const again = ["b", "c", "d", "e"].at(results.indexOf(refused!)) ?? "";
      expect((await defer(store, again)).status).toBe("refused");
      expect((await defer(store, "f")).status).toBe("deferred");
      expect((await defer(store, "g", { memberId: "web:ben" })).status).toBe("deferred");
      // They count in no queue.
      expect((await accept(store, "h", { maxOpenPerMember: 1 })).status).toBe("accepted");
    });

    test("one offer pressed on two devices is one order, whichever is heard first", async () => {
      const store = await opened(open);
      const later = { updateId: "phone", job: deferredJob("a"), tryAtMs: AT, nowMs: T0 };
      const waits = await Promise.all([store.defer(later), store.defer({ ...later, updateId: "laptop" })]);
      expect(waits.map(({ status }) => status).toSorted()).toEqual(["deferred", "known"]);
      const job = { jobId: idOf("b") };
      const made = await Promise.all(["phone b", "laptop b"].map((name) => accept(store, name, { job })));
      expect(made.map(({ status }) => status).toSorted()).toEqual(["accepted", "known"]);
      expect(await store.openJobs({}, 10)).toHaveLength(2);
      expect(await store.account("web:ana", LIMIT, T0)).toMatchObject({ heldGpuMs: 10 });
    });

    test("it starts when it is time, once, at today's price, and ends like any other", async () => {
      const store = await opened(open);
      await defer(store, "a");
      expect(await store.dueDeferred(AT - 1, 10)).toEqual([]);
      expect((await store.dueDeferred(AT, 10)).map(({ jobId }) => jobId)).toEqual([idOf("a")]);
      const dearer = startInput("a", { job: deferredJob("a", { estimateGpuMs: 30, lane: "second" }) });
      const results = await Promise.all([store.startDeferred(dearer), store.startDeferred(dearer)]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(["over", "started"]);
      expect(await store.account("web:ana", LIMIT, AT)).toMatchObject({ bucket: { balanceGpuMs: 70 }, heldGpuMs: 30 });
      expect(await store.dueDeferred(AT, 10)).toEqual([]);
      const [row] = await store.due(AT, 10, { platform: "web" });
      expect(row).toMatchObject({ jobId: idOf("a"), revision: 2 });
      const job = await store.claim("second", AT, 1000);
      expect(job).toMatchObject({ jobId: idOf("a"), state: "running", estimateGpuMs: 30 });
      expect(job?.deferral).toBeUndefined();
      if (job) await finish(store, job, { usedGpuMs: 12, nowMs: AT });
      expect(await balanceOf(store, "web:ana", LIMIT, AT)).toBe(88);
    });

    test("what waited goes on in a new message, and a late word of the old one does not bring that back", async () => {
      const store = await opened(open);
      const [a, b] = [
        { jobId: idOf("a"), kind: "job" },
        { jobId: idOf("b"), kind: "job" },
      ] as const;
      for (const name of ["a", "b"]) await defer(store, name);
      await store.posted(a, 1, MESSAGE);
      expect(await store.startDeferred(startInput("a"))).toEqual({ status: "started" });
      // Never shown: nothing to leave.
      expect(await store.giveUpDeferred(b.jobId, STOPPED, AT)).toBe(true);
      const anew = { ...a, placed: 1 } as const;
      const waited = { jobId: a.jobId, kind: "waited" } as const;
      const owed = async () => (await store.due(AT, 10, { platform: "web" })).filter(({ jobId }) => jobId === a.jobId);
      const both = [
        { ...anew, revision: 1, failures: 0 },
        { ...waited, revision: 1, failures: 0, message: MESSAGE },
      ];
      expect(await owed()).toEqual(both);
      expect((await store.due(AT, 10, { platform: "web" })).filter(({ jobId }) => jobId === b.jobId)).toEqual([
        { ...b, revision: expect.any(Number), failures: 0 },
      ]);
      await store.posted(a, 7, MESSAGE);
      expect(await owed()).toEqual(both);
      // The old one had gone, and stood anew: it is brought to what holds now.
      const second = { ...MESSAGE, messageId: "m2" };
      await store.posted(a, 7, second);
      expect((await owed())[0]).toEqual({ ...anew, revision: 1, failures: 0, message: second });
      const third = { ...MESSAGE, messageId: "m3" };
      await store.posted(anew, 1, third);
      await store.posted(waited, 1, MESSAGE);
      expect(await owed()).toEqual([]);
      expect((await store.job(a.jobId))?.message).toEqual(third);
      expect((await store.jobByMessage(MESSAGE.place, MESSAGE.messageId))?.job.jobId).toBe(a.jobId);
      await finish(store, await claimed(store), { nowMs: AT });
      expect(await owed()).toEqual([{ ...anew, revision: 2, failures: 0, message: third }]);
    });

    test("while there is too little it goes on waiting, and takes nothing", async () => {
      const store = await opened(open);
      await accept(store, "dear", { allowance: LIMIT, job: { estimateGpuMs: 95 } });
      await defer(store, "a");
      const short = await store.startDeferred(startInput("a", { nowMs: T0 }));
      expect(short).toMatchObject({ status: "short", why: { code: "quota_used", neededGpuMs: 10 } });
      expect(await store.startDeferred(startInput("a", { nowMs: T0, maxOpenPerMember: 1 }))).toEqual({
        status: "short",
        why: { code: "queue_full", open: 1 },
      });
      expect(await balanceOf(store, "web:ana", LIMIT, T0)).toBe(5);
      const job = await store.job(idOf("a"));
      if (!job) throw new Error("it is gone");
      await store.deferUntil(job, T0 + 7);
      expect(await store.dueDeferred(T0 + 7, 10)).toEqual([job]);
      expect((await store.due(T0, 10, { platform: "web" })).find(({ jobId }) => jobId === idOf("a"))?.revision).toBe(1);
      const later = { ...job, deferral: { allowance: LIMIT, expectedAtMs: AT + 1 } };
      await store.deferUntil(later, AT + 1);
      expect(await store.job(idOf("a"))).toEqual(later);
      expect((await store.due(T0, 10, { platform: "web" })).find(({ jobId }) => jobId === idOf("a"))?.revision).toBe(2);
    });

    test("it is taken back, given up, or ends with its member's block; and then never starts", async () => {
      const store = await opened(open);
      for (const name of ["a", "b", "c"]) await defer(store, name);
      expect(await store.cancel(idOf("a"), STOPPED, T0)).toBe(true);
      const gone = { code: "not_found", text: verbatim("The style is gone.") } as const;
      expect(await store.giveUpDeferred(idOf("b"), gone, T0)).toBe(true);
      expect(await store.giveUpDeferred(idOf("b"), gone, T0)).toBe(false);
      const member = { id: "web:ana", name: "ana" };
      const by = { id: "web:root", name: "root" };
      const done = await store.block({ scope: EVERYWHERE, member, by, sinceMs: T0 }, STOPPED);
      expect(done.cancelled).toBe(1);
      const jobs = await Promise.all(["a", "b", "c"].map((name) => store.job(idOf(name))));
      expect(jobs.map((job) => job?.state)).toEqual(["cancelled", "failed", "cancelled"]);
      expect(jobs[1]?.problem).toEqual(gone);
      for (const name of ["a", "b", "c"])
        expect(await store.startDeferred(startInput(name))).toEqual({ status: "over" });
      expect(await store.openJobs({}, 10)).toEqual([]);
      expect(await balanceOf(store, "web:ana", LIMIT, T0)).toBe(100);
    });

    test("it moves with its chat, and is looked at soon where the clock had been set ahead", async () => {
      const store = await opened(open);
      await defer(store, "a");
      await store.posted({ jobId: idOf("a"), kind: "job" }, 1, {
        place: { platform: "web", chatId: "room", group: true },
        messageId: "m",
      });
      await store.moveChat({ platform: "web", fromChatId: "room", toChatId: "hall", values: [] });
      expect((await store.job(idOf("a")))?.target.place.chatId).toBe("hall");
      expect(await store.due(T0, 10, { platform: "web" })).toHaveLength(1);
      expect(await store.clockSetBack(T0 - 48 * HOUR_MS)).toBe(1);
      expect(await store.dueDeferred(T0 - 48 * HOUR_MS, 10)).toHaveLength(1);
    });

    test("the next one of a queue is claimed past it, and takes its turn after those that came before it", async () => {
      const store = await opened(open);
      await defer(store, "a");
      await accept(store, "b");
      await accept(store, "c");
      expect((await claimed(store)).jobId).toBe(idOf("b"));
      expect((await store.startDeferred(startInput("a"))).status).toBe("started");
      expect(await store.ahead(idOf("a"))).toMatchObject({ jobs: 1 });
      expect((await claimed(store)).jobId).toBe(idOf("c"));
      expect((await claimed(store)).jobId).toBe(idOf("a"));
    });
  });
}
