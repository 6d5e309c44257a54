import { imageIdOf } from "../domain/ids.ts";
import type { JobOutcome, NewPicture } from "../domain/job.ts";
import { chatKeyOf } from "../domain/place.ts";
import type { Clock } from "../lib/clock.ts";
import type { WorkSoFar } from "../ports/fleet.ts";
import type { Attempt } from "./attempt.ts";
import { chargeOf } from "./estimate.ts";
import type { Made } from "./generate-picture.ts";

/** What one attempt has made and used so far: all of it when it ends, and what a cancel in the middle charges and gives. */
export interface Work {
  /** The backend is at work on a picture from now on, until it waits or the picture is finished. */
  works(): void;
  /** It waits there: for its turn, for a model to be loaded. That is nobody's GPU time. */
  waits(): void;
  /** The next picture is saved. */
  finished(made: Made, seen?: Pick<NewPicture, "fingerprint" | "verdict">): void;
  readonly pictures: readonly NewPicture[];
  /** Measured ms of the finished pictures. */
  readonly usedMs: number;
  /** A picture was picked up again: the time says nothing about speed. */
  readonly reattached: boolean;
  outcome(): JobOutcome;
  soFar(): WorkSoFar;
  /** GPU ms that are charged for each ms that passes now; 0: it waits. */
  chargePerMs(): number;
}

export function createWork({ backend, job, route }: Attempt, clock: Pick<Clock, "nowMs" | "steadyMs">): Work {
  // What is charged must not change when the machine's clock is set.
  const steadyMs = () => Math.round(clock.steadyMs());
  const startedAtMs = steadyMs();
  const pictures: NewPicture[] = [];
  let usedMs = 0;
  let reattached = false;
  let workedMs = 0;
  let worksSinceMs: number | undefined;

  const passedMs = () => (worksSinceMs === undefined ? 0 : steadyMs() - worksSinceMs);
  const outcomeOf = (ms: number): JobOutcome => ({
    backend: backend.name,
    route,
    usedGpuMs: ms > 0 || pictures.length > 0 ? chargeOf(ms, backend) : 0,
    tookMs: steadyMs() - startedAtMs,
  });

  return {
    works() {
      worksSinceMs ??= steadyMs();
    },
    waits() {
      workedMs += passedMs();
      worksSinceMs = undefined;
    },
    finished(made, seen = {}) {
      const index = pictures.length;
      pictures.push({
        imageId: imageIdOf(job.jobId, index),
        jobId: job.jobId,
        index,
        chatKey: chatKeyOf(job.target.place),
        memberId: job.memberId,
        memberName: job.memberName,
        madeAtMs: clock.nowMs(),
        recipe: made.recipe,
        order: job.order,
        sha256: made.sha256,
        ...seen,
      });
      usedMs += made.usedMs;
      reattached ||= made.reattached;
      workedMs = 0;
      worksSinceMs = undefined;
    },
    pictures,
    get usedMs() {
      return usedMs;
    },
    get reattached() {
      return reattached;
    },
    outcome: () => outcomeOf(usedMs),
    chargePerMs: () => (worksSinceMs === undefined ? 0 : backend.costWeight),
    soFar: () => ({
      attempt: job.attempt,
      // No picture is charged for longer than it may take: what is over its backend's limit was spent on ending it.
      outcome: outcomeOf(usedMs + Math.min(workedMs + passedMs(), backend.timeoutMs)),
      pictures: [...pictures],
    }),
  };
}
