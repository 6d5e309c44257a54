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
const SUBTLE: Band = { low: 0.042, high: 0.12 };
const STRONG: Band = { low: 0.18, high: 0.5 };
const STRONG_FROM = 0.25;
/** The longer side of what is measured. */
const MEASURED_SIDE_PX = 512;
const MEASURES_TRIES_MAX = 7;
const TURNS_MAX = 3;
const GROUND_TRIES_MAX = 10;

/**
 * The composition of a request: a variation is one that differs from the seed's own as much as was asked for. How much moved
 * measures change differs from layout to layout, so it is looked at: measures first, then those of other seeds, then as much
 * of the bare sheet as it takes in another shade, then whole inks for a page that is printed full.
 */
export function composeVaried(input: ComposeInput): Composed {
  const { variation } = input.request;
  if (!variation || variation.strength === 0) return compose(input);
  const band = variation.strength < STRONG_FROM ? SUBTLE : STRONG;
  const plain = pixelsOf(compose({ ...input, nudge: UNMOVED }));
  let best: Composed | undefined;
  let bestMiss = Infinity;
  /** The farthest that is not yet enough. */
  let short = UNMOVED;
  let shortShare = 0;
  const look = (nudge: Nudge): "less" | "right" | "more" => {
    const composed = compose({ ...input, nudge });
    const share = changedShare(plain, pixelsOf(composed));
    const miss = Math.max(band.low / Math.max(share, 1e-6), share / band.high);
    if (miss < bestMiss) {
      best = composed;
      bestMiss = miss;
    }
    if (share >= band.low) return share > band.high ? "more" : "right";
    if (share > shortShare) {
      short = nudge;
      shortShare = share;
    }
    return "less";
  };
  let measures = variation.strength;
  for (let tries = 0; tries < MEASURES_TRIES_MAX; tries++) {
    const found = look({ ...UNMOVED, measures });
    if (found === "right" || (found === "less" && measures === 1)) break;
    measures = found === "less" ? Math.min(1, measures * 1.7) : measures * 0.55;
  }
  for (let turn = 1; turn <= TURNS_MAX && bestMiss > 1; turn++) look({ ...UNMOVED, measures: 1, turn });
  const from = short;
  let [low, high] = [0, 1];
  for (let tries = 0; tries < GROUND_TRIES_MAX && bestMiss > 1; tries++) {
    // Small steps: a border that is no deeper than the margins touches no letter.
    const ground = low + (high - low) / 8;
    if (look({ ...from, ground }) === "less") low = ground;
    else high = ground;
  }
  for (const tint of TINTS) {
    if (bestMiss <= 1) break;
    look({ ...from, tint });
  }
  return best ?? compose(input);
}

const UNMOVED: Nudge = { measures: 0, turn: 0, ground: 0, tint: 0 };

/** One ink after the other, and two together. */
const TINTS = [INKS.second, INKS.accent, INKS.ink, INKS.second + INKS.accent, INKS.ink + INKS.accent];

/** Without a photo, which is screened later: it stays where it is but for its edges. */
function pixelsOf({ page }: Composed): Uint8Array {
  const { widthPx, heightPx } = page;
  const share = Math.min(1, MEASURED_SIDE_PX / Math.max(widthPx, heightPx));
  const fitTo = { mode: "width", value: Math.max(1, Math.round(widthPx * share)) } as const;
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
