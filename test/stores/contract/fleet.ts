import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/domain/job.ts";
import { TELL_AGAIN_MS, type ToldWork } from "../../../src/ports/fleet.ts";
import {
  accept,
  claimed,
  finish,
  idOf,
  LANE,
  type OpenedStore,
  type OpenStore,
  picturesFor,
  STOPPED,
  T0,
} from "./inputs.ts";
import { opened } from "./opened.ts";

const told = ({ jobId, attempt }: Job, over: Partial<ToldWork> = {}): ToldWork => ({
  jobId,
  attempt,
  atMs: T0,
  progress: { fraction: 0.25, backend: LANE, route: [] },
  chargePerMs: 0,
  ...over,
});
const soFar = (job: Job, usedGpuMs = 100, pictures = picturesFor(job)) => ({
  attempt: job.attempt,
  outcome: { backend: LANE, route: [], usedGpuMs, tookMs: 200 },
  pictures,
});
const jpeg = (text: string) => new Uint8Array(Buffer.from(text));

/** What several workers have in common. */
export function fleetContract(open: OpenStore): void {
  describe("what others see of a running job", () => workContract(open));
  describe("slots at a device", () => slotContract(open));
  describe("workers and circuits", () => circuitContract(open));
}

function workContract(open: OpenStore): void {
  const running = async () => {
    const store = await opened(open);
    await accept(store, "a");
    return { store, job: await claimed(store) };
  };

  test("is the newest of what was told, until the job ends", async () => {
    const { store, job } = await running();
    expect(await store.seenWork()).toEqual([]);
    expect(await store.tellWork(told(job))).toBe(true);
    const progress = { fraction: 0.5, backend: LANE, route: [], step: { at: 2, of: 4 }, waiting: { position: 1 } };
    expect(await store.tellWork(told(job, { progress, atMs: T0 + 5, chargePerMs: 0.5 }))).toBe(true);
    const { jobId } = job;
    expect(await store.seenWork()).toEqual([
      { jobId, attempt: 1, atMs: T0 + 5, chatKey: "web:room", progress, chargePerMs: 0.5, previewVersion: 0 },
    ]);
    await store.tellWork(told(job, { preview: { version: 1, jpeg: jpeg("last") } }));
    await finish(store, job, { nowMs: T0 });
    expect([await store.seenWork(), await store.tellWork(told(job))]).toEqual([[], false]);
    // A message that shows it may still be on its way.
    await store.sweepWork(T0 + 59_000);
    expect((await store.preview(jobId))?.version).toBe(1);
    await store.sweepWork(T0 + 60_000);
    expect(await store.preview(jobId)).toBeUndefined();
  });

  test("keeps the newest unfinished picture while only its progress is told", async () => {
    const { store, job } = await running();
    expect(await store.preview(job.jobId)).toBeUndefined();
    await store.tellWork(told(job, { preview: { version: 3, jpeg: jpeg("\0ÿpicture") } }));
    await store.tellWork(told(job, { atMs: T0 + 9 }));
    expect((await store.seenWork())[0]?.previewVersion).toBe(3);
    const preview = await store.preview(job.jobId);
    expect([preview?.version, Buffer.from(preview?.jpeg ?? []).toString()]).toEqual([3, "\0ÿpicture"]);
  });

  test("is the word of the attempt that has the job, however late another one speaks", async () => {
    const { store, job } = await running();
    await store.tellWork(told(job, { soFar: soFar(job) }));
    await store.giveBack(job.jobId, 1);
    expect([await store.seenWork(), await store.workSoFar(job.jobId, T0)]).toEqual([[], undefined]);
    const second = await claimed(store);
    expect(await store.seenWork()).toEqual([]);
    expect(await store.tellWork(told(job))).toBe(false);
    await store.tellWork(told(second));
    expect(await store.tellWork(told(job))).toBe(false);
    expect((await store.seenWork()).map(({ attempt }) => attempt)).toEqual([2]);
  });

  test("says what a cancel gives and charges, with what was used since it was told, but not of a dead worker's", async () => {
    const { store, job } = await running();
    expect(await store.workSoFar(job.jobId, T0)).toBeUndefined();
    await store.tellWork(told(job));
    expect(await store.workSoFar(job.jobId, T0)).toBeUndefined();
    await store.tellWork(told(job, { soFar: soFar(job), chargePerMs: 0.5 }));
    const at = async (nowMs: number) => (await store.workSoFar(job.jobId, nowMs))?.outcome.usedGpuMs;
    expect([await at(T0 - 50), await at(T0), await at(T0 + 60), await at(T0 + 3_600_000)]).toEqual([
      100,
      100,
      130,
      100 + TELL_AGAIN_MS / 2,
    ]);
    const work = await store.workSoFar(job.jobId, T0);
    expect(work).toEqual(soFar(job));
    if (!work) throw new Error("nothing was told");
    expect(await store.cancel(job.jobId, STOPPED, T0, { ...work, byName: "ana" })).toBe(true);
    expect((await store.job(job.jobId))?.outcome).toMatchObject({ usedGpuMs: 100, cancelled: { byName: "ana" } });
    expect(await store.picturesOf(job.jobId)).toHaveLength(1);
    expect(await store.workSoFar(job.jobId, T0)).toBeUndefined();
  });
}

const DEVICE = "gpu http://10.0.0.9";
const lanes = [{ lane: LANE, device: DEVICE, slots: 1 }];
const slot = (slotId: string, workerId = "one", slots = 1) => ({ slotId, device: DEVICE, slots, workerId });
const present = (store: OpenedStore, workerId: string, untilMs = T0 + 1_000, nowMs = T0) =>
  store.present({ workerId, lanes }, nowMs, untilMs);

function slotContract(open: OpenStore): void {
  test("are as many as there are, first come, first served; asked again it is the same one", async () => {
    const store = await opened(open);
    await present(store, "one");
    await present(store, "two");
    expect(await store.takeSlot(slot("a", "one", 2), T0)).toBe(true);
    expect(await store.takeSlot(slot("b", "two", 2), T0)).toBe(true);
    expect(await store.takeSlot(slot("c", "one", 2), T0)).toBe(false);
    expect(await store.takeSlot(slot("d", "two", 2), T0)).toBe(false);
    expect(await store.takeSlot({ ...slot("e"), device: "another" }, T0)).toBe(true);
    expect(await store.takeSlot(slot("a", "one", 2), T0)).toBe(true);
    await store.giveSlot("b");
    await store.giveSlot("b");
    expect(await store.takeSlot(slot("d", "two", 2), T0)).toBe(false);
    expect(await store.takeSlot(slot("c", "one", 2), T0)).toBe(true);
  });

  test("of a worker that died come back when its time is over, and it learns of it", async () => {
    const store = await opened(open);
    await present(store, "one", T0 + 1_000);
    await present(store, "two", T0 + 9_000);
    await store.takeSlot(slot("a"), T0);
    expect(await store.takeSlot(slot("b", "two"), T0 + 999)).toBe(false);
    expect([...(await present(store, "one", T0 + 2_000))]).toEqual(["a"]);
    expect(await store.takeSlot(slot("b", "two"), T0 + 1_999)).toBe(false);
    expect(await store.takeSlot(slot("b", "two"), T0 + 2_000)).toBe(true);
    expect([...(await present(store, "one", T0 + 9_000))]).toEqual([]);
    expect(await store.takeSlot(slot("a"), T0 + 2_000)).toBe(false);
    await store.leave("two");
    expect(await store.takeSlot(slot("a"), T0 + 2_000)).toBe(true);
  });

  test("one that was believed dead, and whose slots nobody took, keeps them", async () => {
    const store = await opened(open);
    await present(store, "one");
    await store.takeSlot(slot("a"), T0);
    await present(store, "two", T0 + 99_000);
    expect([...(await present(store, "one", T0 + 50_000, T0 + 40_000))]).toEqual(["a"]);
    expect(await store.takeSlot(slot("b", "two"), T0 + 41_000)).toBe(false);
  });

  test("go with the job that is made in them, or the job is left for whoever has one", async () => {
    const store = await opened(open);
    await present(store, "one", T0 + 50_000);
    await present(store, "two", T0 + 50_000);
    expect(await store.claimInSlot(LANE, slot("a"), T0, 9_000)).toBeUndefined();
    await accept(store, "a");
    await accept(store, "b");
    expect(await store.claimInSlot("other", slot("a"), T0, 9_000)).toBeUndefined();
    expect(await store.claimInSlot(LANE, slot("a"), T0, 9_000)).toMatchObject({ jobId: idOf("a"), attempt: 1 });
    expect(await store.claimInSlot(LANE, slot("b", "two"), T0, 9_000)).toBe("full");
    expect((await store.job(idOf("b")))?.state).toBe("queued");
    // Who waits in line is before whoever asks for a job.
    expect(await store.takeSlot(slot("c", "two"), T0)).toBe(false);
    await store.giveSlot("a");
    expect(await store.claimInSlot(LANE, slot("d"), T0, 9_000)).toBe("full");
    await store.giveSlot("c");
    expect(await store.claimInSlot(LANE, slot("d"), T0, 9_000)).toMatchObject({ jobId: idOf("b") });
    // One that hangs: its job may go on elsewhere, but its slot is taken.
    expect(await store.claimInSlot(LANE, slot("e", "two"), T0 + 9_000, 9_000)).toBe("full");
    await store.giveSlot("d");
    expect(await store.claimInSlot(LANE, slot("e", "two"), T0 + 9_000, 9_000)).toMatchObject({ attempt: 2 });
  });

  test("of twenty who claim a job at once as many get one as there are slots", async () => {
    const store = await opened(open);
    await present(store, "one");
    const names = Array.from({ length: 20 }, (_, i) => `j${i}`);
    for (const name of names) await accept(store, name);
    const claims = await Promise.all(names.map((name) => store.claimInSlot(LANE, slot(name, "one", 3), T0, 9_000)));
    expect(claims.filter((claim) => claim === "full")).toHaveLength(17);
    expect(await store.counts()).toEqual({ queued: 17, running: 3 });
  });

  test("of twenty who ask at once as many get one as there are", async () => {
    const store = await opened(open);
    await present(store, "one");
    const asked = await Promise.all(Array.from({ length: 20 }, (_, i) => store.takeSlot(slot(`s${i}`, "one", 3), T0)));
    expect(asked.filter(Boolean)).toHaveLength(3);
  });
}

function circuitContract(open: OpenStore): void {
  test("who is there, with what it makes pictures, until it leaves or its time is over", async () => {
    const store = await opened(open);
    await present(store, "one", T0 + 1_000);
    await present(store, "two", T0 + 2_000);
    const there = async (nowMs: number) => (await store.fleet(nowMs)).workers;
    expect(await there(T0 + 999)).toEqual([
      { workerId: "one", lanes },
      { workerId: "two", lanes },
    ]);
    expect(await there(T0 + 1_000)).toEqual([{ workerId: "two", lanes }]);
    await store.present({ workerId: "two", lanes: [] }, T0, T0 + 2_000);
    expect(await there(T0 + 1_000)).toEqual([{ workerId: "two", lanes: [] }]);
    await store.leave("two");
    expect(await there(T0)).toHaveLength(1);
  });

  test("a circuit is written where it is as it was read, and by one of two who read the same", async () => {
    const store = await opened(open);
    const circuits = async () => [...(await store.fleet(T0)).circuits];
    expect(await store.changeCircuit(DEVICE, undefined, undefined, T0)).toEqual({ changed: true, now: undefined });
    expect(await store.changeCircuit(DEVICE, undefined, "a", T0)).toEqual({ changed: true, now: "a" });
    expect(await store.changeCircuit(DEVICE, undefined, "b", T0)).toEqual({ changed: false, now: "a" });
    const both = await Promise.all(["b", "c"].map((next) => store.changeCircuit(DEVICE, "a", next, T0)));
    expect(both.filter(({ changed }) => changed)).toHaveLength(1);
    const [[, now] = []] = await circuits();
    expect(both.find(({ changed }) => changed)?.now).toBe(now);
    expect(await store.changeCircuit(DEVICE, "a", undefined, T0)).toEqual({ changed: false, now });
    expect(await store.changeCircuit(DEVICE, now, undefined, T0)).toEqual({ changed: true, now: undefined });
    expect(await store.changeCircuit(DEVICE, now, "d", T0)).toEqual({ changed: false, now: undefined });
    expect(await circuits()).toEqual([]);
  });
}
