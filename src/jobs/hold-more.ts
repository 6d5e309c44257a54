import type { Job } from "../domain/job.ts";
import { text } from "../domain/text.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt, Setback } from "./attempt.ts";
import { estimate, speedNameOf } from "./estimate.ts";

/**
 * Another backend may cost more than was held at acceptance: the rest is held too, and nobody is taken below their
 * allowance for it. `undefined`: it is paid.
 */
export async function holdMore(
  { job, backend }: Pick<Attempt, "job" | "backend">,
  deps: {
    readonly store: Pick<Store, "speed" | "holdMore">;
    readonly spendCapOf: (job: Job) => Promise<number | undefined>;
    readonly nowMs: () => number;
  },
): Promise<Setback | undefined> {
  if (backend.name === job.lane) return undefined;
  const cost = estimate(job.order, backend, await deps.store.speed(speedNameOf(job.order, backend)));
  if (cost.gpuMs <= job.estimateGpuMs) return undefined;
  switch (await deps.store.holdMore(job.jobId, cost.gpuMs, await deps.spendCapOf(job), deps.nowMs())) {
    case "held":
      return undefined;
    case "member_short":
      return { why: text("route.member-short", { place: backend.title }), elsewhere: true };
    case "window_short":
      return { why: text("route.chat-short", { place: backend.title }), elsewhere: true };
  }
}
