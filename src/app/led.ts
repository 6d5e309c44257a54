import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { Log } from "../ports/log.ts";
import type { Connecting } from "./connecting.ts";

/** What one process alone does while it leads: it listens at the platforms that are for one, sends, and sweeps. */
export interface Led {
  /**
   * Resolves when all of it goes on, with a line per platform. Rejects as `Connecting.connect` does.
   *
   * @param isStart of the program; absent: it took over later
   */
  begin(isStart?: "start"): Promise<ReadonlyMap<string, string>>;
  /** Another may have begun already: nothing leaves from this moment on. */
  endNow(): void;
  /** For good: what is under way is sent, and what is left can be gone on with elsewhere. */
  end(): Promise<void>;
  /** false: it is only being started, and what is owed there waits. */
  isOpen(platform: string): boolean;
}

interface LedDeps {
  /** Those that one process alone has. */
  readonly adapters: readonly ChatAdapter[];
  /** Those that are left: whose token was refused is taken out. */
  readonly platforms: ReadonlyMap<string, ChatAdapter>;
  /** For one time of leading. */
  readonly connecting: (isStart?: "start") => Connecting;
  readonly loops: { start(): void; stop(how?: "now"): Promise<void>; kick(): void };
  readonly log: Log;
}

/** Begins and ends as often as this process comes to lead. A beginning waits for the end before it; an end waits for nothing. */
export function createLed({ adapters, platforms, connecting, loops, log }: LedDeps): Led {
  const turns = createSerial();
  const starting = new Set<string>();
  let ending: Promise<unknown> = Promise.resolve();
  let current: Connecting | undefined;
  let over = false;
  /** Counts beginnings and ends: what was begun before an end goes on no further. */
  let turn = 0;

  async function begun(own: number, isStart: "start" | undefined): Promise<ReadonlyMap<string, string>> {
    await ending;
    const lines = new Map<string, string>();
    if (own !== turn || over) return lines;
    const here = connecting(isStart);
    current = here;
    const wanted = adapters.filter(({ platform }) => platforms.has(platform));
    for (const { platform } of wanted) starting.add(platform);
    loops.start();
    const started = await Promise.allSettled(
      wanted.map(async (adapter) => {
        try {
          lines.set(adapter.platform, await here.connect(adapter));
        } finally {
          if (own === turn) starting.delete(adapter.platform);
          loops.kick();
        }
      }),
    );
    const failed = started.find((each) => each.status === "rejected");
    if (failed) throw failed.reason;
    return lines;
  }

  async function stopAll(how?: "now"): Promise<void> {
    turn += 1;
    current?.stop();
    starting.clear();
    const stopped = loops.stop(how);
    // What is being sent goes through them; at once it is broken off with them.
    if (how !== "now") await stopped;
    await Promise.all([stopped, ...adapters.map((adapter) => adapter.stop(how))]);
  }

  return {
    begin(isStart) {
      turn += 1;
      const own = turn;
      return turns.run(() => begun(own, isStart));
    },
    endNow() {
      ending = stopAll("now").catch((error: unknown) => log.error("leader.left_badly", { error: asError(error) }));
    },
    async end() {
      over = true;
      await stopAll();
    },
    isOpen: (platform) => !starting.has(platform),
  };
}
