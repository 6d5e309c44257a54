import type { Job } from "../../domain/job.ts";
import type { MessageRef } from "../../domain/place.ts";
import type { Problem } from "../../domain/problem.ts";
import { asError } from "../../lib/error.ts";
import { type ChatAdapter, ChatError } from "../../ports/chat.ts";
import { fitView } from "../../ports/fit-view.ts";
import type { Log } from "../../ports/log.ts";
import type { OutboxKey, OutboxRow, Store } from "../../ports/store.ts";
import type { View } from "../../ports/view.ts";
import type { CardSource } from "./card-source.ts";
import type { Outages } from "./outages.ts";

export interface Relay {
  start(): void;
  /** There may be something to send. */
  kick(): void;
  /** Edits the message of a job to what it is now, if it was posted and may be edited again already: progress. */
  refreshSoon(jobId: string): void;
  /** Ends after the sends under way, within `withinMs`. */
  stop(withinMs: number): Promise<void>;
  /** Nothing is being sent. Rows that are postponed do not count. */
  idle(): Promise<void>;
}

const AT_ONCE = 32;
const LOOK_EVERY_MS = 1000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
/** No message of it can be shown, so nobody should pay for it. */
const UNSEEN: Problem = { code: "cancelled", text: "It could not be shown here. The allowance was returned." };
/** Asked so often to show the whole card of something the platform refuses or we get wrong, then so often its plain words. */
const WHOLE_TRIES = 6;
const PLAIN_TRIES = 3;
/** The platform was taken out of the settings: its messages wait for it to come back. */
const ABSENT_RETRY_MS = 600_000;

const keyOf = ({ jobId, kind }: OutboxKey): string => `${jobId} ${kind}`;

/** Sends what the outbox owes. One send per job at a time, so a late progress edit never overtakes the result. */
export function createRelay(deps: {
  readonly store: Store;
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly cards: CardSource;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly outages: Outages;
}): Relay {
  const { store, cards, nowMs, log, outages } = deps;
  const sending = new Map<string, Promise<void>>();
  const lastEditAtMs = new Map<string, number>();
  /** Posted anew, because their message was gone, and not edited since. */
  const anew = new Set<string>();
  /** By message: how often it was refused as it is, in this process. What waits for a platform to come back does not count. */
  const refusals = new Map<string, number>();
  const waitingEdits = new Map<string, NodeJS.Timeout>();
  let ticking = false;
  let again = false;
  let looks = 0;
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;

  /** Runs `work` after what is being sent for this job. Never rejects. */
  function serially(jobId: string, work: () => Promise<void>): Promise<void> {
    const before = sending.get(jobId) ?? Promise.resolve();
    const run = before
      .then(work)
      .catch((error: unknown) => log.error("outbox.broke", { job: jobId, error: asError(error) }));
    sending.set(jobId, run);
    void run.then(() => {
      if (sending.get(jobId) === run) sending.delete(jobId);
    });
    return run;
  }

  async function send(row: OutboxRow): Promise<void> {
    const job = await store.job(row.jobId);
    if (!job) return store.abandon(row);
    const adapter = deps.adapters.get(job.target.place.platform);
    if (!adapter) return store.postpone(row, nowMs() + ABSENT_RETRY_MS);
    try {
      await show(row, job, adapter);
      outages.worked(adapter.platform);
    } catch (error) {
      await failedToSend(row, asError(error));
    }
  }

  /** Ended jobs get no progress edits, so their time need not be remembered. */
  function noteEdit(job: Job): void {
    if (job.state === "queued" || job.state === "running") lastEditAtMs.set(job.jobId, nowMs());
    else lastEditAtMs.delete(job.jobId);
  }

  async function show(row: OutboxRow, job: Job, adapter: ChatAdapter): Promise<void> {
    const key = keyOf(row);
    const plainly = (refusals.get(key) ?? 0) >= WHOLE_TRIES;
    const view = plainly ? await cards.plain(job, row.kind) : await viewOf(row, job);
    if (!view) return store.abandon(row);
    if (row.message) {
      try {
        await adapter.edit(row.message, fitView(view, adapter.capabilities));
        noteEdit(job);
        anew.delete(key);
        await store.posted(row, row.revision, row.message);
        refusals.delete(key);
        return;
      } catch (error) {
        if (!(error instanceof ChatError) || error.code !== "gone") throw error;
        // A member deleted it before the picture came: the answer goes to the chat as a new message. What they deleted
        // after it was complete stays deleted.
        if (job.state === "done" && row.revision > (row.kind === "job" ? 2 : 1)) return store.abandon(row);
        // Whatever takes the new one away as well would do so for ever.
        if (anew.delete(key)) return store.abandon(row);
        anew.add(key);
      }
    }
    await postFirst(row, job, adapter, view, plainly);
  }

  async function postFirst(
    row: OutboxRow,
    job: Job,
    adapter: ChatAdapter,
    view: View,
    plainly: boolean,
  ): Promise<void> {
    const nonce = `${row.message ? "g" : row.kind === "job" ? "j" : row.kind}.${row.jobId}`;
    const options = { nonce, visibility: "public" } as const;
    const first = adapter.capabilities.postsOnce || plainly ? view : cards.placeholder(job, row.kind);
    // The token answers the event once: with the job's own message. What is posted beside it must not take its place.
    const { replyToken, replyTokenExpiresAtMs, ...beside } = job.target;
    const target = row.kind === "job" ? job.target : beside;
    const message = await adapter.post(target, fitView(first, adapter.capabilities), options);
    noteEdit(job);
    // What was only a placeholder stays due and is edited next. So does what a nonce may have found: the post of an earlier
    // try, whose answer was lost or whose process died, with what the job was then.
    const certain = adapter.capabilities.postsOnce && row.revision === 1 && row.failures === 0;
    await store.posted(row, certain ? row.revision : row.revision - 1, message);
  }

  function viewOf({ kind, byName }: OutboxRow, { jobId }: Job): Promise<View | undefined> {
    if (kind === "job") return cards.job(jobId);
    const index = Number(kind.slice("pick".length));
    return kind.startsWith("file") ? cards.original(jobId, index) : cards.pick(jobId, index, byName ?? "");
  }

  async function failedToSend(row: OutboxRow, error: Error): Promise<void> {
    const code = error instanceof ChatError ? error.code : "broke";
    const fields = { job: row.jobId, kind: row.kind };
    if (!(error instanceof ChatError)) log.debug("outbox.broke", { ...fields, failures: row.failures, error });
    // A platform's pace is no trouble: everything in a busy chat waits a little.
    else if (error.code === "rate_limited") log.debug("outbox.paced", { ...fields, failures: row.failures });
    else outages.failed(error, fields);
    // An original that the platform cannot carry stays to be had from the web chat or the disk; a picture is made smaller.
    if (code === "gone" && row.kind === "job" && !row.message) await store.cancel(row.jobId, UNSEEN, nowMs());
    if (code === "gone" || (code === "too_large" && row.kind.startsWith("file"))) {
      refusals.delete(keyOf(row));
      return store.abandon(row);
    }
    const backoffMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(row.failures, 10));
    // A fault of ours waits as well: tried again at once it would fail for ever, as fast as it can.
    const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined;
    const waitMs = retryAfterMs ?? backoffMs;
    await store.postpone(row, nowMs() + waitMs);
    // Only once the store could note it: what it fails at is no fault of the card.
    if (!(error instanceof ChatError) || code === "too_large") await refused(row, error);
    // Sooner than the next regular look: a platform that asks for 50 ms need not make a member wait a second.
    if (waitMs < LOOK_EVERY_MS) setTimeout(() => void tick(), waitMs).unref();
  }

  /** The same again would be refused for ever: its plain words stand in for it, and where they fail too it is let go. */
  async function refused(row: OutboxRow, error: Error): Promise<void> {
    const key = keyOf(row);
    const times = (refusals.get(key) ?? 0) + 1;
    refusals.set(key, times);
    const fields = { job: row.jobId, kind: row.kind, times, error };
    if (times === 1) log.error("outbox.refused", fields);
    if (times === WHOLE_TRIES) {
      log.error("outbox.told_plainly", fields);
      // Something else is tried now, and its member has waited long enough.
      await store.postpone(row, nowMs());
    }
    if (times < WHOLE_TRIES + PLAIN_TRIES) return;
    refusals.delete(key);
    log.error("outbox.given_up", fields);
    // A message that is there is right again with its next change. One that never was has nobody who could see it.
    if (row.message) return store.posted(row, row.revision, row.message);
    if (row.kind === "job") await store.cancel(row.jobId, UNSEEN, nowMs());
    await store.abandon(row);
  }

  /** Once this job counts as sent: its next revision may be due. */
  function lookSoon(): void {
    looks += 1;
    setImmediate(() => {
      looks -= 1;
      void tick();
    });
  }

  /** Starts what can be sent. A send that takes long holds up its own job only. */
  async function tick(): Promise<void> {
    if (ticking || stopped) {
      again = true;
      return;
    }
    ticking = true;
    try {
      do {
        again = false;
        const due = await store.due(nowMs(), AT_ONCE);
        for (const row of due.filter(({ jobId }) => !sending.has(jobId)).slice(0, Math.max(0, AT_ONCE - sending.size)))
          void serially(row.jobId, async () => {
            await send(row);
            lookSoon();
          });
      } while (again && !stopped);
    } catch (error) {
      log.error("outbox.unreadable", { error: asError(error) });
    } finally {
      ticking = false;
    }
  }

  async function editNow(jobId: string): Promise<void> {
    waitingEdits.delete(jobId);
    if (stopped) return;
    await serially(jobId, async () => {
      const job = await store.job(jobId);
      if (!job?.message || (job.state !== "queued" && job.state !== "running")) return;
      const adapter = deps.adapters.get(job.message.place.platform);
      const view = await cards.job(jobId);
      if (!adapter || !view) return;
      lastEditAtMs.set(jobId, nowMs());
      // A lost progress edit loses nothing: the next one or the result replaces it.
      await adapter
        .edit(job.message, fitView(view, adapter.capabilities))
        .catch((error: unknown) => log.debug("progress.lost", { job: jobId, error: asError(error) }));
    });
  }

  const intervalOf = (message: MessageRef | undefined) =>
    (message && deps.adapters.get(message.place.platform)?.capabilities.editMinIntervalMs) ?? 1000;

  return {
    start() {
      stopped = false;
      timer = setInterval(() => void tick(), LOOK_EVERY_MS);
      void tick();
    },
    kick: () => void tick(),
    refreshSoon(jobId) {
      if (waitingEdits.has(jobId) || stopped) return;
      // Held at once, so that a burst of progress makes one edit.
      const hold = setTimeout(() => undefined, 0);
      waitingEdits.set(jobId, hold);
      void store
        .job(jobId)
        .then((job) => {
          if (waitingEdits.get(jobId) !== hold) return;
          const waitMs = Math.max(0, (lastEditAtMs.get(jobId) ?? 0) + intervalOf(job?.message) - nowMs());
          waitingEdits.set(
            jobId,
            setTimeout(() => void editNow(jobId), waitMs),
          );
        })
        .catch((error: unknown) => {
          waitingEdits.delete(jobId);
          log.warn("progress.unreadable", { job: jobId, error: asError(error) });
        });
    },
    async stop(withinMs) {
      stopped = true;
      clearInterval(timer);
      for (const waiting of waitingEdits.values()) clearTimeout(waiting);
      waitingEdits.clear();
      const late = Promise.withResolvers<void>();
      const limit = setTimeout(late.resolve, withinMs);
      await Promise.race([Promise.all(sending.values()), late.promise]);
      clearTimeout(limit);
    },
    async idle() {
      while (ticking || looks > 0 || sending.size > 0) {
        await Promise.all(sending.values());
        await new Promise(setImmediate);
      }
    },
  };
}
