/** One thing after the other, in the order in which they were asked for. */
export interface Serial {
  /** Runs `work` when all that was asked for before has ended, well or badly. Its outcome is that of `work`. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** What was asked for until now has ended. Never rejects. */
  settled(): Promise<void>;
}

/** A `Serial` for each key: what has different keys does not wait for each other. */
export interface KeyedSerial {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** How many keys have something under way. */
  readonly size: number;
  /** Without a key: of all. */
  settled(key?: string): Promise<void>;
}

export function createSerial(): Serial {
  const keyed = createKeyedSerial();
  return { run: (work) => keyed.run("", work), settled: () => keyed.settled() };
}

export function createKeyedSerial(): KeyedSerial {
  /** The end of each key's last; it goes with its end. */
  const ends = new Map<string, Promise<void>>();
  return {
    run(key, work) {
      const done = (ends.get(key) ?? Promise.resolve()).then(work);
      const forget = () => {
        if (ends.get(key) === end) ends.delete(key);
      };
      const end = done.then(forget, forget);
      ends.set(key, end);
      return done;
    },
    get size() {
      return ends.size;
    },
    async settled(key) {
      await (key === undefined ? Promise.all(ends.values()) : ends.get(key));
    },
  };
}
