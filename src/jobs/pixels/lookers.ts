import { fingerprintOf } from "../../lib/fingerprint.ts";
import { isFlat, isNotFlat } from "./flat.ts";
import type { Pixels } from "./pixels.ts";

/** Looks at pixels. What it sees is plain data, for it goes from thread to thread. */
interface LooksAt<T> {
  /** From the picture made small, which costs no memory; `undefined`: only the whole picture tells. */
  readonly glance: (small: Pixels) => T | undefined;
  readonly look: (whole: Pixels) => T;
}

/** Everything that looks at pixels. All that are wanted of a picture share one decode, in a worker. */
export const LOOKERS = {
  fingerprint: { glance: fingerprintOf, look: fingerprintOf },
  flat: { glance: (small) => (isNotFlat(small) ? false : undefined), look: isFlat },
} as const satisfies { readonly fingerprint: LooksAt<string>; readonly flat: LooksAt<boolean> };

export type Looker = keyof typeof LOOKERS;
/** What each of these saw. */
export type Seen<L extends Looker = Looker> = { readonly [One in L]: ReturnType<(typeof LOOKERS)[One]["look"]> };
