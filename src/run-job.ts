import { asError } from "./as-error.ts";
import { type Backend, BackendError, type BackendEvent } from "./backend.ts";
import type { Progress } from "./cards.ts";
import { chatKeyOf } from "./chat.ts";
import { chargeOf, estimate, megapixelStepsOf } from "./estimate.ts";
import { imageIdOf, parseImageId } from "./ids.ts";
import type { Job, NewPicture } from "./job.ts";
import type { Log } from "./log.ts";
import { type Made, makePicture } from "./make-picture.ts";
import { pauseMs } from "./pause.ts";
import type { PictureFiles } from "./picture-files.ts";
import type { Previews } from "./previews.ts";
import type { Problem } from "./problem.ts";
import { requestOf } from "./recipe.ts";
import type { Router } from "./router.ts";
import type { RunningJobs } from "./running-jobs.ts";
import type { Slots } from "./slots.ts";
import type { Store } from "./store.ts";
import type { Style } from "./style.ts";
import { durationText } from "./time-text.ts";
import { asImageToImage } from "./vary.ts";

/** A job that was started this often and never ended has stopped the program each time. */
const MAX_ATTEMPTS = 20;
/** A model that is busy or loading for no longer than this is waited for, rather than replaced by the sketch. */
const PATIENCE_MS = 90_000;
const PATIENT_TRIES = 3;

export const STOPPING = new Error("stopping");
export const CANCELLED = new Error("cancelled");

export interface JobRunnerDeps {
  readonly store: Store;
  readonly router: Router;
  readonly files: PictureFiles;
  readonly styles: ReadonlyMap<string, Style>;
  readonly slots: Slots;
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
export function createJobRunner(deps: JobRunnerDeps): (job: Job, signal: AbortSignal) => Promise<void> {
  const { store, router, files, nowMs, log, running } = deps;

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
    const route = [...plan.passedOver];
    const candidates = preferred(plan.candidates, job);
    for (const [at, backend] of candidates.entries()) {
      const onlySketchLeft = candidates.slice(at + 1).every(({ where }) => where === "here");
      const problem = (await unpaid(job, backend)) ?? (await tryOn(backend, job, style, route, signal, onlySketchLeft));
      if (problem === "done" || signal.aborted) return;
      route.push(`${backend.title} ${problem.text}`);
      if (!problem.elsewhere)
        return end(job, {
          code: "rejected",
          text: `${route.at(-1)}. Change the words or settings and try again. Your allowance was returned.`,
        });
    }
    const why = route.length > 0 ? ` ${route.join("; ")}.` : "";
    return end(job, {
      code: "no_backend",
      text: `No picture this time.${why} Your allowance was returned; try again in a few minutes (job ${job.jobId}).`,
    });
  }

  interface Setback {
    /** Continues the backend's title. */
    readonly text: string;
    readonly elsewhere: boolean;
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
          if (signal.reason === STOPPING) await store.giveBack(job.jobId, job.attempt);
          return "done";
        }
        if (!(error instanceof BackendError)) throw error;
        log.warn("backend.failed", { job: job.jobId, backend: backend.name, code: error.code, error });
        const pause = patient && tries < PATIENT_TRIES ? patienceMs(error) : undefined;
        if (pause === undefined) {
          router.failed(backend, error);
          return { text: `failed: ${error.memberText}`, elsewhere: error.elsewhere };
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
    const giveBack = await deps.slots.take(backend.name, backend.concurrency, signal);
    try {
      router.trying(backend);
      await runOn(backend, job, style, route, signal);
    } finally {
      giveBack();
    }
  }

  async function runOn(
    backend: Backend,
    job: Job,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const made: Made[] = [];
    const { count } = job.order;
    const startedAtMs = nowMs();
    for (let index = 0; index < count; index += 1) {
      made.push(await makeOne(backend, job, index, style, route, signal));
    }
    const usedMs = made.reduce((sum, each) => sum + each.usedMs, 0);
    const pictures = made.map((each, index) => pictureOf(job, index, each, nowMs()));
    const finished = await store.finish({
      jobId: job.jobId,
      attempt: job.attempt,
      outcome: { backend: backend.name, route, usedGpuMs: chargeOf(usedMs, backend), tookMs: nowMs() - startedAtMs },
      pictures,
      ...(made.some((each) => each.reattached)
        ? {}
        : {
            measured: { backend: backend.name, megapixelSteps: megapixelStepsOf(job.order), pictures: count, usedMs },
          }),
      nowMs: nowMs(),
    });
    if (finished)
      log.info("job.done", {
        job: job.jobId,
        backend: backend.name,
        pictures: count,
        usedMs,
        tookMs: nowMs() - startedAtMs,
      });
  }

  async function makeOne(
    backend: Backend,
    job: Job,
    index: number,
    style: Style,
    route: readonly string[],
    signal: AbortSignal,
  ): Promise<Made> {
    const request = asImageToImage(requestOf(job.order, index), backend.features, job.order.lineage?.parentImageId);
    const initBytes = request.init && (await startingPicture(request.init.key));
    if (request.init && !initBytes)
      throw new BackendError(backend.name, "rejected", "the starting picture is gone", {
        memberText: "the picture to start from is gone",
      });
    // The place in a batch goes along: only that picture can be picked up again.
    const attachKey =
      job.attached?.backend === backend.name && job.attached.key.startsWith(`${index}:`)
        ? job.attached.key.slice(2)
        : undefined;
    const shown = { fraction: index / job.order.count, backend: backend.name, route };
    show(job, shown);
    const made = await makePicture(
      backend,
      {
        request,
        style,
        ...(initBytes ? { initBytes } : {}),
        ...(attachKey === undefined ? {} : { attachKey }),
        signal,
      },
      {
        attached: (key) => store.attach(job.jobId, job.attempt, { backend: backend.name, key: `${index}:${key}` }),
        happened(event) {
          if (event.type === "progress" && event.preview) deps.previews.offer(job.jobId, event.preview);
          show(job, progressAfter(event, shown, index, job.order.count));
        },
      },
      nowMs,
    );
    await files.save(imageIdOf(job.jobId, index), made.original);
    return made;
  }

  const startingPicture = (key: string): Promise<Uint8Array | undefined> =>
    parseImageId(key) ? files.original(key) : files.input(key);

  return (job, signal) => work(job, signal).catch((error: unknown) => broke(job, error));
}

type Happening = Extract<BackendEvent, { type: "waiting" | "progress" }>;

function progressAfter(event: Happening, before: Progress, index: number, count: number): Progress {
  switch (event.type) {
    case "waiting": {
      const { position, etaMs, why } = event;
      return {
        ...before,
        waiting: {
          ...(position === undefined ? {} : { position }),
          ...(etaMs === undefined ? {} : { etaMs }),
          ...(why === undefined ? {} : { why }),
        },
      };
    }
    case "progress":
      return {
        ...before,
        fraction: (index + event.fraction) / count,
        ...(event.step ? { step: event.step } : {}),
      };
  }
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

const pictureOf = (job: Job, index: number, made: Made, madeAtMs: number): NewPicture => ({
  imageId: imageIdOf(job.jobId, index),
  jobId: job.jobId,
  index,
  chatKey: chatKeyOf(job.target.place),
  memberId: job.memberId,
  memberName: job.memberName,
  madeAtMs,
  recipe: made.recipe,
  order: job.order,
  sha256: made.sha256,
});
