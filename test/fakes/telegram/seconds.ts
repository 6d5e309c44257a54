import type { Clock } from "../../../src/lib/clock.ts";

/** Telegram's dates are whole seconds. */
export const nowS = (clock: Pick<Clock, "nowMs">): number => Math.floor(clock.nowMs() / 1000);
