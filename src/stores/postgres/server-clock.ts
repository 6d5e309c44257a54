import { type Clock, every } from "../../lib/clock.ts";

const REFRESH_EVERY_MS = 60_000;
/** What took longer says too little, where something is known already. */
const ROUND_TRIP_MAX_MS = 1000;

export interface ServerClock {
  readonly nowMs: () => number;
  /** How far this machine's own clock is behind, as last asked; below 0: ahead. */
  offsetMs(): number;
  stop(): void;
}

/**
 * The database's time, which is the same for everyone who works with it: leases and reigns of several machines are compared by it.
 * Between two askings it passes as time does, whatever happens to this machine's clock.
 *
 * @param ask the server's Unix ms
 * @throws what the first asking fails with
 */
export async function serverClock(ask: () => Promise<number>, clock: Clock): Promise<ServerClock> {
  let known: { readonly serverMs: number; readonly steadyMs: number } | undefined;
  let offsetMs = 0;

  async function look(): Promise<void> {
    const askedMs = clock.steadyMs();
    const serverMs = await ask();
    const answeredMs = clock.steadyMs();
    const tripMs = answeredMs - askedMs;
    if (known && tripMs > ROUND_TRIP_MAX_MS) return;
    known = { serverMs: serverMs + tripMs / 2, steadyMs: answeredMs };
    offsetMs = known.serverMs - clock.nowMs();
  }

  await look();
  // A server that is away is told of by whoever needs it.
  const stop = every(clock, REFRESH_EVERY_MS, () => void look().catch(() => undefined));
  return {
    nowMs: () => (known ? Math.round(known.serverMs + clock.steadyMs() - known.steadyMs) : clock.nowMs()),
    offsetMs: () => Math.round(offsetMs),
    stop,
  };
}
