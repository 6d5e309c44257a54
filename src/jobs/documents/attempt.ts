import type { StoredDocument } from "../../domain/document-order.ts";
import { type Clock, every } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { isFlushFailed } from "../../lib/flush-failed.ts";
import { isStopping } from "../../ports/backend.ts";
import type { DocumentFiles } from "../../ports/document-files.ts";
import type { DocumentMaker } from "../../ports/documents.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/store.ts";
import type { Built } from "./built.ts";
import { type Attempt, fileOf, problemOf } from "./making.ts";

export const LEASE_MS = 60_000;
const BEAT_EVERY_MS = 15_000;

/** Somebody cancelled it, or another attempt owns it: whatever comes of it is dropped. */
export const DROPPED = new Error("dropped");

export interface AttemptDeps {
  readonly store: Store;
  readonly build: (document: StoredDocument) => Promise<Built>;
  readonly maker: DocumentMaker;
  readonly files: DocumentFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** Its message shows something new. */
  readonly changed: (documentId: string) => void;
}

/** Sees one that was claimed to its end, or back into the queue. @throws what the store throws */
export function createAttempts(deps: AttemptDeps): (attempt: Attempt) => Promise<void> {
  const { store, files, log } = deps;
  const { nowMs } = deps.clock;

  async function make(running: Attempt): Promise<void> {
    const { document, control } = running;
    const { documentId, attempt, kind } = document;
    control.signal.throwIfAborted();
    const built = await deps.build(document);
    try {
      const made = await deps.maker.make(built.spec, await files.draft(documentId, attempt), {
        signal: control.signal,
        onProgress(done, total) {
          running.progress = { done, total };
          deps.changed(documentId);
        },
      });
      // Another attempt may have it by now, and may have kept its own.
      if (!(await store.keepDocument(documentId, attempt, nowMs(), LEASE_MS))) return await dropped(document);
      await files.keep(documentId, attempt);
      const isOurs = await store.finishDocument(documentId, attempt, fileOf(built, made), nowMs());
      if (isOurs) log.info("document.made", { document: documentId, kind, bytes: made.sizeBytes });
      else await dropped(document);
    } finally {
      await built.letGo();
    }
  }

  /** What another attempt has made meanwhile lies under the same name, and stays. */
  async function dropped({ documentId, attempt }: StoredDocument): Promise<void> {
    const state = (await store.document(documentId))?.state;
    if (state === "done" || state === "running") await files.discard(documentId, attempt);
    else await files.remove(documentId);
  }

  async function endedBy({ document, control }: Attempt, error: Error): Promise<void> {
    const { documentId, kind, attempt } = document;
    if (isFlushFailed(error)) throw error;
    if (isStopping(control.signal)) {
      await store.giveBackDocument(documentId, attempt);
      await files.discard(documentId, attempt);
      return;
    }
    if (control.signal.reason === DROPPED) return dropped(document);
    const problem = problemOf(error);
    if (problem.code === "internal") log.error("document.failed", { document: documentId, kind, attempt, error });
    else log.info("document.refused", { document: documentId, kind, why: problem.code });
    if (await store.failDocument(documentId, attempt, problem, nowMs())) await files.remove(documentId);
  }

  async function beat({ document, control }: Attempt): Promise<void> {
    const { documentId, attempt } = document;
    try {
      if (!(await store.keepDocument(documentId, attempt, nowMs(), LEASE_MS))) control.abort(DROPPED);
    } catch (error) {
      log.warn("documents.beat_failed", { document: documentId, error: asError(error) });
    }
  }

  return async (attempt) => {
    const stopBeating = every(deps.clock, BEAT_EVERY_MS, () => void beat(attempt));
    try {
      deps.changed(attempt.document.documentId);
      await make(attempt);
    } catch (error) {
      await endedBy(attempt, asError(error));
    } finally {
      stopBeating();
    }
  };
}
