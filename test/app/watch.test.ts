import { request } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { healthOf } from "../../src/app/watch/health.ts";
import { createOwedAges } from "../../src/app/watch/owed.ts";
import { createWatch } from "../../src/app/watch/watched.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createCircuits } from "../../src/jobs/router/circuits.ts";
import { createRouter } from "../../src/jobs/router/router.ts";
import { FlushFailed } from "../../src/lib/flush-failed.ts";
import { BackendError } from "../../src/ports/backend.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { createTestClock } from "../fakes/clock.ts";
import { silentLog } from "../fakes/module-services.ts";
import { readMetrics } from "../metrics-text.ts";
import { accept, finish, STOPPED, sampleOrder, T0 } from "../stores/contract/inputs.ts";

/** The pages over a real store, beside an app of which only what they look at is there. */
async function watched() {
  const clock = createTestClock(T0);
  clock.freeze();
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  const backends = [fakeBackend()];
  const circuits = createCircuits(clock.nowMs, silentLog);
  const watch = createWatch({
    ...{ port: 0, role: "all", store, clock, disks: [{ setting: "DATA_DIR", folder: "." }] },
    statements: store.statements,
    notices: { all: () => ["something is wrong"] },
  });
  const started = Promise.withResolvers<readonly string[]>();
  const services = { room: { out: false }, router: { backends }, crew: { circuits }, adapters: new Map([["web", {}]]) };
  const app = watch.over({ services, start: () => started.promise, stop: async () => {}, leads: () => true } as never);
  onTestFinished(async () => {
    await app.stop();
    await store.close();
    clock.stop();
  });
  const router = watch.parts.watchRouter(createRouter({ backends, circuits, clock, log: silentLog }));
  return { clock, app, started, services, router, store: watch.parts.store };
}

function ask(port: number, path: string, how: { readonly method?: string; readonly headers?: object } = {}) {
  return new Promise<{ readonly status: number | undefined; readonly type: unknown; readonly text: string }>(
    (resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path, agent: false, ...how } as never, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode, type: response.headers["content-type"], text }),
        );
      });
      asked.on("error", reject).end();
    },
  );
}

describe("the two pages", () => {
  it("tell where the process is in its life and what it did, and nobody's words, names or chats", async () => {
    const { clock, app, started, services, router, store } = await watched();
    started.resolve(["web chat: …"]);
    const port = Number(/http:\/\/127\.0\.0\.1:(\d+)\/healthz/.exec((await app.start()).at(-1) ?? "")?.[1]);
    expect(await ask(port, "/healthz")).toMatchObject({ status: 200, text: "ok: leads, role all\n" });

    const canary = { memberId: "web:canary-member", memberName: "canary-name" };
    const order = sampleOrder({ prompt: "canary-words" } as never);
    const job = {
      ...canary,
      order,
      target: { place: { platform: "web", chatId: "canary-chat", group: true } },
    } as never;
    await accept(store, "a", { job });
    await accept(store, "b", { job });
    await accept(store, "c", { job });
    expect((await accept(store, "d", { job, maxOpenPerMember: 3 })).status).toBe("refused");
    clock.advanceMs(3000);
    const [first, second] = [await store.claim("fake", T0, 60_000), await store.claim("fake", T0, 60_000)];
    if (!first || !second) throw new Error("nothing to claim");
    const measured = { backend: "fake", megapixelSteps: 1, pictures: 1, usedMs: 1500 };
    expect(await finish(store, first, { measured })).toBe(true);
    expect(await store.fail(second.jobId, second.attempt, { ...STOPPED, code: "no_backend" }, T0)).toBe(true);
    const [backend] = router.backends;
    if (!backend) throw new Error("no backend");
    router.failed(backend, new BackendError("fake", "quota", "no more"));

    const { type, text } = await ask(port, "/metrics");
    expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = readMetrics(text);
    for (const name of families.keys()) expect(name).toMatch(/^(?:placard|process)_[a-z_]+$/);
    for (const [name, family] of families) expect(name.endsWith("_total")).toBe(family.type === "counter");
    const numbers = Object.fromEntries([...families.values()].flatMap(({ samples }) => [...samples]));
    expect(numbers).toMatchObject({
      placard_database_up: 1,
      'placard_jobs{backend="fake",state="queued"}': 1,
      'placard_jobs{backend="fake",state="running"}': 0,
      'placard_outbox_owed{platform="web"}': 3,
      'placard_outbox_oldest_seconds{platform="web"}': 0,
      'placard_backend_up{backend="fake"}': 0,
      'placard_backend_circuit_open{backend="fake"}': 1,
      placard_orders_accepted_total: 3,
      'placard_orders_refused_total{reason="queue_full"}': 1,
      placard_jobs_done_total: 1,
      'placard_jobs_failed_total{backend="fake",code="no_backend"}': 1,
      'placard_pictures_made_total{backend="fake"}': 1,
      'placard_backend_failures_total{backend="fake",code="quota"}': 1,
      'placard_job_wait_seconds_bucket{le="2"}': 0,
      'placard_job_wait_seconds_bucket{le="5"}': 2,
      'placard_job_draw_seconds_bucket{backend="fake",le="2"}': 1,
      placard_leader: 1,
      placard_notices: 1,
    });
    expect(numbers["placard_database_statements_total"]).toBeGreaterThan(8);
    expect(numbers['placard_disk_free_bytes{folder="DATA_DIR"}']).toBeGreaterThan(0);
    expect(numbers["process_resident_memory_bytes"]).toBeGreaterThan(1e7);
    expect(text).not.toContain("canary");

    clock.advanceMs(30_000);
    expect((await ask(port, "/metrics")).text).toContain('placard_outbox_oldest_seconds{platform="web"} 30\n');
    services.room.out = true;
    expect(await ask(port, "/healthz")).toMatchObject({ status: 503, text: "there is no room on the disk\n" });
  });

  it("are for programs of this machine: no proxy, no page of another name, nothing but reading", async () => {
    const { app, started } = await watched();
    started.resolve([]);
    const port = Number(/127\.0\.0\.1:(\d+)\/healthz/.exec((await app.start()).at(-1) ?? "")?.[1]);
    for (const headers of [
      { host: "evil.example" },
      { host: "127.0.0.1.evil.example" },
      { "x-forwarded-for": "192.0.2.1" },
    ])
      expect(await ask(port, "/metrics", { headers })).toMatchObject({ status: 403 });
    expect(await ask(port, "/healthz", { headers: { host: `localhost:${port}` } })).toMatchObject({ status: 200 });
    expect(await ask(port, "/healthz", { method: "POST" })).toMatchObject({ status: 405 });
    expect(await ask(port, "/healthz", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect(await ask(port, "/")).toMatchObject({ status: 404 });
  });
});

describe("the process is well", () => {
  const world = () => {
    const clock = createTestClock(T0);
    clock.freeze();
    onTestFinished(() => clock.stop());
    const state = { phase: "at work", role: "all", leads: true, seen: new Map<string, number>() } as const;
    const store = { dueDeferred: vi.fn(async () => [] as never) };
    const make = (
      over: { readonly role?: "worker" | "front"; readonly leads?: boolean; readonly phase?: "starting" } = {},
    ) =>
      healthOf({
        role: over.role ?? state.role,
        phase: () => over.phase ?? state.phase,
        store,
        tally: { seenAtMs: (loop) => state.seen.get(loop) },
        leads: () => over.leads ?? state.leads,
        outOfRoom: () => false,
        clock,
      });
    return { clock, store, make, seen: state.seen };
  };

  it("not before it has started", async () => {
    expect(await world().make({ phase: "starting" })()).toEqual({ ok: false, text: "it is starting" });
  });
  it("only while its database answers, within two seconds", async () => {
    const { clock, store, make } = world();
    store.dueDeferred.mockRejectedValueOnce(new Error("postgres://canary"));
    expect(await make()()).toEqual({ ok: false, text: "the database cannot be read" });
    store.dueDeferred.mockRejectedValueOnce(new FlushFailed("placard.sqlite", new Error("EIO")));
    expect(await make()()).toEqual({ ok: false, text: "the disk did not confirm what was written" });
    store.dueDeferred.mockReturnValueOnce(new Promise(() => {}));
    const asked = make()();
    clock.advanceMs(2001);
    expect(await asked).toEqual({ ok: false, text: "the database does not answer" });
  });
  it.each([
    ["all", true, "worker"],
    ["front", true, "outbox"],
    ["worker", false, "worker"],
    ["front", false, undefined],
  ] as const)("only while its loops go on: role %s, leads %s", async (role, leads, stands) => {
    const { clock, make, seen } = world();
    const health = make({ ...(role === "all" ? {} : { role }), leads });
    expect((await health()).ok).toBe(true);
    clock.advanceMs(119_000);
    expect((await health()).ok).toBe(true);
    clock.advanceMs(2000);
    const text = `${stands}: nothing has been done for two minutes`;
    expect(await health()).toMatchObject(stands === undefined ? { ok: true } : { ok: false, text });
    for (const loop of ["worker", "outbox", "housekeeping", "deferred orders"]) seen.set(loop, clock.steadyMs());
    expect((await health()).ok).toBe(true);
  });
});

it("a message's age begins anew once it was sent, and goes on while others are", () => {
  const ages = createOwedAges();
  const seen = (sendings: readonly string[], atMs: number) =>
    ages.seen({ oldest: sendings.map((sending) => ({ platform: "web", sending })) }, atMs).get("web");
  expect(seen(["1.0", "2.0"], 0)).toBe(0);
  expect(seen(["1.0", "3.0"], 10)).toBe(10);
  expect(seen(["1.1", "3.0"], 25)).toBe(15);
  expect(seen([], 30)).toBeUndefined();
});
