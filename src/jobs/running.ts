import type { Progress } from "../domain/job.ts";
import type { Text } from "../domain/text.ts";
import type { CancelledWork } from "../ports/store.ts";
import type { Work } from "./work.ts";

/** What is being made in this process right now: how far it is, and how to stop it. Memory only. */
export interface RunningJobs {
  begin(jobId: string): AbortController;
  end(jobId: string): void;
  /** Replaces what is shown of a job; nothing for one that does not run here. */
  show(jobId: string, progress: Progress): void;
  /** Why it goes on elsewhere, on the card from its next edit on, before the next backend has a word to say. */
  routed(jobId: string, route: readonly Text[]): void;
  progressOf(jobId: string): Progress | undefined;
  /** What is being done for it at a backend; `undefined` when that is over. */
  works(jobId: string, work: Work | undefined): void;
  /** What a cancel now would charge and give; `undefined`: nothing is under way for it. */
  workSoFar(jobId: string): Omit<CancelledWork, "byName"> | undefined;
  abort(jobId: string, reason: Error): void;
  abortAll(reason: Error): void;
}

export function createRunningJobs(): RunningJobs {
  const entries = new Map<string, { readonly abort: AbortController; progress?: Progress; work?: Work | undefined }>();
  return {
    begin(jobId) {
      const abort = new AbortController();
      entries.set(jobId, { abort });
      return abort;
    },
    end: (jobId) => void entries.delete(jobId),
    show(jobId, progress) {
      const entry = entries.get(jobId);
      if (entry) entry.progress = progress;
    },
    routed(jobId, route) {
      const entry = entries.get(jobId);
      if (entry?.progress) entry.progress = { ...entry.progress, route };
    },
    progressOf: (jobId) => entries.get(jobId)?.progress,
    works(jobId, work) {
      const entry = entries.get(jobId);
      if (entry) entry.work = work;
    },
    workSoFar: (jobId) => entries.get(jobId)?.work?.soFar(),
    abort: (jobId, reason) => entries.get(jobId)?.abort.abort(reason),
    abortAll(reason) {
      for (const { abort } of entries.values()) abort.abort(reason);
    },
  };
}
