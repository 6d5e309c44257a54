import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { loopback } from "../../adapters/loopback.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { appOver, openStore } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";

it("gives back a job that was being claimed in the moment it stops", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-worker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [claimed, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const store = await openStore(folder);
  const chat = loopback({});
  const never = new Promise<void>(() => undefined);
  const app = await appOver(folder, {
    adapters: [chat],
    backends: [fakeBackend({ gate: () => never })],
    store: {
      ...store,
      close: async () => undefined,
      async claim(...asked) {
        const job = await store.claim(...asked);
        if (job) {
          claimed.resolve();
          await goOn.promise;
        }
        return job;
      },
    },
  });
  onTestFinished(() => store.close());
  await app.start();
  await chat.type("ana", "/rca a red fox");
  await claimed.promise;
  const stopped = app.stop();
  setTimeout(goOn.resolve, 20);
  await stopped;
  expect((await store.openJobs({}, 9)).map(({ state }) => state)).toEqual(["queued"]);
});

it("makes nothing for a job that is cancelled between its claim and the word of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-worker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [claimed, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const store = await openStore(folder);
  const chat = loopback({});
  const backend = fakeBackend({ gate: () => new Promise(() => undefined) });
  const app = await appOver(folder, {
    adapters: [chat],
    backends: [backend],
    store: {
      ...store,
      async claim(...asked) {
        const job = await store.claim(...asked);
        if (!job) return undefined;
        claimed.resolve();
        await goOn.promise;
        return job;
      },
    },
  });
  onTestFinished(() => app.stop());
  await app.start();
  await chat.type("ana", "/rca a red fox");
  await claimed.promise;
  await chat.type("ana", "/cancel");
  goOn.resolve();
  await app.idle();
  expect(backend.calls).toEqual([]);
  expect(chat.visibleTo("ana").some(({ view }) => view.text.includes("Cancelled by ana"))).toBe(true);
});

it("makes nothing twice when the clock jumps ahead while a picture is being made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-worker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const gate = Promise.withResolvers<void>();
  const backend = fakeBackend({ gate: () => gate.promise, facts: { concurrency: 2 } });
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const chat = loopback({});
  const app = await appOver(folder, { adapters: [chat], backends: [backend], clock });
  onTestFinished(() => app.stop());
  await app.start();
  await chat.type("ana", "/rca a red fox");
  await expect.poll(() => backend.calls.length).toBe(1);
  // A machine that wakes up: no time has passed for what waits, the clock shows another hour.
  clock.setAheadMs(3_600_000);
  await chat.type("ana", "/rca a gull");
  await expect.poll(() => backend.calls.length).toBe(2);
  clock.advanceMs(2000);
  gate.resolve();
  await app.idle();
  expect(backend.calls.map(({ request, end }) => [request.prompt, end])).toEqual([
    ["a red fox", "done"],
    ["a gull", "done"],
  ]);
});

it("asks for a job as often as one may wait, and where nobody can know", async () => {
  const folder = mkdtempSync(join(tmpdir(), "placard-worker-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  clock.freeze();
  const store = await openStore(folder);
  const claim = vi.fn(store.claim);
  const chat = loopback({ refusesQuickEdits: false });
  const backend = fakeBackend({ facts: { concurrency: 2 } });
  const app = await appOver(folder, { adapters: [chat], backends: [backend], store: { ...store, claim }, clock });
  onTestFinished(() => app.stop());
  await app.start();
  // Each lane once: the backend's, that of words over pictures, and that of larger pictures.
  await expect.poll(() => claim.mock.calls.length).toBe(3);
  await Promise.all(["a", "b", "c"].map((prompt) => chat.type("ana", `/rca ${prompt}`)));
  await expect.poll(async () => (await store.counts()).queued + (await store.counts()).running).toBe(0);
  expect(backend.calls).toHaveLength(3);
  expect(claim).toHaveBeenCalledTimes(3 + 3);
  // As another process, or a lease that ran out: a look finds it.
  clock.advanceMs(1001);
  await expect.poll(() => claim.mock.calls.length).toBe(9);
});
