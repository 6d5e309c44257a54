import { mkdir, rm } from "node:fs/promises";
import { openWorkerPool, type WorkerLimits } from "../lib/worker-pool.ts";
import { DocumentError, type DocumentMaker, type MadeDocument } from "../ports/documents.ts";
import type { MakeAnswer, MakeOrder } from "./messages.ts";

/** A deck of 200 pages on a busy machine. What a worker loads comes again in half a second. */
const LIMITS: WorkerLimits = {
  heapMaxMb: 256,
  workMaxMs: 20 * 60_000,
  keptMaxBytes: 128 * 1024 * 1024,
  idleMaxMs: 60_000,
};

/** The worker may be about to write into it: tried again until it has ended. */
const REMOVED = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;

/**
 * Makes documents in one worker thread, started with the first and ended when there was nothing to do for a minute. What is half
 * done lies in a folder beside the document, `PATH.part`: after a crash the next try removes it.
 *
 * @param script what the thread runs
 */
export function createDocumentMaker(script: URL = new URL("./worker.ts", import.meta.url)): DocumentMaker {
  const pool = openWorkerPool<MakeOrder, MakeAnswer>("documents", 1, script, LIMITS);
  return {
    async make(spec, path, { signal, onProgress }) {
      signal.throwIfAborted();
      const folder = `${path}.part`;
      await rm(folder, REMOVED);
      let made: MadeDocument | undefined;
      try {
        await mkdir(folder, { recursive: true });
        for await (const answer of pool.work({ spec, folder, path }, signal)) {
          switch (answer.type) {
            case "progress":
              onProgress(answer.done, answer.total);
              break;
            case "refused":
              throw new DocumentError(answer.code, spec.kind, { cause: new Error(answer.why) });
            case "failed":
              throw Object.assign(
                new Error(`could not make a document (${spec.kind}): ${answer.why}`),
                answer.isDiskFull ? { code: "ENOSPC" } : {},
              );
            case "made":
              made = answer.document;
          }
        }
        if (!made) throw new Error("the worker of the documents said nothing");
        return made;
      } finally {
        // Without the folder a worker that was ended can put nothing in place any more.
        await rm(folder, REMOVED);
        if (!made) await rm(path, { force: true });
      }
    },
    close: () => pool.close(),
  };
}
