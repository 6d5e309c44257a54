import { describe, expect, test } from "vitest";
import { english } from "../../words.ts";
import {
  accept,
  balanceOf,
  claimed,
  finish,
  idOf,
  LANE,
  MESSAGE,
  type OpenStore,
  PLENTY,
  picturesFor,
  STOPPED,
  sampleOrder,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

/** Jobs run once, in fair order, and end once. */
export function queueContract(open: OpenStore): void {
  describe("queue", () => {
    test("nothing to claim in an empty or a foreign lane", async () => {
      const store = await opened(open);
      await accept(store, "a");
      expect(await store.claim("other", T0, 1_000)).toBeUndefined();
      await claimed(store);
      expect(await store.claim(LANE, T0, 1_000)).toBeUndefined();
    });

    test("tells those who watch how much lies there, by lane and platform, and each sending that is owed by a name of its own", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await accept(store, "b");
      const first = await claimed(store);
      const before = await store.gauges(10);
      expect(before.jobs.toSorted((one, other) => one.state.localeCompare(other.state))).toEqual([
        { lane: LANE, state: "queued", jobs: 1 },
        { lane: LANE, state: "running", jobs: 1 },
      ]);
      expect(before.owed).toEqual([{ platform: "web", messages: 2 }]);
      expect(before.oldest.map(({ platform }) => platform)).toEqual(["web", "web"]);
      expect(await store.gauges(1)).toMatchObject({ oldest: before.oldest.slice(0, 1) });
      await store.posted({ jobId: first.jobId, kind: "job" }, 1, MESSAGE);
      expect((await store.gauges(10)).oldest).toEqual(before.oldest.slice(1));
      await finish(store, first);
      const after = await store.gauges(10);
      expect(after.jobs).toEqual([{ lane: LANE, state: "queued", jobs: 1 }]);
      expect(new Set([...before.oldest, ...after.oldest].map(({ sending }) => sending)).size).toBe(3);
    });

    test("a job runs from queued to done with all it carries", async () => {
      const store = await opened(open);
      await accept(store, "a");
      const job = await claimed(store, T0 + 5);
      expect(job).toMatchObject({ state: "running", attempt: 1, startedAtMs: T0 + 5 });
      await store.attach(job.jobId, 1, { backend: "comfyui", key: "prompt 1" });
      expect(await store.job(job.jobId)).toMatchObject({ attached: { backend: "comfyui", key: "prompt 1" } });
      expect(await finish(store, job, { usedGpuMs: 12, nowMs: T0 + 9 })).toBe(true);
      const outcome = { backend: LANE, route: [], usedGpuMs: 12, tookMs: 900 };
      expect(await store.job(job.jobId)).toMatchObject({ state: "done", endedAtMs: T0 + 9, outcome });
      expect(await finish(store, job)).toBe(false);
    });

    test("an ended lease gives the job to another attempt; the first one is fenced off", async () => {
      const store = await opened(open);
      await accept(store, "a");
      const first = await claimed(store, T0, 1_000);
      expect(await store.claim(LANE, T0 + 999, 1_000)).toBeUndefined();
      expect(await store.heartbeat(first.jobId, 1, T0 + 900, 1_000)).toBe(true);
      expect(await store.claim(LANE, T0 + 1_500, 1_000)).toBeUndefined();
      const second = await claimed(store, T0 + 1_900, 1_000);
      expect(second).toMatchObject({ jobId: first.jobId, attempt: 2 });
      await store.attach(first.jobId, 1, { backend: "late", key: "late" });
      expect((await store.job(first.jobId))?.attached).toBeUndefined();
      expect([
        await store.heartbeat(first.jobId, 1, T0, 1_000),
        await finish(store, first),
        await store.fail(first.jobId, 1, STOPPED, T0),
        await store.giveBack(first.jobId, 1),
      ]).toEqual([false, false, false, false]);
      expect(await store.picturesOf(first.jobId)).toEqual([]);
      expect(await finish(store, second)).toBe(true);
    });

    test("given back or recovered, a job keeps its place and its attempts count on", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await accept(store, "b", { job: { memberId: "web:ben" } });
      expect(await store.giveBack((await claimed(store)).jobId, 1)).toBe(true);
      expect(await claimed(store)).toMatchObject({ jobId: idOf("a"), attempt: 2 });
      expect(await store.recover()).toBe(1);
      expect(await store.recover()).toBe(0);
      expect(await claimed(store)).toMatchObject({ jobId: idOf("a"), attempt: 3 });
    });

    test("cancelled while it waits or runs, once; its result is dropped and its cost comes back", async () => {
      const store = await opened(open);
      await accept(store, "a");
      await accept(store, "b");
      const running = await claimed(store);
      expect(await store.cancel(idOf("a"), STOPPED, T0 + 1)).toBe(true);
      expect(await store.cancel(idOf("b"), STOPPED, T0 + 2)).toBe(true);
      expect(await store.cancel(idOf("b"), STOPPED, T0 + 3)).toBe(false);
      expect(await store.cancel(idOf("nobody"), STOPPED, T0)).toBe(false);
      expect(await store.heartbeat(running.jobId, 1, T0, 1_000)).toBe(false);
      expect(await finish(store, running)).toBe(false);
      expect(await store.claim(LANE, T0 + 100_000, 1_000)).toBeUndefined();
      expect(english(await store.job(idOf("b")))).toMatchObject({
        state: "cancelled",
        endedAtMs: T0 + 2,
        problem: english(STOPPED),
      });
      expect(await store.account("web:ana", PLENTY, T0)).toMatchObject({
        bucket: { balanceGpuMs: PLENTY.capacityGpuMs },
        heldGpuMs: 0,
      });
    });

    test("cancelled in the middle: what was used is settled, what is finished is given, and only the newest attempt counts", async () => {
      const store = await opened(open);
      const BOTH = { count: 2 };
      await accept(store, "a", { job: { estimateGpuMs: 100, order: sampleOrder(BOTH) } });
      await accept(store, "b", { job: { estimateGpuMs: 100 } });
      await accept(store, "c", { job: { estimateGpuMs: 100 } });
      const [a, b, c] = [await claimed(store), await claimed(store), await claimed(store)];
      const work = (attempt: number, usedGpuMs: number) => ({
        byName: "ana",
        attempt,
        outcome: { backend: LANE, route: [], usedGpuMs, tookMs: 900 },
        pictures: [],
      });
      const finished = picturesFor(a).slice(0, 1);
      expect(await store.cancel(a.jobId, STOPPED, T0 + 1, { ...work(1, 70), pictures: finished })).toBe(true);
      expect(await store.cancel(b.jobId, STOPPED, T0 + 1, work(1, 30))).toBe(true);
      expect(await store.cancel(c.jobId, STOPPED, T0 + 1, work(0, 30))).toBe(true);
      for (const job of [a, b, c]) {
        expect(await finish(store, job)).toBe(false);
        expect(await store.cancel(job.jobId, STOPPED, T0 + 2, work(1, 5))).toBe(false);
      }
      expect(await store.job(a.jobId)).toMatchObject({
        state: "done",
        outcome: { usedGpuMs: 70, cancelled: { byName: "ana", returnedGpuMs: 30 } },
      });
      expect((await store.picturesOf(a.jobId)).map(({ index }) => index)).toEqual([0]);
      expect(english(await store.job(b.jobId))).toMatchObject({
        state: "cancelled",
        problem: english(STOPPED),
        outcome: { usedGpuMs: 30, cancelled: { returnedGpuMs: 70 } },
      });
      expect(await store.job(c.jobId)).not.toHaveProperty("outcome");
      expect(await store.account("web:ana", PLENTY, T0)).toMatchObject({
        bucket: { balanceGpuMs: PLENTY.capacityGpuMs - 100 },
        heldGpuMs: 0,
      });
    });

    test("a cancel and a finish in one moment have one outcome", async () => {
      const store = await opened(open);
      for (let round = 0; round < 10; round++) {
        const before = await balanceOf(store, "web:ana", PLENTY);
        await accept(store, `r${round}`);
        const job = await claimed(store);
        const work = {
          byName: "ana",
          attempt: 1,
          outcome: { backend: LANE, route: [], usedGpuMs: 3, tookMs: 1 },
          pictures: [],
        };
        const cancel = () => store.cancel(job.jobId, STOPPED, T0, work);
        const end = () => finish(store, job, { usedGpuMs: 7 });
        const outcomes = await Promise.all(round % 2 === 0 ? [cancel(), end()] : [end(), cancel()]);
        const [cancelled, finished] = round % 2 === 0 ? outcomes : outcomes.toReversed();
        expect(cancelled).toBe(!finished);
        expect(await balanceOf(store, "web:ana", PLENTY)).toBe(before - (finished ? 7 : 3));
      }
    });

    test("what is ahead: waiting jobs, and what running ones still need", async () => {
      let now = T0;
      const store = await opened(open, { nowMs: () => now });
      for (const [name, estimateMs] of [
        ["a", 1_000],
        ["b", 500],
        ["c", 100],
      ] as const)
        await accept(store, name, { job: { estimateMs } });
      await accept(store, "x", { job: { lane: "other" } });
      expect(await store.ahead(idOf("c"))).toEqual({ jobs: 2, estimateMs: 1_500 });
      await claimed(store, T0);
      now = T0 + 300;
      expect(await store.ahead(idOf("c"))).toEqual({ jobs: 1, estimateMs: 1_200 });
      now = T0 + 9_000;
      expect(await store.ahead(idOf("c"))).toEqual({ jobs: 1, estimateMs: 500 });
      expect(await store.ahead(idOf("a"))).toBeUndefined();
      expect(await store.ahead(idOf("nobody"))).toBeUndefined();
    });

    test("open jobs: running first, then in the order they will start, by chat, member and lane", async () => {
      const store = await opened(open);
      const elsewhere = { place: { platform: "web", chatId: "hall", group: true }, memberId: "web:ben" };
      await accept(store, "a1");
      await accept(store, "a2");
      await accept(store, "a3", { job: { lane: "other" } });
      await accept(store, "b1", { job: { memberId: "web:ben", target: elsewhere } });
      await accept(store, "gone");
      await store.cancel(idOf("gone"), STOPPED, T0);
      await claimed(store);
      const names = async (filter: Parameters<typeof store.openJobs>[0], limit = 10) =>
        (await store.openJobs(filter, limit)).map((job) => job.jobId.slice(0, 2));
      expect(await names({ lane: LANE })).toEqual(["a1", "b1", "a2"]);
      expect(await names({ lane: LANE }, 2)).toEqual(["a1", "b1"]);
      expect(await names({ memberId: "web:ana" })).toEqual(["a1", "a3", "a2"]);
      expect(await names({ chatKey: "web:hall" })).toEqual(["b1"]);
      expect(await names({ chatKey: "web:hall", memberId: "web:ana" })).toEqual([]);
      const next = async (limit: number) => (await store.nextJobs(LANE, limit)).map((job) => job.jobId.slice(0, 2));
      expect(await next(10)).toEqual(["b1", "a2"]);
      expect(await next(1)).toEqual(["b1"]);
      expect(await store.counts()).toEqual({ queued: 3, running: 1 });
      const still = await store.openJobs({}, 10);
      const sums = new Map<string, number>();
      for (const { lane, estimateMs } of still) sums.set(lane, (sums.get(lane) ?? 0) + estimateMs);
      expect(sums.size).toBeGreaterThan(0);
      expect(await store.loads()).toEqual(sums);
    });

    test("jobs of lanes that are gone move on, in their order", async () => {
      const store = await opened(open);
      await accept(store, "a", { job: { lane: "old" } });
      await accept(store, "b", { job: { lane: "old" } });
      await accept(store, "c", { job: { memberId: "web:ben" } });
      expect(await store.moveLanes([LANE, "other"], LANE)).toBe(2);
      expect(await store.moveLanes([LANE, "other"], LANE)).toBe(0);
      const order = [await claimed(store), await claimed(store), await claimed(store)];
      expect(order.map((job) => job.jobId)).toEqual(["a", "c", "b"].map(idOf));
      expect(order.map((job) => job.lane)).toEqual([LANE, LANE, LANE]);
    });

    test("the speed of a backend follows its runs", async () => {
      const store = await opened(open);
      expect(await store.speed(LANE)).toBeUndefined();
      for (const [name, usedMs] of [
        ["a", 1_000],
        ["b", 2_000],
      ] as const) {
        await accept(store, name);
        await finish(store, await claimed(store), {
          measured: { backend: LANE, megapixelSteps: 10, pictures: 1, usedMs },
        });
      }
      expect(await store.speed(LANE)).toEqual({ perMegapixelStepMs: expect.closeTo(120, 6), runs: 2 });
      const job = await accept(store, "c").then(() => claimed(store));
      await store.cancel(job.jobId, STOPPED, T0);
      await finish(store, job, { measured: { backend: LANE, megapixelSteps: 10, pictures: 1, usedMs: 9 } });
      expect((await store.speed(LANE))?.runs).toBe(2);
    });
  });

  describe("fair order", () => {
    const runAll = async (store: Awaited<ReturnType<OpenStore>>) => {
      const order: string[] = [];
      for (let job = await store.claim(LANE, T0, 1_000); job; job = await store.claim(LANE, T0, 1_000)) {
        order.push(job.memberId);
        await finish(store, job);
      }
      return order;
    };

    test("a flood of 200 by one member delays five others by at most their number of slots", async () => {
      const store = await opened(open);
      for (let i = 0; i < 200; i++) await accept(store, `flood${i}`, { job: { memberId: "web:flood" } });
      const light = ["a", "b", "c", "d", "e"].map((name) => `web:${name}`);
      for (let i = 0; i < 5; i++)
        for (const memberId of light) await accept(store, `${memberId}${i}`, { job: { memberId } });
      const order = await runAll(store);
      expect(order).toHaveLength(225);
      // Each round is one job of each of the six members.
      const last = light.map((memberId) => order.lastIndexOf(memberId) + 1);
      expect(Math.max(...last)).toBeLessThanOrEqual(5 * 6 + 1);
      for (const memberId of light) expect(order.indexOf(memberId) + 1).toBeLessThanOrEqual(6 + 1);
    });

    test("whoever cancels 50 jobs does not wait 50 fair tags for the next one", async () => {
      const store = await opened(open);
      for (let i = 0; i < 50; i++) await accept(store, `x${i}`, { job: { memberId: "web:x" } });
      for (let i = 0; i < 50; i++) await store.cancel(idOf(`x${i}`), STOPPED, T0);
      for (let i = 0; i < 5; i++) await accept(store, `y${i}`, { job: { memberId: "web:y" } });
      await accept(store, "x again", { job: { memberId: "web:x" } });
      expect((await runAll(store)).indexOf("web:x")).toBeLessThanOrEqual(1);
    });

    test("past fair tags are nobody's debt: a newcomer does not overtake a member who has drawn before", async () => {
      const store = await opened(open);
      for (let i = 0; i < 20; i++) {
        await accept(store, `x${i}`, { job: { memberId: "web:x" } });
        await finish(store, await claimed(store));
      }
      for (let i = 0; i < 5; i++) await accept(store, `y${i}`, { job: { memberId: "web:y" } });
      await accept(store, "x again", { job: { memberId: "web:x" } });
      expect((await runAll(store)).indexOf("web:x")).toBe(1);
    });

    test("lanes are independent: many fair tags in one cost nothing in another", async () => {
      const store = await opened(open);
      for (let i = 0; i < 20; i++) await accept(store, `x${i}`, { job: { memberId: "web:x", lane: "other" } });
      for (let i = 0; i < 5; i++) await accept(store, `y${i}`, { job: { memberId: "web:y" } });
      await accept(store, "x here", { job: { memberId: "web:x" } });
      expect((await runAll(store)).indexOf("web:x")).toBeLessThanOrEqual(1);
    });
  });

  test("what is posted is remembered with the job", async () => {
    const store = await opened(open);
    await accept(store, "a");
    await store.posted({ jobId: idOf("a"), kind: "job" }, 1, MESSAGE);
    expect((await claimed(store)).message).toEqual(MESSAGE);
  });
}
