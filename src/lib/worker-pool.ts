import { Worker } from "node:worker_threads";
import { type Clock, systemClock } from "./clock.ts";
import { createSemaphore } from "./semaphore.ts";

/** What a worker says of its order: with `heldBytes` it is the last of it, and what the worker still holds. */
export type WorkerSaid = { readonly heldBytes?: number };

export interface Packed<Order> {
  readonly order: Order;
  readonly moved: readonly ArrayBuffer[];
}

/** Worker threads, started on first use, each at one order at a time. */
export interface WorkerPool<Order, Said extends WorkerSaid> {
  /**
   * Answers to one order until the last of it. Waits for a free worker. Leaving early, or aborting, ends the worker in the
   * middle of its work.
   *
   * @param packed what is sent of the order, and which buffers go along instead of being copied; made when a worker is free
   * @throws the signal's reason, OverLimit, or what ended the worker
   */
  work(order: Order, signal: AbortSignal, packed?: (order: Order) => Packed<Order>): AsyncGenerator<Said, void>;
  /** Ends all workers; work under way fails. Safe to call twice. */
  close(): Promise<void>;
}

export interface WorkerLimits {
  /** JavaScript heap of one worker. What it takes beyond that ends it. */
  readonly heapMaxMb: number;
  /** One order may take this long. */
  readonly workMaxMs: number;
  /** A worker that holds more than this after its work is replaced. */
  readonly keptMaxBytes: number;
  /** A worker without work for about this long ends, and gives its memory back. Default: it stays. */
  readonly idleMaxMs?: number;
  /** What `workMaxMs` and `idleMaxMs` run on. Default: the system's. */
  readonly clock?: Pick<Clock, "after" | "deadline">;
}

/** The order took more memory or time than a worker may; the worker is gone and the next order gets another. */
export class OverLimit extends Error {
  override readonly name = "OverLimit";
}

const YOUNG_MAX_MB = 8;

/** @param name of the threads, for those who look at the process; in error messages too */
export function openWorkerPool<Order, Said extends WorkerSaid>(
  name: string,
  size: number,
  script: URL,
  limits: WorkerLimits,
): WorkerPool<Order, Said> {
  const { clock = systemClock, idleMaxMs } = limits;
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const slots = createSemaphore();
  /** Orders so far: none more since a deadline was set, and whoever is idle has been so all the time. */
  let begun = 0;
  let closed = false;

  const start = (): Worker => {
    const worker = new Worker(script, {
      name,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMaxMb, maxYoungGenerationSizeMb: YOUNG_MAX_MB },
    });
    // For its whole life: an idle worker that breaks must not bring the process down, nor be given another order.
    worker.on("error", () => forget(idle, worker));
    worker.on("exit", () => forget(idle, worker));
    return worker;
  };
  const take = (): Worker => {
    if (closed) throw new Error(`the ${name} is closed`);
    begun += 1;
    const worker = idle.pop() ?? start();
    busy.add(worker);
    return worker;
  };
  let sweeping = false;
  const endWhenIdle = (): void => {
    if (idleMaxMs === undefined || sweeping) return;
    sweeping = true;
    const before = begun;
    clock.deadline(idleMaxMs).addEventListener("abort", () => {
      sweeping = false;
      if (begun !== before) return idle.length > 0 ? endWhenIdle() : undefined;
      for (const worker of idle.splice(0)) void worker.terminate();
    });
  };
  const leave = (worker: Worker, usable: boolean): void => {
    busy.delete(worker);
    if (usable && !closed) {
      // An idle worker must not keep the process alive.
      worker.unref();
      idle.push(worker);
      endWhenIdle();
    } else {
      void worker.terminate();
    }
  };

  return {
    async *work(order, signal, packed = (whole) => ({ order: whole, moved: [] })) {
      signal.throwIfAborted();
      if (closed) throw new Error(`the ${name} is closed`);
      const giveBack = await slots.acquire(name, size, signal);
      try {
        const worker = take();
        let finished = false;
        try {
          const answers = answersOf<Order, Said>(worker, () => packed(order), { ...limits, name, signal });
          for await (const answer of answers) {
            finished = answer.heldBytes !== undefined && answer.heldBytes <= limits.keptMaxBytes;
            yield answer;
          }
        } finally {
          leave(worker, finished);
        }
      } finally {
        giveBack();
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

async function* answersOf<Order, Said extends WorkerSaid>(
  worker: Worker,
  packed: () => Packed<Order>,
  {
    name,
    signal,
    workMaxMs,
    clock = systemClock,
  }: WorkerLimits & { readonly name: string; readonly signal: AbortSignal },
): AsyncGenerator<Said, void> {
  const arrived: Said[] = [];
  let broken: { readonly reason: unknown } | undefined;
  let wake = (): void => undefined;
  const fail = (reason: unknown): void => {
    broken ??= { reason };
    wake();
  };
  const abort = (): void => fail(signal.reason);
  const hear = (answer: Said): void => {
    arrived.push(answer);
    wake();
  };
  const ended = (code: number): void => fail(new Error(`the worker of the ${name} ended with code ${code}`));
  const faulty = (error: unknown): void => fail(isOutOfMemory(error) ? new OverLimit("out of memory") : error);
  const callOff = clock.after(workMaxMs, () => fail(new OverLimit(`not done within ${workMaxMs} ms`)));
  worker.ref();
  worker.on("message", hear);
  worker.on("error", faulty);
  worker.on("exit", ended);
  signal.addEventListener("abort", abort, { once: true });
  // It may have been aborted while we waited for the worker.
  if (signal.aborted) abort();
  try {
    if (!broken) {
      const { order, moved } = packed();
      worker.postMessage(order, [...moved]);
    }
    while (true) {
      if (broken) throw broken.reason;
      const answer = arrived.shift();
      if (answer) {
        yield answer;
        if (answer.heldBytes !== undefined) return;
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
