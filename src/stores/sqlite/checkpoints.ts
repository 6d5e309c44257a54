import { Worker } from "node:worker_threads";
import type { Log } from "../../ports/log.ts";
import type { Database } from "./database.ts";

/** Keeps the log short: copies what it holds into the database, in a thread of its own, and lets the log begin anew. */
export interface Checkpoints {
  /** The log may have grown. Costs some microseconds where there is nothing to do. */
  look(): void;
  /** Resolves when writers are let in again; `undefined`: they are. Who writes all the same is held up by SQLite itself. */
  writable(): Promise<void> | undefined;
  /** Writes all of the database anew, so that nothing of what was deleted is left in it, and empties the log. Writers wait. */
  erase(): Promise<void>;
  /** What is under way ends by itself. Twice is harmless. */
  close(): void;
}

/**
 * "copy": nobody waits for it. "begin anew": copies the little that came meanwhile, and keeps writers out for that moment:
 * under endless load there would never be one at which all of the log is copied, and it would grow without end. "erase": see there.
 */
export interface CheckpointOrder {
  readonly file: string;
  readonly step: "copy" | "begin anew" | "erase";
  /** What a log that had grown longer is cut back to. */
  readonly keptBytes: number;
}

export interface CheckpointAnswer {
  readonly error?: Error;
}

export interface CheckpointOptions {
  readonly log?: Log | undefined;
  /** Called after each step. */
  readonly done?: () => void;
  /** The log is copied from this length on. */
  readonly logPages?: number;
}

/** 8 MB: rarer copies write a page that changes often fewer times. */
const LOG_PAGES = 2000;
/** From so many times that length on writers wait for the copy: where the machine is so busy that it does not come round. */
const CROWDED_TIMES = 4;
const PAGE_BYTES = 4096;
/** As SQLite does by itself: the way out where no thread can be had. */
const AUTO_PAGES = 1000;
const AGAIN_AFTER_MS = 10_000;
/** The thread ends after so long without work: it takes some 5 MB. */
const IDLE_MS = 10_000;
const SCRIPT = new URL("./checkpoint-worker.ts", import.meta.url);

export function createCheckpoints(
  db: Database,
  { log, done, logPages = LOG_PAGES }: CheckpointOptions = {},
): Checkpoints {
  // Tells the pages of the log, and changes nothing.
  const size = db.query<{ readonly log: number }>("PRAGMA wal_checkpoint(NOOP)");
  let worker: Worker | undefined;
  let step: CheckpointOrder["step"] | undefined;
  let crowded = false;
  let letIn = Promise.withResolvers<void>();
  let erasing: PromiseWithResolvers<void> | undefined;
  let notBeforeMs = 0;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  function look(): void {
    if (closed || performance.now() < notBeforeMs || db.isOpenTransaction()) return;
    const pages = size.get()?.log ?? 0;
    crowded = pages >= logPages * CROWDED_TIMES;
    if (!step && pages >= logPages) order("copy");
  }

  function order(next: CheckpointOrder["step"]): void {
    step = next;
    clearTimeout(idle);
    worker ??= started();
    worker.postMessage({ file: db.file, step, keptBytes: logPages * PAGE_BYTES } satisfies CheckpointOrder);
  }

  function started(): Worker {
    const made = new Worker(SCRIPT, { name: "checkpoints", resourceLimits: { maxYoungGenerationSizeMb: 1 } });
    // Nobody waits for a checkpoint at the end: the log holds everything.
    made.unref();
    made.on("message", ({ error }: CheckpointAnswer) => {
      const before = step;
      over();
      if (before === "erase") erased(error);
      else if (error) failed(error);
      else done?.();
      if (before === "copy" && !error && !closed) order("begin anew");
      else idle = setTimeout(end, IDLE_MS).unref();
    });
    made.on("error", (error) => {
      over();
      erased(error instanceof Error ? error : new Error(String(error)));
      failed(error instanceof Error ? error : new Error(String(error)));
      notBeforeMs = Number.POSITIVE_INFINITY;
      if (!closed) db.exec(`PRAGMA wal_autocheckpoint = ${AUTO_PAGES}`);
    });
    return made;
  }

  function erased(error?: Error): void {
    const asked = erasing;
    erasing = undefined;
    if (error) asked?.reject(error);
    else asked?.resolve();
  }

  function over(): void {
    step = undefined;
    crowded = false;
    letIn.resolve();
    letIn = Promise.withResolvers();
  }

  /** Tried again, from the same pages: what was not copied is still in the log. */
  function failed(error: Error): void {
    notBeforeMs = performance.now() + AGAIN_AFTER_MS;
    log?.warn("store.checkpoint_failed", { error });
  }

  function end(): void {
    clearTimeout(idle);
    void worker?.terminate();
    worker = undefined;
  }

  return {
    look,
    writable: () => (step === "begin anew" || step === "erase" || (step && crowded) ? letIn.promise : undefined),
    async erase() {
      while (step && !closed) await letIn.promise;
      if (closed) throw new Error("the database is closed");
      erasing = Promise.withResolvers();
      order("erase");
      await erasing.promise;
    },
    close() {
      closed = true;
      end();
      over();
      erased(new Error("the database was closed"));
    },
  };
}
