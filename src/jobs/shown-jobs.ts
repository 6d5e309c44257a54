import type { Progress } from "../domain/job.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { Preview } from "../ports/fleet.ts";
import type { SeenElsewhere } from "./fleet/seen-work.ts";
import type { RunningJobs } from "./running.ts";

/** What is shown of the jobs that run, wherever that is. */
export interface ShownJobs {
  progressOf(jobId: string): Progress | undefined;
  /** Of its newest unfinished picture; `undefined`: there is none. */
  previewVersionOf(jobId: string): number | undefined;
  /** Stays a while after the job has ended: an edit may still be under way. */
  previewOf(jobId: string): Promise<Preview | undefined>;
  /** Ids of those that run for a chat. */
  runningFor(chatKey: string): readonly string[];
}

export const shownJobs = (
  running: Pick<RunningJobs, "progressOf" | "previewOf" | "all">,
  elsewhere: SeenElsewhere,
): ShownJobs => ({
  progressOf: (jobId) => running.progressOf(jobId) ?? elsewhere.progressOf(jobId),
  previewVersionOf: (jobId) => running.previewOf(jobId)?.version ?? elsewhere.previewVersionOf(jobId),
  previewOf: async (jobId) => running.previewOf(jobId) ?? elsewhere.previewOf(jobId),
  runningFor(chatKey) {
    const here = running.all().flatMap(({ job }) => (chatKeyOf(job.target.place) === chatKey ? [job.jobId] : []));
    const there = elsewhere.all().flatMap((work) => (work.chatKey === chatKey ? [work.jobId] : []));
    return [...new Set([...here, ...there])];
  },
});
