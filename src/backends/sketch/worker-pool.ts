import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "../../lib/clock.ts";
import type { WorkerAnswer, WorkerOrder } from "./worker-messages.ts";

/** Worker threads, started on first use, each drawing one picture at a time. */
export interface WorkerPool {
  /**
   * Answers of one order until `drawn` or `failed`. Waits for a free worker. Leaving early, or aborting, ends the worker
   * in the middle of its picture. @throws the signal's reason, OverLimit, or what ended the worker
   */
  work(order: WorkerOrder, signal: AbortSignal): AsyncGenerator<WorkerAnswer, void>;
  /** Ends all workers; pictures under way fail. Safe to call twice. */
  close(): Promise<void>;
}

export interface WorkerLimits {
  /** JavaScript heap of one worker. What it takes beyond that ends it. */
  readonly heapMaxMb: number;
  /** One picture may take this long. */
  readonly workMaxMs: number;
  /** A worker that holds more than this after its picture is replaced. */
  readonly keptMaxBytes: number;
  /** What `workMaxMs` runs on. Default: the system's. */
  readonly clock?: Pick<Clock, "after">;
}

/** The order took more memory or time than a worker may; the worker is gone and the next order gets another. */
export class OverLimit extends Error {
  override readonly name = "OverLimit";
}

const YOUNG_MAX_MB = 8;

export function openWorkerPool(size: number, script: URL, limits: WorkerLimits): WorkerPool {
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const queue: (() => void)[] = [];
  let closed = false;

  const start = (): Worker => {
    const worker = new Worker(script, {
      name: "sketch",
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMaxMb, maxYoungGenerationSizeMb: YOUNG_MAX_MB },
    });
    // For its whole life: an idle worker that breaks must not bring the process down, nor be given another order.
    worker.on("error", () => forget(idle, worker));
    worker.on("exit", () => forget(idle, worker));
    return worker;
  };
  const take = async (signal: AbortSignal): Promise<Worker> => {
    while (busy.size >= size) await freeOrAborted(queue, signal);
    if (closed) throw new Error("the sketch is closed");
    const worker = idle.pop() ?? start();
    busy.add(worker);
    return worker;
  };
  const leave = (worker: Worker, usable: boolean): void => {
    busy.delete(worker);
    if (usable && !closed) {
      // An idle worker must not keep the process alive.
      worker.unref();
      idle.push(worker);
    } else {
      void worker.terminate();
    }
    queue.shift()?.();
  };

  return {
    async *work(order, signal) {
      signal.throwIfAborted();
      if (closed) throw new Error("the sketch is closed");
      const worker = await take(signal);
      let finished = false;
      try {
        for await (const answer of answersOf(worker, order, { ...limits, signal })) {
          finished = answer.type !== "progress" && answer.heldBytes <= limits.keptMaxBytes;
          yield answer;
        }
      } finally {
        leave(worker, finished);
      }
    },
    async close() {
      closed = true;
      const workers = [...idle.splice(0), ...busy];
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function forget(workers: Worker[], worker: Worker): void {
  const at = workers.indexOf(worker);
  if (at >= 0) workers.splice(at, 1);
}

function freeOrAborted(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const proceed = (): void => {
      signal.removeEventListener("abort", give);
      resolve();
    };
    const give = (): void => {
      const at = queue.indexOf(proceed);
      if (at >= 0) queue.splice(at, 1);
      reject(signal.reason);
    };
    queue.push(proceed);
    signal.addEventListener("abort", give, { once: true });
  });
}

async function* answersOf(
  worker: Worker,
  order: WorkerOrder,
  { signal, workMaxMs, clock = systemClock }: WorkerLimits & { readonly signal: AbortSignal },
): AsyncGenerator<WorkerAnswer, void> {
  const arrived: WorkerAnswer[] = [];
  let broken: { readonly reason: unknown } | undefined;
  let wake = (): void => undefined;
  const fail = (reason: unknown): void => {
    broken ??= { reason };
    wake();
  };
  const abort = (): void => fail(signal.reason);
  const hear = (answer: WorkerAnswer): void => {
    arrived.push(answer);
    wake();
  };
  const ended = (code: number): void => fail(new Error(`the sketch's worker ended with code ${code}`));
  const faulty = (error: unknown): void => fail(isOutOfMemory(error) ? new OverLimit("out of memory") : error);
  const callOff = clock.after(workMaxMs, () => fail(new OverLimit(`not drawn within ${workMaxMs} ms`)));
  worker.ref();
  worker.on("message", hear);
  worker.on("error", faulty);
  worker.on("exit", ended);
  signal.addEventListener("abort", abort, { once: true });
  // It may have been aborted while we waited for the worker.
  if (signal.aborted) abort();
  try {
    if (!broken) worker.postMessage(order);
    while (true) {
      if (broken) throw broken.reason;
      const answer = arrived.shift();
      if (answer) {
        yield answer;
        if (answer.type !== "progress") return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    callOff();
    signal.removeEventListener("abort", abort);
    // By name: `terminate` waits on a listener of its own.
    worker.off("message", hear);
    worker.off("error", faulty);
    worker.off("exit", ended);
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
