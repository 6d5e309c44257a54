/** What a classifier says of a finished picture. */
export type PictureVerdict =
  | { readonly kind: "fine" }
  /** It could not look at it: nobody knows what is in it. */
  | { readonly kind: "unseen" }
  | {
      readonly kind: "flagged";
      readonly label: string;
      /** 0 to 1. */
      readonly score: number;
      /** "spoiler": it can be shown covered. "hold": a moderator should see it first. */
      readonly weight: "spoiler" | "hold";
    };
