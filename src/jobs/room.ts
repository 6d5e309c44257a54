import type { Clock } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import { growingWaitMs } from "../lib/named-wait.ts";
import type { Log } from "../ports/log.ts";

/** While no picture can be stored none is begun: it would cost its time on a backend, and one of its attempts, in vain. */
export interface Room {
  /** There was no room to store something, and there has been none since. */
  readonly out: boolean;
  ranOut(): void;
  /** Whether there is room again: asks no more often than makes sense. Never rejects. */
  look(): Promise<boolean>;
  /** It goes on. */
  again(): void;
}

/** A disk that is said to have room, and has none for a picture, is believed less and less often. */
const PAUSE = { firstMs: 2000, longestMs: 60_000 };
/** After so long without trouble the pauses are short again. */
const FORGOTTEN_AFTER_MS = 600_000;

/** @param hasRoom for a large picture */
export function createRoom(deps: {
  readonly hasRoom: () => Promise<boolean>;
  readonly clock: Pick<Clock, "steadyMs">;
  readonly log: Log;
  /** The operator need not be told any more. */
  readonly roomAgain: () => void;
}): Room {
  const { clock, log } = deps;
  let out = false;
  let times = 0;
  let ranOutAtMs = Number.NEGATIVE_INFINITY;
  let lookAtMs = 0;
  return {
    get out() {
      return out;
    },
    ranOut() {
      if (out) return;
      out = true;
      const atMs = clock.steadyMs();
      times = atMs - ranOutAtMs > FORGOTTEN_AFTER_MS ? 1 : times + 1;
      ranOutAtMs = atMs;
      lookAtMs = atMs + growingWaitMs(undefined, times, PAUSE);
      log.error("disk.jobs_wait", {
        todo: "make room on the disk of DATA_DIR, or of PICTURES_DIR: pictures wait, and go on by themselves",
      });
    },
    async look() {
      if (!out || clock.steadyMs() < lookAtMs) return false;
      lookAtMs = clock.steadyMs() + PAUSE.firstMs;
      return deps.hasRoom().catch((error: unknown) => {
        log.warn("disk.unreadable", { error: asError(error) });
        return false;
      });
    },
    again() {
      if (!out) return;
      out = false;
      deps.roomAgain();
      log.info("disk.jobs_go_on");
    },
  };
}
