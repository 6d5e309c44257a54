import type { Store } from "../ports/store.ts";
import type { Attempt } from "./attempt.ts";
import { megapixelStepsOf, speedNameOf } from "./estimate.ts";
import { type BatchDeps, generateOneOfBatch } from "./generate-one-of-batch.ts";
import type { RunningJobs } from "./running.ts";
import { createWork, type Work } from "./work.ts";

export interface GenerateJobDeps extends BatchDeps {
  readonly store: Pick<Store, "attach" | "picture" | "finish">;
  readonly running: Pick<RunningJobs, "works">;
}

/**
 * Makes all pictures of a job on one backend, one after the other, and ends the job with them.
 *
 * @throws BackendError, or the signal's reason
 */
export async function generateJob(attempt: Attempt, deps: GenerateJobDeps): Promise<void> {
  const { job } = attempt;
  const work = createWork(attempt, deps.clock);
  deps.running.works(job.jobId, work);
  try {
    for (let index = 0; index < job.order.count; index += 1) {
      await generateOneOfBatch(attempt, index, work, deps);
      // A cancel now gives one more.
      deps.running.works(job.jobId, work);
    }
    await finish(attempt, work, deps);
  } finally {
    deps.running.works(job.jobId, undefined);
  }
}

async function finish({ backend, job }: Attempt, work: Work, deps: GenerateJobDeps): Promise<void> {
  const { store, clock, log } = deps;
  const { nowMs } = clock;
  const { pictures, usedMs } = work;
  const outcome = work.outcome();
  const megapixelSteps = megapixelStepsOf(job.order);
  const finished = await store.finish({
    jobId: job.jobId,
    attempt: job.attempt,
    outcome,
    pictures,
    holdRules: await deps.holdRulesOf(job),
    ...(work.reattached
      ? {}
      : { measured: { backend: speedNameOf(job.order, backend), megapixelSteps, pictures: pictures.length, usedMs } }),
    nowMs: nowMs(),
  });
  if (!finished) return;
  const { tookMs } = outcome;
  log.info("job.done", { job: job.jobId, backend: backend.name, pictures: pictures.length, usedMs, tookMs });
}
