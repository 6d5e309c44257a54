import type { Progress } from "../../domain/job.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Fleet, Preview, SeenWork } from "../../ports/fleet.ts";
import type { Log } from "../../ports/log.ts";
import { createPaced } from "./paced.ts";

/** What other processes show of the jobs that they make. */
export interface SeenElsewhere {
  progressOf(jobId: string): Progress | undefined;
  /** `undefined`: it has none. */
  previewVersionOf(jobId: string): number | undefined;
  previewOf(jobId: string): Promise<Preview | undefined>;
  all(): readonly SeenWork[];
  /** Some of it may have changed: read anew. */
  look(): void;
  stop(): void;
}

/** However many words come. */
const READ_EVERY_MS = 50;
/** An edit may still be under way when the job has ended. */
const PREVIEWS_MAX = 50;

/** @param changed of each job of which something else is shown than before */
export function createSeenElsewhere(deps: {
  readonly store: Pick<Fleet, "seenWork" | "preview">;
  readonly changed: (jobId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}): SeenElsewhere {
  const { store, log } = deps;
  let seen: ReadonlyMap<string, SeenWork> = new Map();
  const previews = new BoundedMap<Preview>(PREVIEWS_MAX);
  const reading = createPaced(
    async () => {
      const before = seen;
      seen = new Map((await store.seenWork()).map((work) => [work.jobId, work]));
      for (const [jobId, work] of seen) if (isOther(work, before.get(jobId))) deps.changed(jobId);
    },
    { ...deps, everyMs: READ_EVERY_MS, failed: (error) => log.warn("progress.unseen", { error: asError(error) }) },
  );
  return {
    progressOf: (jobId) => seen.get(jobId)?.progress,
    previewVersionOf(jobId) {
      const version = seen.get(jobId)?.previewVersion ?? 0;
      return version === 0 ? undefined : version;
    },
    async previewOf(jobId) {
      const last = previews.get(jobId);
      const work = seen.get(jobId);
      if (last && (!work || work.previewVersion === last.version)) return last;
      const newest = await store.preview(jobId);
      if (newest) previews.set(jobId, newest);
      return newest ?? last;
    },
    all: () => [...seen.values()],
    look: reading.ask,
    stop: reading.stop,
  };
}

const isOther = (work: SeenWork, before: SeenWork | undefined): boolean =>
  work.attempt !== before?.attempt ||
  work.previewVersion !== before.previewVersion ||
  JSON.stringify(work.progress) !== JSON.stringify(before.progress);

/** Where one process makes all pictures nobody else shows anything. */
export const NOTHING_ELSEWHERE: SeenElsewhere = {
  progressOf: () => undefined,
  previewVersionOf: () => undefined,
  previewOf: async () => undefined,
  all: () => [],
  look() {},
  stop() {},
};
