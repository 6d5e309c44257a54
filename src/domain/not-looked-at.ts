import type { PictureVerdict } from "./picture-verdict.ts";

/** Stands as the label of a picture that the classifier could not look at: nobody knows what is in it. */
const NOT_LOOKED_AT = "not-looked-at";

/** As heavy as can be: a chat that holds what is flagged holds it; elsewhere see `wasLookedAt`. */
export const UNKNOWN: PictureVerdict = { kind: "flagged", label: NOT_LOOKED_AT, score: 0, weight: "hold" };

/** Where a chat holds nothing, a fault of the classifier hides nothing either. */
export const wasLookedAt = (verdict: PictureVerdict): boolean =>
  verdict.kind === "fine" || verdict.label !== NOT_LOOKED_AT;
