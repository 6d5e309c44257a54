import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Job } from "../../src/domain/job.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { createRouter } from "../../src/jobs/router/router.ts";
import { createRunner, type RunnerDeps } from "../../src/jobs/runner.ts";
import { createRunningJobs } from "../../src/jobs/running.ts";
import { slotsHere } from "../../src/jobs/slots.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { FinishInput } from "../../src/ports/store.ts";
import { silentLog } from "../fakes/module-services.ts";
import { sampleJob, sampleOrder } from "../stores/contract/inputs.ts";
import { english } from "../words.ts";

it("gives a job up that has ended the program each time, with the allowance back", async () => {
  const failed: Problem[] = [];
  const fail = async (_jobId: string, _attempt: number, problem: Problem) => failed.push(problem) > 0;
  // Of everything else a job needs nothing may be touched.
  const deps = { store: { fail }, styles: new Map([["rca", styleSchema.parse({ id: "rca", title: "RCA" })]]) };
  const run = createRunner({ ...deps, nowMs: () => 0, log: silentLog } as unknown as RunnerDeps);
  const job: Job = { ...sampleJob("a"), state: "running", attempt: 21 };
  await run(job, AbortSignal.timeout(1000));
  expect(english(failed)).toMatchObject([
    { code: "internal", text: expect.stringContaining("stopped the program 20 times") },
  ]);
});

it("tells why a job goes on elsewhere while it still waits for a slot there", async () => {
  const order = sampleOrder({ request: { ...sampleOrder().request, widthPx: 256, heightPx: 256 } });
  const job: Job = { ...sampleJob("a", { order }), state: "running", attempt: 1, lane: "first" };
  const facts = { where: "local", costWeight: 0 } as const;
  const backends = [fakeBackend({ name: "first", mood: "offline", facts }), fakeBackend({ name: "next", facts })];
  const running = createRunningJobs();
  const slots = slotsHere();
  const finished: FinishInput[] = [];
  const nowMs = () => 0;
  const shared = {
    clock: { ...systemClock, nowMs },
    nowMs,
    log: silentLog,
    running,
    slots,
    yields: createYieldQueue(),
  };
  const run = createRunner({
    ...shared,
    router: createRouter({ ...shared, backends }),
    store: { speed: async () => undefined, finish: async (input: FinishInput) => finished.push(input) > 0 },
    styles: new Map([["rca", styleSchema.parse({ id: "rca", title: "RCA" })]]),
    files: { save: async () => {} },
    previews: { offer: () => {} },
    holdRulesOf: async () => ({ hold: "off", adult: false }) as const,
    warm: { keep: () => {} },
    room: { ranOut: () => {} },
    changed: () => {},
  } as unknown as RunnerDeps);
  const giveBack = await slots.at({ name: "next", concurrency: 1 }, "another", AbortSignal.timeout(5000));
  const ended = running.run({ job, lane: "first", leaseUntilMs: 0 }, ({ signal }) => run(job, signal));
  await expect.poll(() => running.progressOf(job.jobId)?.route, { interval: 1 }).toHaveLength(1);
  expect(english(running.progressOf(job.jobId))).toMatchObject({
    backend: "first",
    route: ["the test backend first does not answer."],
  });
  giveBack();
  await ended;
  expect(english(finished)).toMatchObject([
    { outcome: { backend: "next", route: ["the test backend first does not answer."] } },
  ]);
});
