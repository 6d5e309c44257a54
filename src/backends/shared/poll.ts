import { pauseMs } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { BackendError } from "../../ports/backend.ts";

/** The picture goes on being made while a question about it is lost on the way. */
const LOST_MAX = 5;

/** Asks until there is an answer; a connection that broke is forgiven a few times. @throws BackendError, or the signal's reason */
export async function poll<T>(
  clock: Clock,
  ask: () => Promise<T>,
  pauseBetweenMs: number,
  signal: AbortSignal,
): Promise<T> {
  for (let lost = 0; ; lost += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error) || lost >= LOST_MAX) throw error;
      await pauseMs(clock, pauseBetweenMs, signal);
    }
  }
}

const mayPass = (error: unknown) =>
  error instanceof BackendError && (error.code === "offline" || error.code === "timeout" || error.code === "loading");
