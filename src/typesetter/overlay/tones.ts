import { type Colour, channelsOf, luminanceOf } from "../../lib/colour.ts";

/** Steps of contrast from black to white: one is the tenth part of a doubling, 7 %. */
export const TONES = 45;
const STEPS_PER_DOUBLING = 10;
const BLACK = 0.05;

const toneOfLuminance = (luminance: number): number =>
  Math.min(TONES - 1, Math.round(STEPS_PER_DOUBLING * Math.log2((luminance + BLACK) / BLACK)));

export const toneOf = (colour: Colour): number => toneOfLuminance(luminanceOf(colour));

/** How many steps two tones must lie apart for a WCAG contrast, the rounding of both included. */
export const stepsFor = (contrast: number): number => Math.ceil(STEPS_PER_DOUBLING * Math.log2(contrast) + 0.5);

/** Luminance as a whole number, and how many bits of it choose the tone. */
const WHOLE = 1 << 16;
const DROPPED_BITS = 4;

function linear(share: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, channel) => {
    const value = channel / 255;
    return Math.round(share * WHOLE * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  });
}

/** From a pixel to its tone, in whole numbers: `tones[(red[r] + green[g] + blue[b]) >> 4]`. */
export interface ToneTables {
  readonly red: Int32Array;
  readonly green: Int32Array;
  readonly blue: Int32Array;
  readonly tones: Uint8Array;
}

let tables: ToneTables | undefined;
export function toneTables(): ToneTables {
  tables ??= {
    red: linear(0.2126),
    green: linear(0.7152),
    blue: linear(0.0722),
    tones: Uint8Array.from({ length: (WHOLE >> DROPPED_BITS) + 2 }, (_, at) =>
      toneOfLuminance((at << DROPPED_BITS) / WHOLE),
    ),
  };
  return tables;
}

export const toneIn = ({ red, green, blue, tones }: ToneTables, r: number, g: number, b: number): number =>
  tones[((red[r] ?? 0) + (green[g] ?? 0) + (blue[b] ?? 0)) >> DROPPED_BITS] ?? 0;

/** 0 to 255. */
export const greyOf = (r: number, g: number, b: number): number => (77 * r + 150 * g + 29 * b) >> 8;

/** 0 grey to 255. */
export function chromaOf(colour: Colour): number {
  const channels = channelsOf(colour);
  return Math.max(...channels) - Math.min(...channels);
}
