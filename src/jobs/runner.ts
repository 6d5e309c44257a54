import type { Job, Progress } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import type { Style } from "../domain/style.ts";
import type { Text } from "../domain/text.ts";
import type { HoldRules } from "../domain/withheld.ts";
import { pauseMs } from "../lib/abort.ts";
import type { Clock } from "../lib/clock.ts";
import { isDatabaseAway } from "../lib/database-away.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import type { Backend } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import type { Attempt } from "./attempt.ts";
import { candidatesFor } from "./candidates.ts";
import type { Resizer } from "./enlarging/resizer.ts";
import { holdMore } from "./hold-more.ts";
import { planOf, styleOfPicture } from "./job-plan.ts";
import { brokeHere, noBackend, refusedThere, startedTooOften, styleGone } from "./job-problems.ts";
import type { LookAt } from "./judging/judged.ts";
import type { Setter } from "./lettering/setter.ts";
import type { PixelReader } from "./pixels/pixel-reader.ts";
import type { Previews } from "./previews.ts";
import type { Room } from "./room.ts";
import { withoutModel } from "./router/model-names.ts";
import type { Router } from "./router/router.ts";
import type { RunningJobs } from "./running.ts";
import type { Slots } from "./slots.ts";
import { tryBackend } from "./try-backend.ts";
import type { WarmPictures } from "./warm-pictures.ts";

/** A job that was started this often and never ended has stopped the program each time. */
const MAX_ATTEMPTS = 20;

/** Whether the database is back, of each job that waits for that. */
const ASK_AGAIN_MS = 1000;

type Making = Pick<Attempt, "job" | "style" | "signal">;
/** What came to nothing before, and why. */
interface Before {
  readonly route: readonly Text[];
  readonly tried: readonly Backend[];
}
const NOTHING: Before = { route: [], tried: [] };

export const CANCELLED = new Error("cancelled");

export interface RunnerDeps {
  readonly store: Store;
  readonly router: Router;
  readonly files: PictureFiles;
  readonly styles: ReadonlyMap<string, Style>;
  readonly yields: YieldQueue;
  readonly running: RunningJobs;
  readonly slots: Pick<Slots, "at">;
  readonly room: Pick<Room, "ranOut">;
  readonly previews: Previews;
  readonly warm: Pick<WarmPictures, "keep">;
  readonly pixels: Pick<PixelReader, "read">;
  readonly setter: Pick<Setter, "over">;
  readonly resizer: Pick<Resizer, "resize">;
  /** The classifier; absent: there is none. */
  readonly lookAt?: LookAt;
  /** Makes larger what no model makes larger. */
  readonly resampler: Backend;
  /** What may be spent within 24 hours where a job was asked for; `undefined`: no limit. */
  readonly spendCapOf: (job: Job) => Promise<number | undefined>;
  /** What is held of a job, as its chat wants it now. */
  readonly holdRulesOf: (job: Job) => Promise<HoldRules>;
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Something about a job changed: show it. */
  readonly changed: (jobId: string) => void;
}

/** Takes one claimed job through the backends that can make it, to exactly one end. Never rejects. */
export function createRunner(deps: RunnerDeps): (job: Job, signal: AbortSignal) => Promise<void> {
  const { store, nowMs, log, running, room } = deps;
  /** Attempts that ended for want of room or of the database say nothing against the job. Each restart forgets them, and costs one. */
  const spoiled = new Map<string, number>();

  const show = (job: Job, progress: Progress) => {
    running.show(job.jobId, progress);
    deps.changed(job.jobId);
  };
  const tryDeps = { ...deps, show };

  async function end(job: Job, problem: Problem): Promise<void> {
    if (await store.fail(job.jobId, job.attempt, problem, nowMs()))
      log.info("job.failed", { job: job.jobId, code: problem.code });
  }

  /** A fault of ours: the member gets their allowance back and a sentence, the operator the stack. */
  async function broke(job: Job, error: unknown, signal: AbortSignal): Promise<void> {
    if (isDiskFull(error)) return waitsForRoom(job, error);
    if (isDatabaseAway(error)) return waitsForStore(job, error, signal);
    log.error("job.broke", { job: job.jobId, error: asError(error) });
    await store.fail(job.jobId, job.attempt, brokeHere(job), nowMs()).catch(async (cause: unknown) => {
      if (isDiskFull(cause)) await waitsForRoom(job, cause);
      // The store itself is what broke: the lease ends and the job is tried again.
      else log.error("job.unfinished", { job: job.jobId, error: asError(cause) });
    });
  }

  /** Nothing is wrong with the job: failed it would be lost. Perhaps it was even done, and only the answer is missing. */
  async function waitsForStore(job: Job, error: unknown, signal: AbortSignal): Promise<void> {
    log.error("job.waits_for_store", { job: job.jobId, error: asError(error) });
    // Sooner than its lease ends.
    while (!signal.aborted && (await isAway(store.job(job.jobId))))
      await pauseMs(deps.clock, ASK_AGAIN_MS, signal).catch(() => undefined);
    await backToQueue(job);
  }

  /** For when there is room. */
  async function waitsForRoom(job: Job, error: unknown): Promise<void> {
    log.error("job.waits_for_room", { job: job.jobId, error: asError(error) });
    room.ranOut();
    await backToQueue(job);
  }

  /** Where not even that can be written its lease ends, and it is made again. */
  async function backToQueue(job: Job): Promise<void> {
    spoiled.set(job.jobId, (spoiled.get(job.jobId) ?? 0) + 1);
    await store
      .giveBack(job.jobId, job.attempt)
      .catch((cause: unknown) => log.error("job.unfinished", { job: job.jobId, error: asError(cause) }));
    deps.changed(job.jobId);
  }

  async function work(job: Job, signal: AbortSignal): Promise<void> {
    const style = deps.styles.get(job.order.request.styleId) ?? styleOfPicture(job.order);
    if (!style) return end(job, styleGone(job));
    if (job.attempt - (spoiled.get(job.jobId) ?? 0) > MAX_ATTEMPTS) return end(job, startedTooOften(job, MAX_ATTEMPTS));
    const problem = await generated({ job, style, signal });
    if (problem) await end(job, problem);
    spoiled.delete(job.jobId);
  }

  /** On the first backend that can. `undefined`: the job is done, or the signal says why not. */
  async function generated({ job, style, signal }: Making, before = NOTHING): Promise<Problem | undefined> {
    const plan = planOf(job, style, deps);
    const candidates = candidatesFor(job, plan);
    const backends = candidates.backends.filter((backend) => !before.tried.includes(backend));
    let route = [...before.route, ...candidates.route];
    let tooLarge = false;
    for (const [at, backend] of backends.entries()) {
      const onlySketchLeft = backends.slice(at + 1).every(({ where }) => where === "here");
      const attempt = { backend, job, style, route, signal };
      const setback = (await holdMore(attempt, deps)) ?? (await tryBackend(attempt, onlySketchLeft, tryDeps));
      if (setback === "done" || signal.aborted) return undefined;
      route = [...route, setback.why];
      running.routed(job.jobId, route);
      tooLarge ||= setback.tooLarge === true;
      // What a model will not make larger is made larger all the same.
      const isLast = at === backends.length - 1;
      if (!setback.elsewhere && (isLast || job.order.enlarge === undefined)) return refusedThere(setback.why);
    }
    // The chat's usual model was nobody's wish: what draws otherwise, draws.
    const freely = job.order.modelFrom && { ...job, order: withoutModel(job.order) };
    if (freely) return generated({ job: freely, style, signal }, { route, tried: backends });
    const waitMs = plan.retryAtMs === undefined ? undefined : plan.retryAtMs - nowMs();
    return noBackend(job, route, { tooLarge, waitMs });
  }

  return (job, signal) => work(job, signal).catch((error: unknown) => broke(job, error, signal));
}

const isAway = (asked: Promise<unknown>): Promise<boolean> => asked.then(() => false, isDatabaseAway);
