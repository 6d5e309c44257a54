import { Resvg } from "@resvg/resvg-js";
import { type Composed, type ComposeInput, compose, type Nudge } from "../composition/compose.ts";
import { INKS } from "../composition/palette.ts";
import { writeSvg } from "./svg.ts";

/** Of the page's pixels, how many a variation changes by more than `SEEN` in one of their channels. */
interface Band {
  readonly low: number;
  readonly high: number;
}

/** From 0 to 255: what an eye sees beside its neighbour. */
const SEEN = 24;
/** A little, and a lot: inside of what is promised, for the pages are measured on a smaller scale. */
const SUBTLE: Band = { low: 0.034, high: 0.12 };
const STRONG: Band = { low: 0.18, high: 0.5 };
const STRONG_FROM = 0.25;
/** Pages are measured this wide. */
const MEASURED_WIDTH_PX = 320;
const MEASURES_TRIES_MAX = 7;

/**
 * The composition of a request: a variation is one that differs from the seed's own as much as was asked for. How much moved
 * measures change differs from layout to layout, so it is looked at: measures first, colours where there is little to move.
 */
export function composeVaried(input: ComposeInput): Composed {
  const { variation } = input.request;
  if (!variation || variation.strength === 0) return compose(input);
  const band = variation.strength < STRONG_FROM ? SUBTLE : STRONG;
  const plain = pixelsOf(compose({ ...input, nudge: { measures: 0, turn: 0, tint: 0 } }));
  let best: Composed | undefined;
  let bestMiss = Infinity;
  /** Below the band, in it or above it. */
  const look = (nudge: Nudge): "less" | "right" | "more" => {
    const composed = compose({ ...input, nudge });
    const share = changedShare(plain, pixelsOf(composed));
    const miss = Math.max(band.low / Math.max(share, 1e-6), share / band.high);
    if (miss < bestMiss) {
      best = composed;
      bestMiss = miss;
    }
    return share < band.low ? "less" : share > band.high ? "more" : "right";
  };
  let measures = variation.strength;
  for (let tries = 0; tries < MEASURES_TRIES_MAX; tries++) {
    const found = look({ measures, turn: 0, tint: 0 });
    if (found === "right" || (found === "less" && measures === 1)) break;
    measures = found === "less" ? Math.min(1, measures * 1.7) : measures * 0.55;
  }
  for (const nudge of FURTHER) {
    if (bestMiss <= 1) break;
    look(nudge);
  }
  return best ?? compose(input);
}

/** Where measures alone do not do it: those of other seeds, then one ink after the other. */
const FURTHER: readonly Nudge[] = [
  ...[1, 2, 3].map((turn) => ({ measures: 1, turn, tint: 0 })),
  ...[INKS.second, INKS.accent, INKS.ink, INKS.second + INKS.accent, INKS.ink + INKS.accent, INKS.paper].flatMap(
    (tint) => [
      { measures: 0.15, turn: 0, tint },
      { measures: 1, turn: 0, tint },
    ],
  ),
];

/** Without a photo, which is screened later: it stays where it is but for its edges. */
function pixelsOf({ page }: Composed): Uint8Array {
  const fitTo = { mode: "width", value: Math.min(page.widthPx, MEASURED_WIDTH_PX) } as const;
  return new Resvg(writeSvg(page), { font: { loadSystemFonts: false }, logLevel: "off", fitTo }).render().pixels;
}

/** @param one RGBA, as `other` */
function changedShare(one: Uint8Array, other: Uint8Array): number {
  let changed = 0;
  for (let i = 0; i < one.length; i += 4) {
    const seen = (channel: number): boolean => Math.abs((one[i + channel] ?? 0) - (other[i + channel] ?? 0)) > SEEN;
    if (seen(0) || seen(1) || seen(2)) changed += 1;
  }
  return changed / (one.length / 4);
}
