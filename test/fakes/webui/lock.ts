/** One picture asked for, ours or somebody else's. */
export interface FakeWork {
  readonly id: string;
  readonly ours: boolean;
  readonly body: Readonly<Record<string, unknown>>;
  readonly state: "waiting" | "running" | "done" | "cancelled";
  /** Resolves when its turn is over. */
  readonly ended: Promise<void>;
}

type Work = { -readonly [K in keyof FakeWork]: FakeWork[K] } & { readonly end: () => void };

/** The server's lock: one picture at a time, in order, and an interrupt that hits whichever it is. */
export function oneAtATime() {
  const work: Work[] = [];
  let takesMs = 5;
  let interrupted = false;
  let timer: NodeJS.Timeout | undefined;
  const running = () => work.find(({ state }) => state === "running");

  function serve(): void {
    if (running()) return;
    const next = work.find(({ state }) => state === "waiting");
    if (!next) return;
    next.state = "running";
    interrupted = false;
    timer = setTimeout(next.end, next.ours ? takesMs : 60_000);
  }

  return {
    work: work as readonly FakeWork[],
    running: running as () => (FakeWork & { readonly end: () => void }) | undefined,
    interrupted: () => interrupted,
    takes(ms: number): void {
      takesMs = ms;
    },
    add(body: FakeWork["body"], ours: boolean, id = `w${work.length + 1}`): FakeWork {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const added: Work = {
        id,
        ours,
        body,
        state: "waiting",
        ended,
        end() {
          clearTimeout(timer);
          if (added.state === "running") added.state = interrupted ? "cancelled" : "done";
          resolve();
          serve();
        },
      };
      work.push(added);
      serve();
      return added;
    },
    takeOut({ id }: FakeWork): void {
      const waiting = work.find((each) => each.id === id && each.state === "waiting");
      if (waiting) waiting.state = "cancelled";
    },
    interrupt(): void {
      interrupted = true;
      running()?.end();
    },
    close: () => clearTimeout(timer),
  };
}
