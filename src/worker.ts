import { asError } from "./as-error.ts";
import { type Backend, BackendError } from "./backend.ts";
import type { Progress } from "./cards.ts";
import { chatKeyOf } from "./chat.ts";
import { chargeOf, megapixelStepsOf } from "./estimate.ts";
import { imageIdOf, parseImageId } from "./ids.ts";
import type { Job, NewPicture } from "./job.ts";
import type { Log } from "./log.ts";
import { type Made, makePicture } from "./make-picture.ts";
import type { PictureFiles } from "./picture-files.ts";
import type { Problem } from "./problem.ts";
import { requestOf } from "./recipe.ts";
import type { Router } from "./router.ts";
import type { Store } from "./store.ts";
import type { Style } from "./style.ts";
import { asImageToImage } from "./vary.ts";

export interface Worker {
  start(): void;
  /** There may be a job to start. */
  kick(): void;
  /** Stops the work on a job that the store has already ended; harmless when it runs nowhere here. */
  abort(jobId: string): void;
  progressOf(jobId: string): Progress | undefined;
  /** Gives running jobs back to the queue. Ends within a second. */
  stop(): Promise<void>;
  idle(): Promise<void>;
}

const LEASE_MS = 60_000;
const BEAT_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 1000;
/** A job that was started this often and never ended has stopped the program each time. */
const MAX_ATTEMPTS = 20;

const STOPPING = new Error("stopping");
const CANCELLED = new Error("cancelled");

/** Takes jobs from each backend's lane, in the fair order of the store, and sees each to exactly one end. */
export function createWorker(deps: {
  readonly store: Store;
  readonly router: Router;
  readonly files: PictureFiles;
  readonly styles: ReadonlyMap<string, Style>;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Something about a job changed: show it. */
  readonly changed: (jobId: string) => void;
  /** A job ended and others moved up. */
  readonly ended: () => void;
}): Worker {
  const { store, router, files, nowMs, log } = deps;
  const running = new Map<string, { readonly abort: AbortController; progress: Progress | undefined }>();
  const working = new Set<Promise<void>>();
  const busy = new Map<string, number>();
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  const looking = new Map<string, boolean>();

  /** Fills the free places of one lane. A second call while it looks makes it look once more. */
  async function look(backend: Backend): Promise<void> {
    if (stopped) return;
    if (looking.has(backend.name)) {
      looking.set(backend.name, true);
      return;
    }
    looking.set(backend.name, false);
    try {
      while (!stopped && (busy.get(backend.name) ?? 0) < backend.concurrency) {
        const job = await store.claim(backend.name, nowMs(), LEASE_MS);
        if (!job) {
          if (looking.get(backend.name) !== true) return;
          looking.set(backend.name, false);
          continue;
        }
        begin(backend.name, job);
      }
    } catch (error) {
      log.error("queue.unreadable", { lane: backend.name, error: asError(error) });
    } finally {
      looking.delete(backend.name);
    }
  }

  function begin(lane: string, job: Job): void {
    busy.set(lane, (busy.get(lane) ?? 0) + 1);
    const abort = new AbortController();
    running.set(job.jobId, { abort, progress: undefined });
    const beat = setInterval(() => void keepLease(job, abort), BEAT_EVERY_MS);
    const run = work(job, abort.signal)
      .catch((error: unknown) => broke(job, error))
      .finally(() => {
        clearInterval(beat);
        running.delete(job.jobId);
        busy.set(lane, (busy.get(lane) ?? 1) - 1);
        working.delete(run);
        deps.ended();
        kick();
      });
    working.add(run);
  }

  async function keepLease(job: Job, abort: AbortController): Promise<void> {
    try {
      if (!(await store.heartbeat(job.jobId, job.attempt, nowMs(), LEASE_MS))) abort.abort(CANCELLED);
    } catch (error) {
      log.warn("queue.beat_failed", { job: job.jobId, error: asError(error) });
    }
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
    const plan = router.plan(job.order, style);
    const route = [...plan.passedOver];
    for (const backend of preferAttached(plan.candidates, job)) {
      router.trying(backend);
      try {
        await runOn(backend, job, style, route, signal);
        router.succeeded(backend);
        return;
      } catch (error) {
        if (signal.aborted)
          return signal.reason === STOPPING ? void (await store.giveBack(job.jobId, job.attempt)) : undefined;
        if (!(error instanceof BackendError)) throw error;
        log.warn("backend.failed", { job: job.jobId, backend: backend.name, code: error.code, error });
        router.failed(backend, error);
        route.push(`${backend.title} failed: ${error.memberText}`);
        if (!error.elsewhere)
          return end(job, {
            code: "rejected",
            text: `${route.at(-1)}. Change the words or settings and try again. Your allowance was returned.`,
          });
      }
    }
    const why = route.length > 0 ? ` ${route.join("; ")}.` : "";
    return end(job, {
      code: "no_backend",
      text: `No picture this time.${why} Your allowance was returned; try again in a few minutes (job ${job.jobId}).`,
    });
  }

  async function end(job: Job, problem: Problem): Promise<void> {
    if (await store.fail(job.jobId, job.attempt, problem, nowMs()))
      log.info("job.failed", { job: job.jobId, code: problem.code });
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
    const { count } = job.order;
    const wanted = requestOf(job.order, index);
    const request = asImageToImage(wanted, backend.features, job.order.lineage?.parentImageId);
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
    const watching = {
      attached: (key: string) =>
        store.attach(job.jobId, job.attempt, { backend: backend.name, key: `${index}:${key}` }),
      progressed: (fraction: number, step: Progress["step"]) => {
        const entry = running.get(job.jobId);
        if (entry)
          entry.progress = {
            fraction: (index + fraction) / count,
            backend: backend.name,
            route,
            ...(step ? { step } : {}),
          };
        deps.changed(job.jobId);
      },
    };
    watching.progressed(0, undefined);
    const made = await makePicture(
      backend,
      {
        request,
        style,
        ...(initBytes ? { initBytes } : {}),
        ...(attachKey === undefined ? {} : { attachKey }),
        signal,
      },
      watching,
      nowMs,
    );
    await files.save(imageIdOf(job.jobId, index), made.original);
    return made;
  }

  const startingPicture = (key: string): Promise<Uint8Array | undefined> =>
    parseImageId(key) ? files.original(key) : files.input(key);

  const kick = () => {
    for (const backend of router.backends) void look(backend);
  };

  return {
    start() {
      stopped = false;
      timer = setInterval(kick, LOOK_EVERY_MS);
      kick();
    },
    kick,
    abort: (jobId) => running.get(jobId)?.abort.abort(CANCELLED),
    progressOf: (jobId) => running.get(jobId)?.progress,
    async stop() {
      stopped = true;
      clearInterval(timer);
      for (const { abort } of running.values()) abort.abort(STOPPING);
      await Promise.all(working);
    },
    async idle() {
      while (working.size > 0 || looking.size > 0) {
        await Promise.all(working);
        await new Promise(setImmediate);
      }
    },
  };
}

/** The backend that already has the work goes first. */
const preferAttached = (candidates: readonly Backend[], job: Job): readonly Backend[] =>
  candidates.toSorted((a, b) => Number(b.name === job.attached?.backend) - Number(a.name === job.attached?.backend));

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
