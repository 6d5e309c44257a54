import { describe, expect, it, onTestFinished } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import { styleSchema } from "../../../src/domain/style.ts";
import { asToldOf } from "../../../src/jobs/fleet/ability.ts";
import { aheadIn } from "../../../src/jobs/fleet/ahead.ts";
import { type Crew, createCrew } from "../../../src/jobs/fleet/crew.ts";
import { createRouter } from "../../../src/jobs/router/router.ts";
import { type Backend, BackendError, type BackendFeatures } from "../../../src/ports/backend.ts";
import { sentence } from "../../../src/ports/backend-sentence.ts";
import { openSqliteStore } from "../../../src/stores/sqlite.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { silentLog } from "../../fakes/module-services.ts";

const AT = ["http://10.0.0.9:8188"];
const OWN = ["http://127.0.0.1:8188"];
const LEASE_MS = 60_000;
const never = new AbortController().signal;

interface ProcessOptions {
  readonly machine?: string;
  readonly makes?: boolean;
  readonly features?: Partial<BackendFeatures>;
  readonly models?: NonNullable<Backend["models"]>;
}

/** Processes over one store, whose words come at once, and a time of their own. */
async function installation() {
  const clock = createTestClock();
  clock.freeze();
  onTestFinished(() => clock.stop());
  const store = await openSqliteStore({ file: ":memory:", exclusive: false, nowMs: clock.nowMs });
  onTestFinished(() => store.close());
  const crews: Crew[] = [];
  const process = async (
    at: readonly string[],
    { machine = "a", makes = true, features, models }: ProcessOptions = {},
  ) => {
    const crew = createCrew({ store, machine, makes, leaseMs: LEASE_MS, clock, log: silentLog });
    const plain = fakeBackend({ facts: { at, concurrency: 1 } });
    const backend = { ...plain, features: { ...plain.features, ...features }, ...(models ? { models } : {}) };
    const router = createRouter({ backends: [backend], circuits: crew.circuits, clock, log: silentLog, makes });
    const lost: string[] = [];
    if (makes) await crew.join([backend], (jobId) => lost.push(jobId));
    crews.push(crew);
    onTestFinished(() => crew.leave());
    return { crew, backend, router, lost };
  };
  /** Everybody hears that something changed. */
  const told = async () => {
    for (const crew of crews) crew.woken();
    clock.advanceMs(10);
    await new Promise(setImmediate);
  };
  /** What comes of it once all have heard. */
  const heard = <T>(look: () => T | Promise<T>) =>
    expect.poll(
      async () => {
        await told();
        return look();
      },
      { interval: 1 },
    );
  return { store, clock, process, told, heard };
}
const broken = new BackendError("fake", "quota", "used up", { retryAfterMs: 5000 });

describe("slots", () => {
  it("of a device that several processes reach are common, and of a loopback address each machine's own", async () => {
    const { process, told, heard } = await installation();
    const [one, two] = [await process(AT), await process(AT, { machine: "b" })];
    const giveBack = await one.crew.slots.at(one.backend, "job one", never);
    let inside = false;
    const second = two.crew.slots.at(two.backend, "job two", never).then(() => {
      inside = true;
    });
    await told();
    expect(inside).toBe(false);
    giveBack();
    await heard(() => inside).toBe(true);
    await second;
    const [three, four] = [await process(OWN), await process(OWN, { machine: "b" })];
    await three.crew.slots.at(three.backend, "job three", never);
    await four.crew.slots.at(four.backend, "job four", never);
    const neighbour = await process(OWN, { machine: "b" });
    const waiting = new AbortController();
    const third = neighbour.crew.slots.at(neighbour.backend, "job five", waiting.signal);
    waiting.abort(new Error("enough"));
    await expect(third).rejects.toThrow("enough");
  });

  it("that a job was claimed with is given back when it goes elsewhere, or ends without it", async () => {
    const { process, store, clock } = await installation();
    const { crew, backend } = await process(AT);
    const slot = crew.slots.forClaim(backend);
    if (!slot) throw new Error("no slot is wanted");
    expect(await store.takeSlot(slot, clock.nowMs())).toBe(true);
    crew.slots.kept("job", slot);
    const other = fakeBackend({ name: "other", facts: { at: AT } });
    (await crew.slots.at(other, "job", never))();
    // Whoever holds one and waits for another could wait for ever.
    await expect.poll(() => store.takeSlot({ ...slot, slotId: "next" }, clock.nowMs())).toBe(true);
    await store.giveSlot("next");
    const second = crew.slots.forClaim(backend);
    if (!second) throw new Error("no slot is wanted");
    await store.takeSlot(second, clock.nowMs());
    crew.slots.kept("another", second);
    crew.slots.ended("another");
    await expect.poll(() => store.takeSlot({ ...slot, slotId: "last" }, clock.nowMs())).toBe(true);
  });

  it("of a process that slept too long are another's, and it is told to stop its job", async () => {
    let asleep = false;
    const { process, store, clock, told } = await installation();
    const present = store.present;
    const sleeper = await process(AT);
    Object.assign(store, {
      present: async (...asked: Parameters<typeof present>) => {
        if (asleep && asked[0].workerId === ids[0]) throw new Error("asleep");
        return present(...asked);
      },
    });
    const ids = (await store.fleet(clock.nowMs())).workers.map(({ workerId }) => workerId);
    await sleeper.crew.slots.at(sleeper.backend, "job", never);
    asleep = true;
    clock.advanceMs(LEASE_MS / 3 + 1);
    await told();
    const other = await process(AT, { machine: "b" });
    await other.crew.slots.at(other.backend, "its job", never);
    expect(sleeper.lost).toEqual([]);
    asleep = false;
    clock.advanceMs(LEASE_MS / 12);
    await expect.poll(() => sleeper.lost).toEqual(["job"]);
    expect(other.lost).toEqual([]);
  });
});

describe("circuits", () => {
  it("are common by device: what rests for one rests for all, a front knows it, and one of them tries it again", async () => {
    const { process, clock, heard } = await installation();
    const [one, two] = [await process(AT), await process(AT, { machine: "b" })];
    const front = await process(AT, { machine: "c", makes: false });
    await heard(() => front.crew.serves("fake")).toBe(true);
    one.router.failed(one.backend, broken);
    const rest = () => [one, two, front].map(({ router, backend }) => router.rests(backend));
    await heard(rest).toEqual([true, true, true]);
    expect((await front.router.health())[0]?.health).toMatchObject({ up: false });
    clock.advanceMs(5000);
    const answers = await Promise.all([one, two].map(({ router, backend }) => router.trying(backend)));
    expect(answers.filter((why) => why === undefined)).toHaveLength(1);
    const prober = answers[0] === undefined ? one : two;
    prober.router.succeeded(prober.backend);
    await heard(rest).toEqual([false, false, false]);
    expect((await front.router.health())[0]?.health).toEqual({ up: true });
  });

  it("of a machine's own are its own: a front sends there as long as one works, and whose own rests leaves the jobs to others", async () => {
    const { process, heard } = await installation();
    const [one, two] = [await process(OWN), await process(OWN, { machine: "b" })];
    const front = await process(OWN, { machine: "c", makes: false });
    one.router.failed(one.backend, broken);
    await heard(() => [one, two].map(({ crew, backend }) => crew.worksElsewhere(backend))).toEqual([true, false]);
    expect([one, two].map(({ router, backend }) => router.rests(backend))).toEqual([true, false]);
    const up = async () => (await front.router.health())[0]?.health.up;
    await heard(() => front.crew.worksElsewhere(front.backend)).toBe(true);
    expect(await up()).toBe(true);
    two.router.failed(two.backend, broken);
    await heard(up).toBe(false);
    await heard(() => one.crew.worksElsewhere(one.backend)).toBe(false);
    expect(one.crew.worksElsewhere(one.backend)).toBe(false);
  });

  it("count each other's failures, also those of the same moment", async () => {
    const { process, heard } = await installation();
    const crews = [await process(AT), await process(AT, { machine: "b" }), await process(AT, { machine: "d" })];
    const offline = new BackendError("fake", "offline", "away", { memberText: sentence("backend.error.offline") });
    for (const { router, backend } of crews) router.failed(backend, offline);
    await heard(() => crews.map(({ router, backend }) => router.rests(backend))).toEqual([true, true, true]);
  });
});

it("that leaves while it says that it is there is gone all the same", async () => {
  const { process, store, clock } = await installation();
  const one = await process(AT);
  const { promise, resolve } = Promise.withResolvers<void>();
  const { present } = store;
  Object.assign(store, {
    present: async (...asked: Parameters<typeof present>) => {
      await promise;
      return present(...asked);
    },
  });
  clock.advanceMs(LEASE_MS / 12 + 1);
  const left = one.crew.leave();
  resolve();
  await left;
  await new Promise(setImmediate);
  expect((await store.fleet(clock.nowMs())).workers).toEqual([]);
});

it("says which lanes nobody serves, once it knows, and when that changes", async () => {
  const { process, told, heard } = await installation();
  const front = await process(AT, { machine: "c", makes: false });
  expect(front.crew.serves("fake")).toBe(true);
  let changes = 0;
  front.crew.changes.add(() => {
    changes += 1;
  });
  await heard(() => [front.crew.serves("fake"), changes]).toEqual([false, 1]);
  const worker = await process(AT);
  await heard(() => [front.crew.serves("fake"), front.crew.serves("other"), changes]).toEqual([true, false, 2]);
  await told();
  expect(changes).toBe(2);
  await worker.crew.leave();
  await heard(() => [front.crew.serves("fake"), changes]).toEqual([false, 3]);
});

it("counts what is made side by side by device: a shared one once, each machine's own for itself", async () => {
  const { process, heard, store } = await installation();
  const front = await process(AT, { machine: "c", makes: false });
  expect(front.crew.sideBySide("fake")).toBe(1);
  const workers = [
    await process(AT, { machine: "a" }),
    await process(AT, { machine: "b" }),
    await process(OWN, { machine: "a" }),
    await process(OWN, { machine: "b" }),
  ];
  await heard(() => front.crew.sideBySide("fake")).toBe(3);
  const ahead = aheadIn({ store: { ...store, ahead: async () => ({ jobs: 9, estimateMs: 9001 }) }, crew: front.crew });
  expect(await ahead({ jobId: "job", lane: "fake" })).toEqual({ jobs: 9, estimateMs: 3001 });
  for (const { crew } of workers) await crew.leave();
  await heard(() => front.crew.sideBySide("fake")).toBe(1);
});

describe("what models can do", () => {
  it("is known to who makes no pictures, once a worker is there, and no longer than that", async () => {
    const { process, heard } = await installation();
    const front = await process(AT, { makes: false });
    const known = asToldOf(fakeBackend({ facts: { at: AT } }), () => front.crew.able("fake"));
    await heard(() => front.crew.serves("fake")).toBe(false);
    expect([known.features.edit, known.features.enlarges]).toEqual([undefined, undefined]);
    const worker = await process(AT, {
      features: { edit: 3, enlarges: { model: "4x" } },
      models: () => [
        { title: "FLUX.1 dev", family: "flux1" },
        { title: "Z-Image-Turbo", family: "z-image" },
      ],
    });
    await heard(() => known.features).toMatchObject({ edit: 3, enlarges: { model: "4x" } });
    // Without it no order may name a model that only others know.
    expect(known.models).toBeUndefined();
    const naming = asToldOf({ ...known, models: () => undefined }, () => front.crew.able("fake"));
    const style = styleSchema.parse({ id: "rca", title: "RCA", lora: { fake: "rca" } });
    expect(naming.models?.(style)?.map(({ title }) => title)).toEqual(["FLUX.1 dev"]);
    expect(naming.models?.({ ...style, lora: {} })).toHaveLength(2);
    await worker.crew.leave();
    await heard(() => known.features.edit).toBeUndefined();
    expect(naming.models?.(style)).toBeUndefined();
  });
});
