import type { Job } from "../../domain/job.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import { fittedView } from "../../views/shown.ts";
import type { ReaderLanguage } from "../reader-language.ts";
import type { CardSource } from "./card-source.ts";
import type { Leadership } from "./leadership.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Sends } from "./sends.ts";

/** Edits the messages of unfinished jobs as they go on, no more often than their platform allows. */
interface ProgressEdits {
  start(): void;
  /** Those that wait are dropped. */
  stop(): void;
  /** Edits the message of a job to what it is now, if it was posted, as soon as it may be edited again. */
  refreshSoon(jobId: string): void;
  /** The message of this job was shown there just now: the next edit keeps its distance, and after the last there is none. */
  shown(job: Pick<Job, "jobId" | "state">, adapter: Outgoing): void;
}

const isOpen = ({ state }: Pick<Job, "state">): boolean => state === "queued" || state === "running";

export function createProgressEdits(deps: {
  readonly store: Pick<Store, "job">;
  readonly adapters: { get(platform: string): Outgoing | undefined };
  readonly reign: Leadership["reign"];
  readonly cards: Pick<CardSource, "job">;
  readonly readerLanguage: Pick<ReaderLanguage, "ofChat">;
  readonly sends: Pick<Sends, "serially">;
  readonly clock: Clock;
  readonly log: Log;
}): ProgressEdits {
  const { store, clock, log } = deps;
  /** By job, in steady ms. None: not shown by this process, or ended. */
  const editableAtMs = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  let stopped = true;

  const keepDistance = (jobId: string, { capabilities }: Outgoing) =>
    void editableAtMs.set(jobId, clock.steadyMs() + capabilities.editMinIntervalMs);
  const earlyByMs = (jobId: string) => Math.max(0, Math.ceil((editableAtMs.get(jobId) ?? 0) - clock.steadyMs()));

  async function edit(jobId: string): Promise<void> {
    // It was posted while this waited for its turn.
    if (earlyByMs(jobId) > 0) return refreshSoon(jobId);
    // The door refuses it, too: this spares the reading and drawing of what another process shows.
    if (!(await deps.reign())) return;
    const job = await store.job(jobId);
    if (!job?.message || !isOpen(job)) return;
    const adapter = deps.adapters.get(job.message.place.platform);
    if (!adapter) return;
    const view = await deps.cards.job(job);
    const language = await deps.readerLanguage.ofChat(job.target.place);
    keepDistance(jobId, adapter);
    // A lost progress edit loses nothing: the next one or the result replaces it.
    await adapter
      .edit(job.message, fittedView(view, language, adapter.capabilities))
      .catch((error: unknown) => log.debug("progress.lost", { job: jobId, error: asError(error) }));
  }

  function editNow(jobId: string): void {
    waiting.delete(jobId);
    if (!stopped) void deps.sends.serially(jobId, () => edit(jobId));
  }

  function refreshSoon(jobId: string): void {
    // A burst of progress makes one edit.
    if (waiting.has(jobId) || stopped) return;
    waiting.set(
      jobId,
      clock.after(earlyByMs(jobId), () => editNow(jobId)),
    );
  }

  function callOff(jobId: string): void {
    waiting.get(jobId)?.();
    waiting.delete(jobId);
  }

  return {
    start() {
      stopped = false;
    },
    stop() {
      stopped = true;
      for (const jobId of waiting.keys()) callOff(jobId);
    },
    refreshSoon,
    shown(job, adapter) {
      if (isOpen(job)) return keepDistance(job.jobId, adapter);
      editableAtMs.delete(job.jobId);
      callOff(job.jobId);
    },
  };
}
