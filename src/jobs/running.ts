import type { Job, Progress } from "../domain/job.ts";
import type { Text } from "../domain/text.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { Preview, ToldWork, WorkSoFar } from "../ports/fleet.ts";
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

/** All that is known of the newest attempt at a job. */
export type AttemptNow = Omit<ToldWork, "jobId" | "atMs">;

/** Who wants to know of what changes in the table. */
export interface RunningListener {
  /** Something else is shown of it, or it has used or finished more. */
  changed(jobId: string): void;
  ended(jobId: string, attempt: number): void;
}

/**
 * The one table of what runs in this process: claims and their leases, what is shown of each job, and how it is stopped. Memory
 * only.
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
  workSoFar(jobId: string): WorkSoFar | undefined;
  /** `undefined`: it does not run here. */
  now(jobId: string): AttemptNow | undefined;
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

const NOBODY: RunningListener = { changed() {}, ended() {} };
/** An attempt in another process shows no more pictures than this: each version is its own. */
const VERSIONS_OF_AN_ATTEMPT = 10_000;

export function createRunningJobs(listener: RunningListener = NOBODY): RunningJobs {
  const rows = new Map<Row, Promise<void>>();
  /** An earlier attempt whose lease has run out may not have ended yet. */
  const newest = new Map<string, Row>();
  const lastPreviews = new BoundedMap<Preview>(PREVIEWS_MAX);

  function ended(row: Row): void {
    const { jobId } = row.job;
    rows.delete(row);
    if (newest.get(jobId) === row) newest.delete(jobId);
    if (row.preview) lastPreviews.set(jobId, row.preview);
    listener.ended(jobId, row.job.attempt);
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
    show(jobId, progress) {
      const row = newest.get(jobId);
      if (!row) return;
      row.progress = progress;
      listener.changed(jobId);
    },
    routed(jobId, route) {
      const row = newest.get(jobId);
      if (!row?.progress) return;
      row.progress = { ...row.progress, route };
      listener.changed(jobId);
    },
    progressOf: (jobId) => newest.get(jobId)?.progress,
    showPreview(jobId, jpeg) {
      const row = newest.get(jobId);
      if (!row) return false;
      const before = Math.max(row.preview?.version ?? 0, (row.job.attempt - 1) * VERSIONS_OF_AN_ATTEMPT);
      row.preview = { version: before + 1, jpeg };
      listener.changed(jobId);
      return true;
    },
    previewOf: (jobId) => newest.get(jobId)?.preview ?? lastPreviews.get(jobId),
    works(jobId, work) {
      const row = newest.get(jobId);
      if (!row) return;
      row.work = work;
      listener.changed(jobId);
    },
    workSoFar: (jobId) => newest.get(jobId)?.work?.soFar(),
    now(jobId) {
      const row = newest.get(jobId);
      if (!row) return undefined;
      const { progress, work, preview } = row;
      return {
        attempt: row.job.attempt,
        ...(progress ? { progress } : {}),
        ...(work ? { soFar: work.soFar() } : {}),
        chargePerMs: work?.chargePerMs() ?? 0,
        ...(preview ? { preview } : {}),
      };
    },
    abort: (jobId, reason) => newest.get(jobId)?.abort(reason),
    abortAll(reason) {
      for (const row of rows.keys()) row.abort(reason);
    },
  };
}
