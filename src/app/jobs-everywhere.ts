import type { Services } from "../dispatch/services.ts";
import { hearsMembers, type Role } from "../domain/role.ts";
import { createSeenElsewhere, NOTHING_ELSEWHERE, type SeenElsewhere } from "../jobs/fleet/seen-work.ts";
import { createWorkTeller, type WorkTeller } from "../jobs/fleet/told-work.ts";
import { createRunningJobs, type RunningJobs } from "../jobs/running.ts";
import { type ShownJobs, shownJobs } from "../jobs/shown-jobs.ts";
import type { WorkSoFar } from "../ports/fleet.ts";

/** The jobs that run in this process, and what is known of those of others. */
export interface JobsEverywhere {
  readonly running: RunningJobs;
  readonly elsewhere: SeenElsewhere;
  readonly shown: ShownJobs;
  /** What is told of those that run here; where nobody else is, nothing. */
  readonly teller: Pick<WorkTeller, "start" | "stop">;
  /** Of a job that another process makes. */
  workElsewhere(jobId: string): Promise<WorkSoFar | undefined>;
}

/** @param changed of each job of which something else is shown, by another process */
export function jobsEverywhere(services: Services, role: Role, changed: (jobId: string) => void): JobsEverywhere {
  if (!services.crew.isShared) {
    const running = createRunningJobs();
    return {
      running,
      elsewhere: NOTHING_ELSEWHERE,
      shown: shownJobs(running, NOTHING_ELSEWHERE),
      teller: { start() {}, stop() {} },
      workElsewhere: async () => undefined,
    };
  }
  const { store, clock, nowMs, log } = services;
  const running: RunningJobs = createRunningJobs({
    changed: (jobId) => teller.changed(jobId),
    ended: (jobId, attempt) => teller.ended(jobId, attempt),
  });
  const teller = createWorkTeller({ store, now: running.now, running: running.all, clock, log });
  const others = (jobId: string) => {
    if (!running.now(jobId)) changed(jobId);
  };
  // Whoever shows nothing to anybody looks at nothing.
  const elsewhere = hearsMembers(role)
    ? createSeenElsewhere({ store, changed: others, clock, log })
    : NOTHING_ELSEWHERE;
  return {
    running,
    elsewhere,
    shown: shownJobs(running, elsewhere),
    teller,
    workElsewhere: (jobId) => store.workSoFar(jobId, nowMs()),
  };
}
