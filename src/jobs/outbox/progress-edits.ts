import type { Job } from "../../domain/job.ts";
import type { MessageRef } from "../../domain/place.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { ChatAdapter } from "../../ports/chat.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import { fittedView } from "../../views/shown.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import type { Sends } from "./sends.ts";

/** Edits the messages of unfinished jobs as they go on, no more often than their platform allows. */
interface ProgressEdits {
  start(): void;
  /** Those that wait are dropped. */
  stop(): void;
  /** Edits the message of a job to what it is now, if it was posted, as soon as it may be edited again. */
  refreshSoon(jobId: string): void;
  /** The message of this job was shown just now: the next edit keeps its distance. */
  shown(job: Pick<Job, "jobId" | "state">): void;
}

const USUAL_INTERVAL_MS = 1000;

const isOpen = ({ state }: Pick<Job, "state">): boolean => state === "queued" || state === "running";

export function createProgressEdits(deps: {
  readonly store: Pick<Store, "job">;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly cards: Pick<CardSource, "job">;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly sends: Pick<Sends, "serially">;
  readonly clock: Clock;
  readonly log: Log;
}): ProgressEdits {
  const { store, clock, log } = deps;
  const { nowMs } = clock;
  const lastEditAtMs = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  let stopped = true;

  const adapterOf = ({ place }: MessageRef) => deps.adapters.get(place.platform);

  async function edit(jobId: string): Promise<void> {
    const job = await store.job(jobId);
    if (!job?.message || !isOpen(job)) return;
    const adapter = adapterOf(job.message);
    const view = await deps.cards.job(jobId);
    if (!adapter || !view) return;
    const language = await deps.readerLanguage.ofChat(job.target.place);
    lastEditAtMs.set(jobId, nowMs());
    // A lost progress edit loses nothing: the next one or the result replaces it.
    await adapter
      .edit(job.message, fittedView(view, language, adapter.capabilities))
      .catch((error: unknown) => log.debug("progress.lost", { job: jobId, error: asError(error) }));
  }

  function editNow(jobId: string): void {
    waiting.delete(jobId);
    if (!stopped) void deps.sends.serially(jobId, () => edit(jobId));
  }

  /** How long until the platform takes another edit of it. */
  async function pauseMsOf(jobId: string): Promise<number> {
    const message = (await store.job(jobId))?.message;
    const intervalMs = (message && adapterOf(message)?.capabilities.editMinIntervalMs) ?? USUAL_INTERVAL_MS;
    return Math.max(0, (lastEditAtMs.get(jobId) ?? 0) + intervalMs - nowMs());
  }

  return {
    start() {
      stopped = false;
    },
    stop() {
      stopped = true;
      for (const callOff of waiting.values()) callOff();
      waiting.clear();
    },
    refreshSoon(jobId) {
      if (waiting.has(jobId) || stopped) return;
      // Held at once, so that a burst of progress makes one edit.
      const hold = () => {};
      waiting.set(jobId, hold);
      pauseMsOf(jobId).then(
        (waitMs) => {
          if (waiting.get(jobId) === hold)
            waiting.set(
              jobId,
              clock.after(waitMs, () => editNow(jobId)),
            );
        },
        (error: unknown) => {
          waiting.delete(jobId);
          log.warn("progress.unreadable", { job: jobId, error: asError(error) });
        },
      );
    },
    shown(job) {
      // Ended jobs get no progress edits, so their time need not be remembered.
      if (isOpen(job)) lastEditAtMs.set(job.jobId, nowMs());
      else lastEditAtMs.delete(job.jobId);
    },
  };
}
