import type { Rect } from "../composition/tree.ts";
import { FACES_SIDE_PX, frontalFaces } from "./frontal-faces.ts";
import type { Pixels } from "./pixels.ts";
import { greyOf, TONES, toneIn, toneTables } from "./tones.ts";

/** What was measured of a picture, in cells of some hundredth of its longer side. */
export interface Field {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cellPx: number;
  readonly columns: number;
  readonly rows: number;
  /** Of each cell, how many of its pixels are darker than each tone: `TONES + 1` numbers, the last is all of them. */
  readonly darker: Uint16Array;
  /** Of each cell, how much tones differ from pixel to pixel, in steps. */
  readonly busy: Float32Array;
  /** How much draws the eye above and to the left of each cell's corner: 1 for all of a picture, 0 for all of an empty one. */
  readonly attention: Float64Array;
  /** Of each cell, its mean red, green and blue. */
  readonly colours: Float32Array;
  /** Of each cell, the share of its pixels that have a tone of skin. */
  readonly skin: Float32Array;
  /** Whole heads, in px. */
  readonly faces: readonly Rect[];
}

const CELLS_ALONG = 96;
const CELL_MIN_PX = 4;

/** Integers and fixed tables only, so that the same pixels are measured the same everywhere. */
export function measure(pixels: Pixels): Field {
  const { widthPx, heightPx } = pixels;
  const cellPx = Math.max(CELL_MIN_PX, Math.ceil(Math.max(widthPx, heightPx) / CELLS_ALONG));
  const columns = Math.max(1, Math.floor(widthPx / cellPx));
  const rows = Math.max(1, Math.floor(heightPx / cellPx));
  const cells = columns * rows;
  const field = {
    widthPx,
    heightPx,
    cellPx,
    columns,
    rows,
    darker: new Uint16Array(cells * (TONES + 1)),
    busy: new Float32Array(cells),
    colours: new Float32Array(cells * 3),
    skin: new Float32Array(cells),
  };
  count(pixels, field);
  return { ...field, attention: attentionOf(field), faces: facesIn(pixels) };
}

type Counted = Omit<Field, "attention" | "faces">;

function count({ data, widthPx, heightPx, channels }: Pixels, field: Counted): void {
  const { cellPx, columns, rows, darker, busy, colours, skin } = field;
  const tables = toneTables();
  const read = (r: number, g: number, b: number): number => toneIn(tables, r, g, b);
  const counts = new Uint32Array(busy.length);
  const above = new Uint8Array(widthPx);
  // Letters are larger than two pixels, and so is what disturbs them.
  const step = cellPx >= 2 * CELL_MIN_PX ? 2 : 1;
  const toColumn = Uint16Array.from({ length: widthPx }, (_, x) => Math.min(columns - 1, Math.floor(x / cellPx)));
  for (let y = 0; y < heightPx; y += step) {
    const row = Math.min(rows - 1, Math.floor(y / cellPx)) * columns;
    let left = 0;
    for (let x = 0, at = y * widthPx * channels; x < widthPx; x += step, at += channels * step) {
      const cell = row + (toColumn[x] ?? 0);
      const r = data[at] ?? 0;
      const g = data[at + 1] ?? 0;
      const b = data[at + 2] ?? 0;
      const tone = toneIn(tables, r, g, b);
      const alpha = channels === 4 ? (data[at + 3] ?? 255) : 255;
      if (alpha === 255) add(darker, cell * (TONES + 1) + tone + 1);
      else {
        // Nobody knows what a translucent picture will lie on: on black it is one tone, on white another.
        const over = (channel: number, ground: number): number =>
          Math.round((channel * alpha + ground * (255 - alpha)) / 255);
        add(darker, cell * (TONES + 1) + 1 + read(over(r, 0), over(g, 0), over(b, 0)));
        add(darker, cell * (TONES + 1) + 1 + read(over(r, 255), over(g, 255), over(b, 255)));
      }
      const across = x === 0 ? 0 : Math.abs(tone - left);
      const down = y === 0 ? 0 : Math.abs(tone - (above[x] ?? 0));
      busy[cell] = (busy[cell] ?? 0) + across + down;
      const base = cell * 3;
      colours[base] = (colours[base] ?? 0) + r;
      colours[base + 1] = (colours[base + 1] ?? 0) + g;
      colours[base + 2] = (colours[base + 2] ?? 0) + b;
      if (isSkin(r, g, b)) skin[cell] = (skin[cell] ?? 0) + 1;
      counts[cell] = (counts[cell] ?? 0) + 1;
      left = tone;
      above[x] = tone;
    }
  }
  counts.forEach((pixels, cell) => {
    busy[cell] = (busy[cell] ?? 0) / (2 * pixels);
    skin[cell] = (skin[cell] ?? 0) / pixels;
    for (let at = cell * (TONES + 1) + 1, end = at + TONES; at < end; at++)
      darker[at] = (darker[at] ?? 0) + (darker[at - 1] ?? 0);
    for (let channel = cell * 3; channel < cell * 3 + 3; channel++) colours[channel] = (colours[channel] ?? 0) / pixels;
  });
}

const add = (counts: Uint16Array, at: number): void => {
  counts[at] = (counts[at] ?? 0) + 1;
};

/** In YCbCr skin of every shade has about the same colour. Source: Chai and Ngan, 1999. */
function isSkin(r: number, g: number, b: number): boolean {
  const cb = 128 + ((-43 * r - 85 * g + 128 * b) >> 8);
  const cr = 128 + ((128 * r - 107 * g - 21 * b) >> 8);
  return cb >= 77 && cb <= 127 && cr >= 134 && cr <= 173 && r > 50;
}

/** What is seen of a cell on average where a picture is as good as empty, and where it is one. */
const EMPTY_MEAN = 0.15;
const FULL_MEAN = 0.9;

/** What differs from pixel to pixel, what has another colour than most, skin, and the middle: people look there first. */
function attentionOf({ columns, rows, busy, colours, skin }: Counted): Float64Array {
  const cells = columns * rows;
  const mean = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) sum += colours[cell * 3 + channel] ?? 0;
    return sum / cells;
  });
  const raw = new Float32Array(cells);
  let something = 0;
  for (let cell = 0; cell < cells; cell++) {
    let far = 0;
    for (let channel = 0; channel < 3; channel++)
      far += Math.abs((colours[cell * 3 + channel] ?? 0) - (mean[channel] ?? 0));
    const x = (cell % columns) / columns - 0.5;
    const y = Math.floor(cell / columns) / rows - 0.5;
    const inMiddle = Math.max(0, 1 - 4 * (x * x + y * y));
    const seen = (busy[cell] ?? 0) + far / 160 + 0.8 * (skin[cell] ?? 0);
    something += seen / cells;
    raw[cell] = seen + 0.5 * inMiddle + 0.05;
  }
  // An empty sheet has nothing to hide, in its middle neither.
  const strength = Math.min(1, Math.max(0, (something - EMPTY_MEAN) / (FULL_MEAN - EMPTY_MEAN)));
  // Squared, so that one thing in the middle counts for more than grass all over.
  const smooth = blurred(blurred(raw, columns, rows), columns, rows).map((value) => value * value);
  const total = smooth.reduce((sum, value) => sum + value, 0);
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let sum = 0;
    for (let x = 0; x < columns; x++) {
      sum += (strength * (smooth[y * columns + x] ?? 0)) / total;
      sums[(y + 1) * (columns + 1) + x + 1] = (sums[y * (columns + 1) + x + 1] ?? 0) + sum;
    }
  }
  return sums;
}

function blurred(values: Float32Array, columns: number, rows: number): Float32Array {
  const soft = new Float32Array(values.length);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      let seen = 0;
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          sum += values[v * columns + u] ?? 0;
          seen++;
        }
      soft[y * columns + x] = sum / seen;
    }
  return soft;
}

function facesIn({ data, widthPx, heightPx, channels }: Pixels): readonly Rect[] {
  const scale = Math.max(1, Math.max(widthPx, heightPx) / FACES_SIDE_PX);
  const w = Math.max(1, Math.floor(widthPx / scale));
  const h = Math.max(1, Math.floor(heightPx / scale));
  const sums = new Uint32Array(w * h);
  const counts = new Uint32Array(w * h);
  const toColumn = Uint16Array.from({ length: widthPx }, (_, x) => Math.min(w - 1, Math.floor(x / scale)));
  const step = Math.max(1, Math.floor(scale / 2));
  for (let y = 0; y < heightPx; y += step) {
    const row = Math.min(h - 1, Math.floor(y / scale)) * w;
    for (let x = 0, at = y * widthPx * channels; x < widthPx; x += step, at += step * channels) {
      const cell = row + (toColumn[x] ?? 0);
      sums[cell] = (sums[cell] ?? 0) + greyOf(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  const grey = Uint8Array.from(sums, (sum, cell) => sum / Math.max(1, counts[cell] ?? 1));
  return frontalFaces(grey, w, h).map((face) => ({
    x: face.x * scale,
    y: face.y * scale,
    w: face.w * scale,
    h: face.h * scale,
  }));
}

/** Of all that draws the eye, what lies in a box, 0 to 1. */
export function attentionIn({ attention, cellPx, columns, rows }: Field, { x, y, w, h }: Rect): number {
  const column = (at: number): number => Math.max(0, Math.min(columns, Math.round(at / cellPx)));
  const row = (at: number): number => Math.max(0, Math.min(rows, Math.round(at / cellPx))) * (columns + 1);
  const [left, right, top, bottom] = [column(x), column(x + w), row(y), row(y + h)];
  const at = (index: number): number => attention[index] ?? 0;
  return at(bottom + right) - at(bottom + left) - at(top + right) + at(top + left);
}

/** Calls with each cell that a box touches, and the share of it that lies inside. */
export function eachCell(
  { cellPx, columns, rows }: Field,
  box: Rect,
  hear: (cell: number, share: number) => void,
): void {
  const left = Math.max(0, box.x / cellPx);
  const top = Math.max(0, box.y / cellPx);
  const right = Math.min(columns, (box.x + box.w) / cellPx);
  const bottom = Math.min(rows, (box.y + box.h) / cellPx);
  for (let y = Math.floor(top); y < bottom; y++)
    for (let x = Math.floor(left); x < right; x++) {
      const w = Math.min(right, x + 1) - Math.max(left, x);
      const h = Math.min(bottom, y + 1) - Math.max(top, y);
      if (w > 0 && h > 0) hear(y * columns + x, w * h);
    }
}
