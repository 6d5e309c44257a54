/** Work that many ask for at the same moment. */
export interface Coalesced {
  /** Starts it. Asked while it runs, it runs once more afterwards, however often it was asked. */
  ask(): void;
  readonly running: boolean;
}

/** @param failed is told of what `work` rejects with. That ends the run, whoever asked meanwhile */
export function coalesce(work: () => Promise<void>, failed: (error: unknown) => void): Coalesced {
  let running = false;
  let again = false;

  async function run(): Promise<void> {
    running = true;
    try {
      do {
        again = false;
        await work();
      } while (again);
    } catch (error) {
      failed(error);
    } finally {
      running = false;
    }
  }

  return {
    ask() {
      if (running) again = true;
      else void run();
    },
    get running() {
      return running;
    },
  };
}
