import type { Job, Progress } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import type { Style } from "../domain/style.ts";
import { pauseMs } from "../lib/abort.ts";
import { asError } from "../lib/error.ts";
import type { Semaphore } from "../lib/semaphore.ts";
import { durationText } from "../lib/time-text.ts";
import { type Backend, BackendError, isStopping } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { estimate } from "./estimate.ts";
import { createJobGenerator } from "./generate-job.ts";
import type { Previews } from "./previews.ts";
import type { Plan, Router } from "./router/router.ts";
import type { RunningJobs } from "./running.ts";

/** A job that was started this often and never ended has stopped the program each time. */
const MAX_ATTEMPTS = 20;
/** A model that is busy or loading for no longer than this is waited for, rather than replaced by the sketch. */
const PATIENCE_MS = 90_000;
const PATIENT_TRIES = 3;

export const CANCELLED = new Error("cancelled");

export interface RunnerDeps {
  readonly store: Store;
  readonly router: Router;
  readonly files: PictureFiles;
  readonly styles: ReadonlyMap<string, Style>;
  readonly slots: Semaphore;
  readonly running: RunningJobs;
  readonly previews: Previews;
  /** What may be spent within 24 hours where a job was asked for; `undefined`: no limit. */
  readonly potCapOf: (job: Job) => Promise<number | undefined>;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Something about a job changed: show it. */
  readonly changed: (jobId: string) => void;
}

/** Takes one claimed job through the backends that can make it, to exactly one end. */
export function createRunner(deps: RunnerDeps): (job: Job, signal: AbortSignal) => Promise<void> {
  const { store, router, nowMs, log, running } = deps;

  async function end(job: Job, problem: Problem): Promise<void> {
    if (await store.fail(job.jobId, job.attempt, problem, nowMs()))
      log.info("job.failed", { job: job.jobId, code: problem.code });
  }

  /** A fault of ours, or the disk's: the member gets their allowance back and a sentence, the operator the stack. */
  async function broke(job: Job, error: unknown): Promise<void> {
    log.error("job.broke", { job: job.jobId, error: asError(error) });
    const text = `Something broke on our side, so there is no picture this time. Your allowance was returned; please try again (job ${job.jobId}).`;
    await store
      .fail(job.jobId, job.attempt, { code: "internal", text }, nowMs())
      // The store itself is what broke: the lease ends and the job is tried again.
      .catch((cause: unknown) => log.error("job.unfinished", { job: job.jobId, error: asError(cause) }));
  }

  const show = (job: Job, progress: Progress) => {
    running.show(job.jobId, progress);
    deps.changed(job.jobId);
  };
  const generateJob = createJobGenerator({ ...deps, show });

  async function work(job: Job, signal: AbortSignal): Promise<void> {
    const style = deps.styles.get(job.order.request.styleId);
    if (!style)
      return end(job, {
        code: "not_found",
        text: `The style “${job.order.request.styleId}” is no longer here. Your allowance was returned; see /styles.`,
      });
    if (job.attempt > MAX_ATTEMPTS)
      return end(job, {
        code: "internal",
        text: `This picture stopped the program ${MAX_ATTEMPTS} times, so it was given up. Your allowance was returned (job ${job.jobId}).`,
      });
    const plan = router.plan(job.order, style, job.policy);
    const candidates = preferred(plan.candidates, job);
    const route = [...whyHere(candidates[0], plan, job)];
    let tooLarge = false;
    for (const [at, backend] of candidates.entries()) {
      const onlySketchLeft = candidates.slice(at + 1).every(({ where }) => where === "here");
      const problem = (await unpaid(job, backend)) ?? (await tryOn(backend, job, style, route, signal, onlySketchLeft));
      if (problem === "done" || signal.aborted) return;
      route.push(`${backend.title} ${problem.text}`);
      tooLarge ||= problem.tooLarge === true;
      if (!problem.elsewhere)
        return end(job, {
          code: "rejected",
          text: `No picture this time: ${route.at(-1)}. Change the words or settings and try again. Your allowance was returned.`,
        });
    }
    const why = route.length > 0 ? `: ${route.join("; ")}` : "";
    const wait = plan.retryAtMs === undefined ? "a few minutes" : durationText(plan.retryAtMs - nowMs());
    // Waiting does not make a card's memory larger.
    const advice = tooLarge ? "try a smaller size" : `try again in ${wait}`;
    return end(job, {
      code: "no_backend",
      text: `No picture this time${why}. Your allowance was returned; ${advice} (job ${job.jobId}).`,
    });
  }

  interface Setback {
    /** Continues the backend's title. */
    readonly text: string;
    readonly elsewhere: boolean;
    /** For the memory there. */
    readonly tooLarge?: boolean;
  }

  /** Another backend may cost more than was held at acceptance: nobody is taken below their allowance for it. */
  async function unpaid(job: Job, backend: Backend): Promise<Setback | undefined> {
    if (backend.name === job.lane) return undefined;
    const cost = estimate(job.order, backend, await store.speed(backend.name));
    if (cost.gpuMs <= job.estimateGpuMs) return undefined;
    switch (await store.holdMore(job.jobId, cost.gpuMs, await deps.potCapOf(job), nowMs())) {
      case "held":
        return undefined;
      case "member_short":
        return { text: "costs more than is left of the allowance", elsewhere: true };
      case "pot_short":
        return { text: "costs more than this chat may still spend today", elsewhere: true };
    }
  }

  /** Until it is done or the backend is given up. Aborted: the signal says why, and the store has been told. */
  async function tryOn(
    backend: Backend,
    job: Job,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
    patient: boolean,
  ): Promise<"done" | Setback> {
    for (let tries = 1; ; tries += 1) {
      try {
        await runInTurn(backend, job, style, route, signal);
        router.succeeded(backend);
        return "done";
      } catch (error) {
        if (signal.aborted) {
          router.untried(backend);
          if (isStopping(signal)) await store.giveBack(job.jobId, job.attempt);
          return "done";
        }
        if (!(error instanceof BackendError)) throw error;
        log.warn("backend.failed", { job: job.jobId, backend: backend.name, code: error.code, error });
        const pause = patient && tries < PATIENT_TRIES ? patienceMs(error) : undefined;
        if (pause === undefined) {
          router.failed(backend, error);
          const tooLarge = error.code === "out_of_memory";
          return { text: `failed: ${error.memberText}`, elsewhere: error.elsewhere, tooLarge };
        }
        const why = `${error.memberText}; trying again in ${durationText(pause)}`;
        show(job, { fraction: 0, backend: backend.name, route, waiting: { why } });
        // An abort ends the pause; the next try meets the aborted signal and ends as above.
        await pauseMs(pause, signal).catch(() => undefined);
      }
    }
  }

  async function runInTurn(
    backend: Backend,
    job: Job,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const giveBack = await deps.slots.acquire(backend.name, backend.concurrency, signal);
    try {
      router.trying(backend);
      await generateJob(backend, job, style, route, signal);
    } finally {
      giveBack();
    }
  }

  return (job, signal) => work(job, signal).catch((error: unknown) => broke(job, error));
}

/** How long to wait for a backend that will soon be free; `undefined` where it is not worth it. */
function patienceMs(error: BackendError): number | undefined {
  if (error.code !== "busy" && error.code !== "loading") return undefined;
  const pause = error.retryAfterMs ?? 5000;
  return pause <= PATIENCE_MS ? pause : undefined;
}

/** The backend that already has the work first, then the one whose queue the job waited in: its price was agreed to. */
const preferred = (candidates: readonly Backend[], job: Job): readonly Backend[] => {
  const rank = ({ name }: Backend) => (name === job.attached?.backend ? 0 : name === job.lane ? 1 : 2);
  return candidates.toSorted((a, b) => rank(a) - rank(b));
};

/** Why the first to be tried is not the first choice, for people. */
function whyHere(first: Backend | undefined, plan: Plan, job: Job): readonly string[] {
  if (first === undefined || first === plan.candidates[0]) return plan.passedOver;
  // What spoke against the others when it was asked for may be over by now, but that is why it waited here.
  if (first.name === job.lane) return job.passedOver ?? [];
  return ["it was already being made there"];
}
