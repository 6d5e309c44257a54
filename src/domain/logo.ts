import { GIVEN_IMAGE_MAX_PIXELS } from "./given-image.ts";
import type { Problem } from "./problem.ts";
import { text } from "./text.ts";

/** Why a file is no logo. `text`, `image`: an SVG that would lack them. `complex`: more than a logo has. */
export const LOGO_FAULTS = [
  "kind",
  "damaged",
  "pixels",
  "small",
  "empty",
  "long",
  "text",
  "image",
  "complex",
  "many",
] as const;
export type LogoFault = (typeof LOGO_FAULTS)[number];

/** A PNG of what is seen of it. */
export interface Logo {
  readonly png: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Of the longer side. */
export const LOGO_MIN_PX = 64;

export function logoProblem(fault: LogoFault): Problem {
  switch (fault) {
    case "many":
      return { code: "queue_full", text: text("problem.image.many") };
    case "pixels":
      return {
        code: "bad_args",
        text: text("problem.image.pixels", { megapixels: GIVEN_IMAGE_MAX_PIXELS / 1_000_000 }),
      };
    case "small":
      return { code: "bad_args", text: text("problem.logo.small", { min: LOGO_MIN_PX }) };
    case "kind":
    case "damaged":
    case "empty":
    case "long":
    case "text":
    case "image":
    case "complex":
      return { code: "bad_args", text: text(`problem.logo.${fault}`) };
  }
}
