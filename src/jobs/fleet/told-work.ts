import { type Clock, every } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { type Fleet, TELL_AGAIN_MS } from "../../ports/fleet.ts";
import type { Log } from "../../ports/log.ts";
import type { AttemptNow, RunningListener } from "../running.ts";
import { createPaced, type Paced } from "./paced.ts";

/** Of one job, however often it changes: more nobody can see. What others read of it comes up to 50 ms after. */
const TELL_EVERY_MS = 100;

export interface WorkTeller extends RunningListener {
  start(): void;
  stop(): void;
}

/** Tells other processes what is shown of the jobs that run here. Nothing waits for it; what fails is told anew with the next change. */
export function createWorkTeller(deps: {
  readonly store: Pick<Fleet, "tellWork" | "sweepWork">;
  readonly now: (jobId: string) => AttemptNow | undefined;
  readonly running: () => readonly { readonly job: { readonly jobId: string } }[];
  readonly clock: Clock;
  readonly log: Log;
}): WorkTeller {
  const { store, clock, log } = deps;
  interface One extends Paced {
    attempt: number;
    /** Version of the preview that others have. */
    previewVersion: number;
  }
  const told = new Map<string, One>();
  let stopTelling = () => {};
  const failed = (error: unknown) => log.debug("progress.untold", { error: asError(error) });

  async function write(jobId: string, one: Pick<One, "previewVersion">): Promise<void> {
    const now = deps.now(jobId);
    if (!now) return;
    const { preview, ...work } = now;
    const fresh = preview && preview.version !== one.previewVersion ? { preview } : {};
    if (!(await store.tellWork({ jobId, atMs: clock.nowMs(), ...work, ...fresh }))) return;
    if (preview) one.previewVersion = preview.version;
  }

  function telling(jobId: string, attempt: number): One {
    const found = told.get(jobId);
    if (found && found.attempt >= attempt) return found;
    found?.stop();
    const one: One = {
      attempt,
      previewVersion: 0,
      ...createPaced(() => write(jobId, one), { everyMs: TELL_EVERY_MS, clock, failed }),
    };
    told.set(jobId, one);
    return one;
  }

  return {
    start() {
      stopTelling = every(clock, TELL_AGAIN_MS, () => {
        for (const { job } of deps.running()) told.get(job.jobId)?.ask();
      });
    },
    stop() {
      stopTelling();
      for (const one of told.values()) one.stop();
    },
    changed(jobId) {
      const now = deps.now(jobId);
      if (now) telling(jobId, now.attempt).ask();
    },
    ended(jobId, attempt) {
      const one = told.get(jobId);
      if (one?.attempt === attempt) told.delete(jobId);
      one?.stop();
      void store.sweepWork(clock.nowMs()).catch(failed);
    },
  };
}
