import type { Job } from "../../src/domain/job.ts";
import type { StoreOverSql } from "../../src/rules/store.ts";
import type { Stories, Story } from "./stories.ts";

/** The same store, with the stories told of what it does. */
export function watchedStore(store: StoreOverSql, stories: Stories, refused: (code: string) => void): StoreOverSql {
  const storyOf = (jobId: string): Story | undefined => stories.byJob.get(jobId);
  function accepted(job: Job | undefined): void {
    const story = job && storyOf(job.jobId);
    if (story) stories.accept(story, job);
  }
  function ended(done: boolean, jobId: string, state: Job["state"], nowMs: number, usedGpuMs = 0): boolean {
    const story = done ? storyOf(jobId) : undefined;
    if (story) stories.end(story, state, nowMs, usedGpuMs);
    return done;
  }
  function started(job: Job | undefined, nowMs: number): void {
    const story = job && storyOf(job.jobId);
    if (story) stories.start(story, nowMs);
  }
  return {
    ...store,
    async accept(input) {
      const result = await store.accept(input);
      if (result.status === "accepted") accepted(result.job);
      if (result.status === "refused") {
        refused(result.why.code);
        const story = storyOf(input.job.jobId);
        if (story) story.refused = result.why.code;
      }
      return result;
    },
    async vote(input) {
      const result = await store.vote(input);
      if (result.status === "passed") accepted(result.job);
      return result;
    },
    async claim(lane, nowMs, leaseMs) {
      const job = await store.claim(lane, nowMs, leaseMs);
      started(job, nowMs);
      return job;
    },
    // Where the crew is shared with other processes.
    async claimInSlot(lane, slot, nowMs, leaseMs) {
      const job = await store.claimInSlot(lane, slot, nowMs, leaseMs);
      started(job === "full" ? undefined : job, nowMs);
      return job;
    },
    async finish(input) {
      return ended(await store.finish(input), input.jobId, "done", input.nowMs, input.outcome.usedGpuMs);
    },
    async fail(jobId, attempt, problem, nowMs) {
      return ended(await store.fail(jobId, attempt, problem, nowMs), jobId, "failed", nowMs);
    },
    async cancel(jobId, problem, nowMs, work) {
      const done = await store.cancel(jobId, problem, nowMs, work);
      const made = work !== undefined && work.pictures.length > 0;
      return ended(done, jobId, made ? "done" : "cancelled", nowMs, work?.outcome.usedGpuMs);
    },
  };
}
