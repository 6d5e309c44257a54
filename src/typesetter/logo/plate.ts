import type { Branding } from "../../domain/lettering.ts";
import type { Colour } from "../../lib/colour.ts";
import { toneOf } from "../overlay/tones.ts";
import { lostOn, plainTones, type Tones, vanishes } from "./edges.ts";

/** Of the shorter side of a logo, around it on its plate. */
const PAD = 0.18;
const PAD_MIN_PX = 4;

export const padOf = ({ w, h }: { readonly w: number; readonly h: number }): number =>
  Math.max(PAD_MIN_PX, Math.round(Math.min(w, h) * PAD));

/** What a logo is seen on: the brand's ground, then white, then what else there is. */
export function plateFor(edges: Tones, colours: Branding["colours"]): Colour {
  const fills = [...(colours ? [colours.ground] : []), "#ffffff", ...(colours ? [colours.ink] : []), "#111111"];
  const lost = (fill: Colour): number => lostOn(edges, plainTones(toneOf(fill)));
  return (
    fills.find((fill) => !vanishes(edges, plainTones(toneOf(fill)))) ??
    fills.reduce((best, fill) => (lost(fill) < lost(best) ? fill : best))
  );
}
