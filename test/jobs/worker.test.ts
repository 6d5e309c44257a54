import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
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
    adapters: [
      {
        ...chat,
        async stop() {
          await chat.stop();
          // The worker is stopped next.
          setTimeout(goOn.resolve, 20);
        },
      },
    ],
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
  await app.stop();
  expect((await store.openJobs({}, 9)).map(({ state }) => state)).toEqual(["queued"]);
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
