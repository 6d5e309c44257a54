import { type Colour, channelsOf, luminanceOf } from "../composition/colour.ts";

/** Steps of contrast from black to white: one is the tenth part of a doubling, 7 %. */
export const TONES = 45;
const STEPS_PER_DOUBLING = 10;
const BLACK = 0.05;

const toneOfLuminance = (luminance: number): number =>
  Math.min(TONES - 1, Math.round(STEPS_PER_DOUBLING * Math.log2((luminance + BLACK) / BLACK)));

export const toneOf = (colour: Colour): number => toneOfLuminance(luminanceOf(colour));

/** How many steps two tones must lie apart for a WCAG contrast, the rounding of both included. */
export const stepsFor = (contrast: number): number => Math.ceil(STEPS_PER_DOUBLING * Math.log2(contrast) + 0.5);

const TABLE = 4096;

function linear(share: number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, channel) => {
    const value = channel / 255;
    return share * TABLE * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  });
}

type ToneReader = (r: number, g: number, b: number) => number;
let reader: ToneReader | undefined;

/** The tone of a pixel, quick: from tables. */
export function toneReader(): ToneReader {
  reader ??= newReader();
  return reader;
}

function newReader(): ToneReader {
  const [red, green, blue] = [linear(0.2126), linear(0.7152), linear(0.0722)];
  const tones = Uint8Array.from({ length: TABLE + 2 }, (_, at) => toneOfLuminance(at / TABLE));
  return (r, g, b) => tones[Math.round((red[r] ?? 0) + (green[g] ?? 0) + (blue[b] ?? 0))] ?? 0;
}

/** 0 to 255. */
export const greyOf = (r: number, g: number, b: number): number => (77 * r + 150 * g + 29 * b) >> 8;

/** 0 grey to 255. */
export function chromaOf(colour: Colour): number {
  const channels = channelsOf(colour);
  return Math.max(...channels) - Math.min(...channels);
}
