import type { Job, Progress } from "../domain/job.ts";
import type { Text } from "../domain/text.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { createSemaphore } from "../lib/semaphore.ts";
import type { Backend } from "../ports/backend.ts";
import type { CancelledWork } from "../ports/store.ts";
import type { Work } from "./work.ts";

/** One attempt at a job, in this process, between its claim and its end. */
export interface RunningAttempt {
  readonly job: Job;
  /** From which it was claimed; it is made on this backend or on another. */
  readonly lane: string;
  readonly signal: AbortSignal;
  abort(reason: Error): void;
  /** Unix ms until which nobody else claims it. */
  leaseUntilMs: number;
}

/** The newest unfinished picture of a job: a JPEG, at most 512 px. */
interface Preview {
  readonly version: number;
  readonly jpeg: Uint8Array;
}

/**
 * The one table of what runs in this process: claims and their leases, slots at backends, what is shown of each job, and how
 * it is stopped. Memory only.
 */
export interface RunningJobs {
  /** The attempt is in the table until `work` has ended; that never rejects. */
  run(
    claimed: Pick<RunningAttempt, "job" | "lane" | "leaseUntilMs">,
    work: (attempt: RunningAttempt) => Promise<void>,
  ): Promise<void>;
  all(): readonly RunningAttempt[];
  readonly size: number;
  countIn(lane: string): number;
  /** What runs now has ended. */
  settled(): Promise<void>;
  /** Waits for a slot at a backend. Resolves with what gives it back. @throws the signal's reason when it is aborted first */
  slotAt(backend: Pick<Backend, "name" | "concurrency">, signal: AbortSignal): Promise<() => void>;
  /** Replaces what is shown of a job; nothing for one that does not run here. */
  show(jobId: string, progress: Progress): void;
  /** Why it goes on elsewhere, on the card from its next edit on, before the next backend has a word to say. */
  routed(jobId: string, route: readonly Text[]): void;
  progressOf(jobId: string): Progress | undefined;
  /** false: it does not run here any more. */
  showPreview(jobId: string, jpeg: Uint8Array): boolean;
  /** Stays a while after the job has ended: an edit may still be under way. */
  previewOf(jobId: string): Preview | undefined;
  /** What is being done for it at a backend; `undefined` when that is over. */
  works(jobId: string, work: Work | undefined): void;
  /** What a cancel now would charge and give; `undefined`: nothing is under way for it. */
  workSoFar(jobId: string): Omit<CancelledWork, "byName"> | undefined;
  abort(jobId: string, reason: Error): void;
  abortAll(reason: Error): void;
}

/** Of jobs that have ended. */
const PREVIEWS_MAX = 50;

interface Row extends RunningAttempt {
  progress?: Progress;
  work?: Work | undefined;
  preview?: Preview | undefined;
}

export function createRunningJobs(): RunningJobs {
  const rows = new Map<Row, Promise<void>>();
  /** An earlier attempt whose lease has run out may not have ended yet. */
  const newest = new Map<string, Row>();
  const lastPreviews = new BoundedMap<Preview>(PREVIEWS_MAX);
  const slots = createSemaphore();

  function ended(row: Row): void {
    const { jobId } = row.job;
    rows.delete(row);
    if (newest.get(jobId) === row) newest.delete(jobId);
    if (row.preview) lastPreviews.set(jobId, row.preview);
  }

  return {
    run(claimed, work) {
      const control = new AbortController();
      const { jobId } = claimed.job;
      const row: Row = {
        ...claimed,
        signal: control.signal,
        abort: (reason) => control.abort(reason),
        preview: lastPreviews.get(jobId),
      };
      newest.set(jobId, row);
      const end = work(row).finally(() => ended(row));
      rows.set(row, end);
      return end;
    },
    all: () => [...rows.keys()],
    get size() {
      return rows.size;
    },
    countIn: (lane) => [...rows.keys()].filter((row) => row.lane === lane).length,
    async settled() {
      await Promise.all(rows.values());
    },
    slotAt: ({ name, concurrency }, signal) => slots.acquire(name, concurrency, signal),
    show(jobId, progress) {
      const row = newest.get(jobId);
      if (row) row.progress = progress;
    },
    routed(jobId, route) {
      const row = newest.get(jobId);
      if (row?.progress) row.progress = { ...row.progress, route };
    },
    progressOf: (jobId) => newest.get(jobId)?.progress,
    showPreview(jobId, jpeg) {
      const row = newest.get(jobId);
      if (row) row.preview = { version: (row.preview?.version ?? 0) + 1, jpeg };
      return row !== undefined;
    },
    previewOf: (jobId) => newest.get(jobId)?.preview ?? lastPreviews.get(jobId),
    works(jobId, work) {
      const row = newest.get(jobId);
      if (row) row.work = work;
    },
    workSoFar: (jobId) => newest.get(jobId)?.work?.soFar(),
    abort: (jobId, reason) => newest.get(jobId)?.abort(reason),
    abortAll(reason) {
      for (const row of rows.keys()) row.abort(reason);
    },
  };
}
