import { isFlat } from "./flat.ts";
import type { Pixels } from "./pixels.ts";

/**
 * Everything that looks at pixels. All that are wanted of a picture share one decode, in a worker; what they see is plain
 * data, for it goes from thread to thread.
 */
export const LOOKERS = {
  flat: isFlat,
} as const satisfies Readonly<Record<string, (pixels: Pixels) => unknown>>;

export type Looker = keyof typeof LOOKERS;
/** What each of these saw. */
export type Seen<L extends Looker = Looker> = { readonly [One in L]: ReturnType<(typeof LOOKERS)[One]> };
