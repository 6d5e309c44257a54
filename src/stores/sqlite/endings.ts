import type { Job } from "../../domain/job.ts";
import type { Problem } from "../../domain/problem.ts";
import type { CancelledWork, FinishInput } from "../../ports/store.ts";
import type { speedsOf } from "./key-values.ts";
import type { Ledger } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";
import type { picturesOf } from "./pictures.ts";
import type { Queue } from "./queue.ts";

interface Parts {
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly pictures: ReturnType<typeof picturesOf>;
  readonly outbox: Outbox;
  readonly speeds: ReturnType<typeof speedsOf>;
}

/** How jobs end, each once: state, books, pictures and what their message shows. Each call runs inside one transaction. */
export function endingsOf({ queue, ledger, pictures, outbox, speeds }: Parts) {
  /** A job that ends without a picture gives everything back. */
  const refunded = (ended: boolean, jobId: string, nowMs: number): boolean => {
    if (!ended) return false;
    ledger.refund(jobId, nowMs);
    outbox.changed(jobId);
    return true;
  };

  /** It is over, this is what it cost, and these are its pictures. */
  function paid(job: Pick<Job, "jobId">, usedGpuMs: number, ended: Pick<FinishInput, "pictures" | "nowMs">): void {
    ledger.settle(job.jobId, usedGpuMs, ended.nowMs);
    for (const picture of ended.pictures) pictures.add(picture);
    outbox.changed(job.jobId);
    // Of a batch each original follows its picture when that is picked.
    const [alone, ...others] = ended.pictures;
    if (alone && others.length === 0 && queue.job(job.jobId)?.withOriginals) outbox.original(job.jobId, alone.index);
  }

  /** Where the work is no longer that of the newest attempt: false, and nothing has changed. */
  function stopped(jobId: string, problem: Problem, nowMs: number, work: CancelledWork): boolean {
    const usedGpuMs = wholeMs(work.outcome.usedGpuMs);
    const returnedGpuMs = Math.max(0, ledger.heldFor(jobId) - usedGpuMs);
    const outcome = { ...work.outcome, usedGpuMs, cancelled: { byName: work.byName, returnedGpuMs } };
    const ended =
      work.pictures.length > 0
        ? ({ state: "done", outcome } as const)
        : ({ state: "cancelled", outcome, problem } as const);
    if (!queue.stopped({ jobId, attempt: work.attempt }, ended, nowMs)) return false;
    paid({ jobId }, usedGpuMs, { pictures: work.pictures, nowMs });
    return true;
  }

  return {
    finish(input: FinishInput): boolean {
      const { jobId, attempt, nowMs, measured } = input;
      const outcome = { ...input.outcome, usedGpuMs: wholeMs(input.outcome.usedGpuMs) };
      if (!queue.done(jobId, attempt, outcome, nowMs)) return false;
      paid({ jobId }, outcome.usedGpuMs, input);
      if (measured) speeds.measured(measured);
      return true;
    },
    fail: (jobId: string, attempt: number, problem: Problem, nowMs: number): boolean =>
      refunded(queue.failed(jobId, attempt, problem, nowMs), jobId, nowMs),
    cancel(jobId: string, problem: Problem, nowMs: number, work?: CancelledWork): boolean {
      const worth = work !== undefined && (work.outcome.usedGpuMs > 0 || work.pictures.length > 0);
      if (worth && stopped(jobId, problem, nowMs, work)) return true;
      return refunded(queue.cancelled(jobId, problem, nowMs), jobId, nowMs);
    },
  };
}

/** What the job says it cost is exactly what its holders paid. */
const wholeMs = (gpuMs: number): number => Math.max(0, Math.round(gpuMs));
