import type { PictureVerdict } from "./picture-verdict.ts";
import type { Place } from "./place.ts";

// Pictures that nobody is shown until a moderator has decided, by the whole order: as they are deleted, so they are held.

export const HOLD_MODES = ["off", "flagged", "all"] as const;

/** What a chat wants to be held at the moment a picture is made. */
export interface HoldRules {
  readonly hold: (typeof HOLD_MODES)[number];
  /** Pictures for adults are shown here, covered. */
  readonly adult: boolean;
}

/** Why pictures are held. */
export type HoldReason =
  /** This chat looks at every picture first. */
  | { readonly kind: "all" }
  | { readonly kind: "flagged"; readonly label: string; readonly score: number }
  /** The classifier could not look at it. */
  | { readonly kind: "unseen" }
  /** So many asked for it. */
  | { readonly kind: "hidden"; readonly presses: number };

/** What became of pictures that were held. Once "approved" they are shown again, and this is told no more. */
export type WithheldState = "held" | "approved" | "refused" | "withdrawn";

/** Of a picture that nobody is shown. */
export interface Withheld {
  readonly state: Exclude<WithheldState, "approved">;
  readonly why: HoldReason;
  /** Of a moderator who refused it, in their words. */
  readonly reason?: string;
  /** What came back to those who paid. */
  readonly returnedGpuMs?: number;
}

/** Why what was made must wait for a moderator; `undefined`: it is shown. */
export function holdReason(
  { hold, adult }: HoldRules,
  verdicts: readonly (PictureVerdict | undefined)[],
): HoldReason | undefined {
  if (hold === "all") return { kind: "all" };
  // Where pictures for adults are not wanted, a strong one is held whatever else the chat wants held.
  const holds = (weight: "spoiler" | "hold") =>
    hold === "flagged" ? !adult || weight === "hold" : !adult && weight === "hold";
  const [worst] = verdicts
    .flatMap((verdict) => (verdict?.kind === "flagged" && holds(verdict.weight) ? [verdict] : []))
    .toSorted((a, b) => b.score - a.score);
  if (worst) return { kind: "flagged", label: worst.label, score: worst.score };
  // Where a chat holds nothing, a fault of the classifier hides nothing either.
  return hold === "flagged" && verdicts.some((verdict) => verdict?.kind === "unseen") ? { kind: "unseen" } : undefined;
}

/**
 * Whether unfinished pictures are shown: nobody looks at those. Where a chat holds pictures back, or there is a classifier, they could
 * be what is held or covered a moment later.
 *
 * @param judged there is a classifier
 */
export const showsUnfinished = ({ hold }: Pick<HoldRules, "hold">, judged: boolean): boolean =>
  hold === "off" && !judged;

/** A platform that marks places for adults has to have marked this one. */
export const adultHere = (wanted: boolean, { ageRestricted }: Pick<Place, "ageRestricted">): boolean =>
  wanted && ageRestricted !== false;
