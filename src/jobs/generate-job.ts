import { imageIdOf } from "../domain/ids.ts";
import type { Job, NewPicture } from "../domain/job.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt } from "./attempt.ts";
import { chargeOf, megapixelStepsOf } from "./estimate.ts";
import { type BatchDeps, generateOneOfBatch } from "./generate-one-of-batch.ts";
import type { Made } from "./generate-picture.ts";

export interface GenerateJobDeps extends BatchDeps {
  readonly store: Pick<Store, "attach" | "finish">;
  readonly log: Log;
}

/**
 * Makes all pictures of a job on one backend, one after the other, and ends the job with them.
 *
 * @throws BackendError, or the signal's reason
 */
export async function generateJob(attempt: Attempt, deps: GenerateJobDeps): Promise<void> {
  const { backend, job, route } = attempt;
  const { store, log } = deps;
  const { nowMs } = deps.clock;
  const { count } = job.order;
  const made: Made[] = [];
  const startedAtMs = nowMs();
  for (let index = 0; index < count; index += 1) made.push(await generateOneOfBatch(attempt, index, deps));
  const usedMs = made.reduce((sum, each) => sum + each.usedMs, 0);
  const pictures = made.map((each, index) => pictureOf(job, index, each, nowMs()));
  const finished = await store.finish({
    jobId: job.jobId,
    attempt: job.attempt,
    outcome: { backend: backend.name, route, usedGpuMs: chargeOf(usedMs, backend), tookMs: nowMs() - startedAtMs },
    pictures,
    ...(made.some((each) => each.reattached)
      ? {}
      : {
          measured: { backend: backend.name, megapixelSteps: megapixelStepsOf(job.order), pictures: count, usedMs },
        }),
    nowMs: nowMs(),
  });
  if (!finished) return;
  const tookMs = nowMs() - startedAtMs;
  log.info("job.done", { job: job.jobId, backend: backend.name, pictures: count, usedMs, tookMs });
}

const pictureOf = (job: Job, index: number, made: Made, madeAtMs: number): NewPicture => ({
  imageId: imageIdOf(job.jobId, index),
  jobId: job.jobId,
  index,
  chatKey: chatKeyOf(job.target.place),
  memberId: job.memberId,
  memberName: job.memberName,
  madeAtMs,
  recipe: made.recipe,
  order: job.order,
  sha256: made.sha256,
});
