import { OWN_LANES } from "../jobs/own-lanes.ts";
import type { AppDeps } from "./services.ts";

/**
 * What an earlier process left is queued again. Where several work with one database that is for leases to say: what runs may be
 * running elsewhere.
 *
 * @throws Error for the operator where there is nothing to make pictures with
 */
export async function takeUp({ store, backends, documents, wake, role = "all", log }: AppDeps): Promise<void> {
  const [first] = backends;
  if (!first) throw new Error(NOTHING_TO_DRAW_WITH[role]);
  if (wake) return;
  const requeued = await store.recover();
  const moved = await store.moveLanes(
    [...backends, ...OWN_LANES].map(({ name }) => name),
    first.name,
  );
  if (requeued + moved > 0) log.info("jobs.recovered", { requeued, moved });
  await documents.tidy(Number.POSITIVE_INFINITY);
  const unfinished = await store.recoverDocuments();
  if (unfinished > 0) log.info("documents.recovered", { unfinished });
}

const NOTHING_TO_DRAW_WITH = {
  all: "no image backend is on: set BACKENDS to sketch, or configure one",
  worker: "this worker has nothing to draw with: configure an image backend for it, or set BACKENDS to sketch",
  front:
    "this front knows no image backend, and could order no picture: give it the same settings of backends as the workers have",
} as const;
