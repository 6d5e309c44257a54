import { DOCUMENT_MAX_LOSSES } from "../../domain/document-order.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { every } from "../../lib/clock.ts";
import { coalesce } from "../../lib/coalesce.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import { STOPPING } from "../../ports/backend.ts";
import { type AttemptDeps, createAttempts, DROPPED, LEASE_MS } from "./attempt.ts";
import type { Attempt, Progress } from "./making.ts";

const LOOK_EVERY_MS = 2000;

export interface DocumentWorker {
  start(): void;
  /** One more may wait. */
  kick(): void;
  /** Waiting or being made. false: it had ended. */
  cancel(documentId: string, byName: string): Promise<boolean>;
  /** `undefined`: it is not being made here. */
  progressOf(documentId: string): Progress | undefined;
  /** Gives the one that is being made back to the queue. Ends within a second. */
  stop(): Promise<void>;
  idle(): Promise<void>;
}

/** Makes what was asked for, one after the other, beside the pictures' lanes; each comes to exactly one end. */
export function createDocumentWorker(
  deps: AttemptDeps & {
    /** One ended, or waits again: something is owed. */
    readonly ended: () => void;
  },
): DocumentWorker {
  const { store, clock, log } = deps;
  const { nowMs } = clock;
  const attempt = createAttempts(deps);
  let current: Attempt | undefined;
  let stopped = true;
  let stopLooking = () => {};

  async function makeAll(): Promise<void> {
    while (!stopped) {
      const document = await store.claimDocument(nowMs(), LEASE_MS);
      if (!document) return;
      current = { document, control: new AbortController() };
      if (document.losses >= DOCUMENT_MAX_LOSSES) current.control.abort(new Error("it has ended too many processes"));
      await attempt(current);
      current = undefined;
      deps.ended();
    }
  }
  const work = coalesce(makeAll, (error) => {
    current = undefined;
    log.error("documents.unreadable", { error: asError(error) });
    if (isFlushFailed(error)) stopLooking();
  });

  return {
    start() {
      stopped = false;
      // Leases end, and another process may have left one.
      stopLooking = every(clock, LOOK_EVERY_MS, work.ask);
      work.ask();
    },
    kick() {
      if (!stopped) work.ask();
    },
    async cancel(documentId, byName) {
      const problem: Problem = { code: "cancelled", text: text("document.cancelled", { name: byName }) };
      const ended = await store.cancelDocument(documentId, problem, nowMs());
      if (ended && current?.document.documentId === documentId) current.control.abort(DROPPED);
      return ended;
    },
    progressOf: (documentId) => (current?.document.documentId === documentId ? current.progress : undefined),
    async stop() {
      stopped = true;
      stopLooking();
      // One that is being claimed in this moment begins all the same, and has to be given back.
      while (work.running) {
        current?.control.abort(STOPPING);
        await new Promise(setImmediate);
      }
    },
    async idle() {
      while (work.running) await new Promise(setImmediate);
    },
  };
}
