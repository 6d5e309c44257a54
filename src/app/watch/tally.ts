import type { Job } from "../../domain/job.ts";
import type { Router } from "../../jobs/router/router.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import type { Clock } from "../../lib/clock.ts";
import { createCounter, createHistogram, type MetricFamily } from "../../lib/metrics.ts";
import type { Store } from "../../ports/store.ts";

/** What goes on without anybody asking, told by what it asks of the store. */
export type Loop = "worker" | "outbox" | "housekeeping" | "deferred orders";

/** What this process has done since its start. Only numbers and names of its parts: no member, chat or word is kept. */
export interface Tally {
  /** The same store, watched. */
  store(store: Store): Store;
  /** The same router, watched. */
  router(router: Router): Router;
  readonly families: () => readonly MetricFamily[];
  /** When a loop was last seen at work, by the clock that only passes; `undefined`: never. */
  readonly seenAtMs: (loop: Loop) => number | undefined;
}

const WAITED_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
const DRAWN_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
/** Those that run here; a job whose end is never heard of is forgotten. */
const RUNNING_MAX = 1000;

function createNumbers() {
  const accepted = createCounter([{}]);
  const refused = createCounter();
  const made = createCounter();
  const done = createCounter([{}]);
  const failed = createCounter();
  const cancelled = createCounter([{}]);
  const tries = createCounter();
  const waited = createHistogram(WAITED_SECONDS, [{}]);
  const drawn = createHistogram(DRAWN_SECONDS);
  return {
    ...{ accepted, refused, made, done, failed, cancelled, tries, waited, drawn },
    families: (): readonly MetricFamily[] => [
      counter("placard_orders_accepted_total", "Orders that were taken.", accepted.samples()),
      counter(
        "placard_orders_refused_total",
        "Orders that were refused, by the allowance or limit.",
        refused.samples(),
      ),
      counter("placard_jobs_done_total", "Orders that ended with their pictures.", done.samples()),
      counter("placard_jobs_failed_total", "Orders that ended without, by the queue they were in.", failed.samples()),
      counter("placard_jobs_cancelled_total", "Orders that somebody took back.", cancelled.samples()),
      counter("placard_pictures_made_total", "Pictures that were made and kept.", made.samples()),
      counter("placard_backend_failures_total", "Tries at a backend that came to nothing.", tries.samples()),
      histogram("placard_job_wait_seconds", "From an order to the start of its work.", waited.samples()),
      histogram("placard_job_draw_seconds", "What a backend took for an order.", drawn.samples()),
    ],
  };
}

export function createTally(clock: Pick<Clock, "nowMs" | "steadyMs">): Tally {
  const numbers = createNumbers();
  const { accepted, refused, made, done, failed, cancelled, tries, waited, drawn } = numbers;
  const lanes = new BoundedMap<string>(RUNNING_MAX);
  const seen = new Map<Loop, number>();

  const beat = (loop: Loop) => void seen.set(loop, clock.steadyMs());
  function begun<T extends Job | "full" | undefined>(claimed: T): T {
    if (claimed === undefined || claimed === "full") return claimed;
    const { jobId, lane, attempt, acceptedAtMs } = claimed as Job;
    lanes.set(jobId, lane);
    // A later attempt waited for no turn.
    if (attempt === 1) waited.observe({}, Math.max(0, clock.nowMs() - acceptedAtMs) / 1000);
    return claimed;
  }

  return {
    store: (store) => ({
      ...store,
      async accept(input) {
        const result = await store.accept(input);
        if (result.status === "accepted") accepted.add({});
        if (result.status === "refused") refused.add({ reason: result.why.code });
        return result;
      },
      async claim(...asked) {
        beat("worker");
        return begun(await store.claim(...asked));
      },
      async claimInSlot(...asked) {
        beat("worker");
        return begun(await store.claimInSlot(...asked));
      },
      async heartbeat(...asked) {
        beat("worker");
        return store.heartbeat(...asked);
      },
      async finish(input) {
        const ours = await store.finish(input);
        if (!ours) return ours;
        const { backend } = input.outcome;
        done.add({});
        made.add({ backend }, input.pictures.length);
        if (input.measured) drawn.observe({ backend: input.measured.backend }, input.measured.usedMs / 1000);
        return ours;
      },
      async fail(...asked) {
        const ours = await store.fail(...asked);
        const [jobId, , problem] = asked;
        if (ours) failed.add({ backend: lanes.get(jobId) ?? "unknown", code: problem.code });
        return ours;
      },
      async cancel(...asked) {
        const ours = await store.cancel(...asked);
        if (ours) cancelled.add({});
        return ours;
      },
      async due(...asked) {
        beat("outbox");
        return store.due(...asked);
      },
      async closeDecisions(...asked) {
        beat("housekeeping");
        return store.closeDecisions(...asked);
      },
      async dueDeferred(...asked) {
        beat("deferred orders");
        return store.dueDeferred(...asked);
      },
    }),
    router: (router) => ({
      ...router,
      failed(backend, error) {
        tries.add({ backend: backend.name, code: error.code });
        router.failed(backend, error);
      },
    }),
    seenAtMs: (loop) => seen.get(loop),
    families: numbers.families,
  };
}

type Samples = MetricFamily["samples"];
const counter = (name: string, help: string, samples: Samples): MetricFamily => ({
  name,
  help,
  type: "counter",
  samples,
});
const histogram = (name: string, help: string, samples: Samples): MetricFamily => ({
  name,
  help,
  type: "histogram",
  samples,
});
