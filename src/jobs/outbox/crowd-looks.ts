import type { Clock } from "../../lib/clock.ts";
import type { UnderWay } from "./under-way.ts";

/** Where more waits than there is room for, and few of those under way have ended. */
const CROWD_LOOK_MS = 50;

/**
 * When the store is asked what is due. In a crowd each look reads again what is being sent already: one for each order, each end and
 * each wait that a platform asks for took longest of all in a peak hour (docs/simulation.md).
 */
export interface CrowdLooks {
  /** At the last look more was due than it read, or had room for. */
  isCrowded: boolean;
  /** Something may be due. */
  soon(): void;
  /** The same, of many in one round of the event loop. */
  afterRound(): void;
  /** A look is to come with the end of this round. */
  readonly isDue: boolean;
  /** A look begins, or none is wanted any more. */
  off(): void;
}

/** @param look asks the store now */
export function createCrowdLooks(
  clock: Pick<Clock, "after">,
  underWay: Pick<UnderWay, "isWorthAsking">,
  look: () => void,
): CrowdLooks {
  let callOff: (() => void) | undefined;
  let isDue = false;
  /** Now, or in a crowd once it is worth it. */
  function soon(ask: () => void): void {
    if (!self.isCrowded || underWay.isWorthAsking) ask();
    else callOff ??= clock.after(CROWD_LOOK_MS, look);
  }
  function withRound(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      look();
    });
  }
  const self: CrowdLooks = {
    isCrowded: false,
    soon: () => soon(look),
    afterRound: () => soon(withRound),
    get isDue() {
      return isDue;
    },
    off() {
      callOff?.();
      callOff = undefined;
    },
  };
  return self;
}
