import { FlushFailed } from "../../lib/flush-failed.ts";

export interface Flush {
  /**
   * Resolves when everything that was committed before the call is on disk: at once where it is already.
   *
   * @throws FlushFailed (as a rejection) once a flush has failed, then and ever after
   */
  flush(): Promise<void>;
  /** Settles with the flush under way, which what is committed from now on does not share; `undefined`: none is. */
  underWay(): Promise<void> | undefined;
  /** Why nothing is promised any more; `undefined`: all is well. */
  failure(): FlushFailed | undefined;
}

interface Flushed {
  readonly file: string;
  /** Differs whenever something was committed since; `undefined`: that cannot be told now, as a transaction is open. */
  readonly mark: () => number | undefined;
  /** Resolves when all that was written to the file before the call is on disk. */
  readonly sync: () => Promise<void>;
  /** Called once, when a flush has failed. */
  readonly lost?: (why: FlushFailed) => void;
}

/**
 * One flush at a time. Whoever committed before it began shares it, whoever comes meanwhile shares the next. A flush that
 * failed is not tried again: the system may have thrown away what it could not write, and would call the next one good.
 */
export function createFlush({ file, mark, sync, lost }: Flushed): Flush {
  let failed: FlushFailed | undefined;
  // Not the mark of now: a process that was killed can have left commits that are still on their way.
  let onDisk: number | undefined;
  let running: { readonly upTo: number | undefined; readonly done: Promise<void> } | undefined;
  let next: Promise<void> | undefined;

  async function run(upTo: number | undefined): Promise<void> {
    try {
      await sync();
      onDisk = upTo;
    } catch (cause) {
      failed = new FlushFailed(file, cause);
      lost?.(failed);
      throw failed;
    } finally {
      running = undefined;
    }
  }

  /** Also goes on after a failed one: to hear that it failed. */
  function afterRunning(before: Promise<void>): Promise<void> {
    const again = () => {
      next = undefined;
      return flush();
    };
    return before.then(again, again);
  }

  function flush(): Promise<void> {
    if (failed) return Promise.reject(failed);
    const at = mark();
    if (at !== undefined && at === onDisk) return Promise.resolve();
    if (!running) {
      running = { upTo: at, done: run(at) };
      return running.done;
    }
    if (at !== undefined && at === running.upTo) return running.done;
    next ??= afterRunning(running.done);
    return next;
  }

  return { flush, underWay: () => running?.done, failure: () => failed };
}
