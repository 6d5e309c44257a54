import { sentences, text } from "../domain/text.ts";
import { duration } from "../domain/time-words.ts";
import { pauseMs } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";
import { growingWaitMs } from "../lib/named-wait.ts";
import { BackendError, isStopping } from "../ports/backend.ts";
import { type BackendSentence, named } from "../ports/backend-sentence.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt, Setback } from "./attempt.ts";
import { type GenerateJobDeps, generateJob } from "./generate-job.ts";
import type { Router } from "./router/router.ts";
import type { Slots } from "./slots.ts";

/** A model that is busy or loading for no longer than this is waited for, rather than replaced by the sketch. */
const PATIENCE_MS = 90_000;
const PATIENT_TRIES = 3;

interface TryBackendDeps extends GenerateJobDeps {
  readonly store: GenerateJobDeps["store"] & Pick<Store, "giveBack">;
  readonly clock: Clock;
  readonly router: Router;
  readonly slots: Pick<Slots, "at">;
}

/**
 * Until the job is done or the backend is given up. Aborted: the signal says why, and the store has been told.
 *
 * @param patient waits for a backend that will soon be free
 */
export async function tryBackend(attempt: Attempt, patient: boolean, deps: TryBackendDeps): Promise<"done" | Setback> {
  const { backend, job, signal } = attempt;
  const { router, log } = deps;
  for (let tries = 1; ; tries += 1) {
    try {
      const resting = await generateInSlot(attempt, deps);
      if (resting !== undefined) return { why: named(resting, backend.title), elsewhere: true };
      router.succeeded(backend);
      return "done";
    } catch (error) {
      if (signal.aborted) {
        router.untried(backend);
        if (isStopping(signal)) await deps.store.giveBack(job.jobId, job.attempt);
        return "done";
      }
      if (!(error instanceof BackendError)) {
        // Not the backend's fault: whoever tries it next may.
        router.untried(backend);
        throw error;
      }
      log.warn("backend.failed", { job: job.jobId, backend: backend.name, code: error.code, error });
      const waitMs = patient && tries < PATIENT_TRIES ? patienceMs(error, tries) : undefined;
      if (waitMs === undefined) {
        router.failed(backend, error);
        return setbackOf(error, backend);
      }
      await waitFor(attempt, waitMs, error, deps);
    }
  }
}

/** Resolves with why it must not be tried now, where somebody else finds that out in this moment. */
async function generateInSlot(attempt: Attempt, deps: TryBackendDeps): Promise<BackendSentence | undefined> {
  const { backend, job, signal } = attempt;
  const giveBack = await deps.slots.at(backend, job.jobId, signal);
  try {
    const resting = await deps.router.trying(backend);
    if (resting === undefined) await generateJob(attempt, deps);
    return resting;
  } finally {
    giveBack();
  }
}

const setbackOf = ({ memberText, elsewhere, code }: BackendError, { title }: Attempt["backend"]): Setback => ({
  why: named(memberText, title),
  elsewhere,
  tooLarge: code === "out_of_memory",
});

async function waitFor(attempt: Attempt, waitMs: number, error: BackendError, deps: TryBackendDeps): Promise<void> {
  const again = text("route.again-in", { wait: duration(waitMs) });
  const why = sentences(named(error.memberText, attempt.backend.title), again);
  deps.show(attempt.job, { fraction: 0, backend: attempt.backend.name, route: attempt.route, waiting: { why } });
  // An abort ends the pause; the next try meets the aborted signal and ends there.
  await pauseMs(deps.clock, waitMs, attempt.signal).catch(() => undefined);
}

/** How long to wait for a backend that will soon be free; `undefined` where it is not worth it. */
function patienceMs(error: BackendError, tries: number): number | undefined {
  if (error.code !== "busy" && error.code !== "loading") return undefined;
  const waitMs = growingWaitMs(error.retryAfterMs ?? 5000, tries, { firstMs: 1000, longestMs: PATIENCE_MS });
  return waitMs <= PATIENCE_MS ? waitMs : undefined;
}
