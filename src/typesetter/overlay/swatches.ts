import { type Colour, colourOf, luminanceOf, mixColours } from "../../lib/colour.ts";
import type { Field } from "./field.ts";
import { chromaOf } from "./tones.ts";

/** Colours that a picture has already: what is set in them belongs to it. */
export interface Swatches {
  /** Nearly black, of the hue of its darks. */
  readonly deep: Colour;
  /** Nearly white, of the hue of its lights. */
  readonly pale: Colour;
  /** Its strongest colour that is no skin; absent where it has none. */
  readonly accent: Colour | undefined;
}

const DEEP_MAX_LUMINANCE = 0.018;
const PALE_MIN_LUMINANCE = 0.86;
const HUES = 24;
/** Cells that are looked at: enough for colours. */
const SAMPLES = 2000;
const CHROMA_MIN = 46;
/** Of all cells: what is rarer is no colour of the picture's. */
const ACCENT_MIN_SHARE = 0.004;
/** Of its cells by luminance, darkest and lightest. */
const ENDS_SHARE = 0.1;

export function swatchesOf(field: Field): Swatches {
  const count = field.columns * field.rows;
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const cells = Array.from({ length: Math.ceil(count / step) }, (_, at) => cellAt(field, at * step)).sort(
    (a, b) => a.light - b.light,
  );
  const end = Math.max(1, Math.round(cells.length * ENDS_SHARE));
  const dark = meanOf(cells.slice(0, end));
  const light = meanOf(cells.slice(-end));
  return {
    deep: towards(muted(dark, 70), "#000000", (colour) => luminanceOf(colour) <= DEEP_MAX_LUMINANCE),
    pale: towards(muted(light, 60), "#ffffff", (colour) => luminanceOf(colour) >= PALE_MIN_LUMINANCE),
    accent: accentOf(cells),
  };
}

interface Cell {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly light: number;
  readonly skin: number;
}

function cellAt({ colours, skin }: Field, cell: number): Cell {
  const [r = 0, g = 0, b = 0] = colours.subarray(cell * 3, cell * 3 + 3);
  return { r, g, b, light: 0.299 * r + 0.587 * g + 0.114 * b, skin: skin[cell] ?? 0 };
}

function meanOf(cells: readonly Cell[]): Colour {
  const sum = (channel: "r" | "g" | "b"): number =>
    cells.reduce((total, cell) => total + cell[channel], 0) / cells.length;
  return colourOf(sum("r"), sum("g"), sum("b"));
}

/** A colour with at most so much colour in it: a tint that is felt, not seen. */
function muted(colour: Colour, chroma: number): Colour {
  const own = chromaOf(colour);
  return own <= chroma ? colour : mixColours(colour, greyLike(colour), 1 - chroma / own);
}

function greyLike(colour: Colour): Colour {
  const value = Number.parseInt(colour.slice(1), 16);
  const grey = 0.299 * (value >> 16) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255);
  return colourOf(grey, grey, grey);
}

/** The first on the way to `end` that is far enough. */
function towards(colour: Colour, end: Colour, isEnough: (colour: Colour) => boolean): Colour {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mixColours(colour, end, share);
    if (isEnough(mixed)) return mixed;
  }
  return end;
}

/** The hue with the most colour in it; its mean, as strong as it is in the picture. */
function accentOf(cells: readonly Cell[]): Colour | undefined {
  const sums = Array.from({ length: HUES }, () => ({ weight: 0, count: 0, r: 0, g: 0, b: 0 }));
  for (const { r, g, b, skin } of cells) {
    const chroma = Math.max(r, g, b) - Math.min(r, g, b);
    const sum = sums[hueOf(r, g, b, chroma)];
    if (!sum || chroma < CHROMA_MIN || skin > 0.5) continue;
    const weight = chroma * chroma;
    sum.weight += weight;
    sum.count += 1;
    sum.r += r * weight;
    sum.g += g * weight;
    sum.b += b * weight;
  }
  const best = sums.reduce((most, sum) => (sum.weight > most.weight ? sum : most));
  if (best.count < Math.max(3, cells.length * ACCENT_MIN_SHARE)) return undefined;
  return vivid(best.r / best.weight, best.g / best.weight, best.b / best.weight);
}

function hueOf(r: number, g: number, b: number, chroma: number): number {
  if (chroma === 0) return 0;
  const most = Math.max(r, g, b);
  const sixth = most === r ? ((g - b) / chroma + 6) % 6 : most === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  return Math.floor((sixth / 6) * HUES) % HUES;
}

/** Means are duller than what they are of. */
function vivid(r: number, g: number, b: number): Colour {
  const grey = 0.299 * r + 0.587 * g + 0.114 * b;
  const away = (channel: number): number => grey + (channel - grey) * 1.35;
  return colourOf(away(r), away(g), away(b));
}
