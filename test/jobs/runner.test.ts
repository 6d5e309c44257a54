import { expect, it } from "vitest";
import type { Job } from "../../src/domain/job.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { createRunner, type RunnerDeps } from "../../src/jobs/runner.ts";
import { silentLog } from "../fakes/module-services.ts";
import { sampleJob } from "../stores/contract/inputs.ts";

it("gives a job up that has ended the program each time, with the allowance back", async () => {
  const failed: Problem[] = [];
  const fail = async (_jobId: string, _attempt: number, problem: Problem) => failed.push(problem) > 0;
  // Of everything else a job needs nothing may be touched.
  const deps = { store: { fail }, styles: new Map([["rca", styleSchema.parse({ id: "rca", title: "RCA" })]]) };
  const run = createRunner({ ...deps, nowMs: () => 0, log: silentLog } as unknown as RunnerDeps);
  const job: Job = { ...sampleJob("a"), state: "running", attempt: 21 };
  await run(job, AbortSignal.timeout(1000));
  expect(failed).toMatchObject([{ code: "internal", text: expect.stringContaining("stopped the program 20 times") }]);
});
