import { writeSfnt } from "../../typesetter/lettering/sfnt.ts";

/** In units of the font, y upwards. */
export type OutlineStep =
  | { readonly type: "M" | "L"; readonly values: readonly [number, number] }
  | { readonly type: "Q"; readonly values: readonly [number, number, number, number] }
  | { readonly type: "Z"; readonly values: readonly [] };

export interface FontGlyph {
  readonly steps: readonly OutlineStep[];
  readonly advance: number;
}

export const UNITS_PER_EM = 2048;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly isOnCurve: boolean;
}
interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}
const NO_BOX: Box = { left: 0, bottom: 0, right: 0, top: 0 };

/**
 * A TrueType file of these glyphs, the first one for what is missing: what a PDF needs of it, which names glyphs by their number.
 * Source: OpenType 1.9.1; which tables: ISO 32000-1, 9.9.
 */
export function writeTrueType(
  glyphs: readonly FontGlyph[],
  { ascent, descent }: { readonly ascent: number; readonly descent: number },
): Uint8Array {
  const drawn = glyphs.map(({ steps }) => glyphOf(contoursOf(steps)));
  const boxes = drawn.map(({ box }) => box);
  const bounds = {
    left: Math.min(...boxes.map(({ left }) => left)),
    bottom: Math.min(...boxes.map(({ bottom }) => bottom)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.max(...boxes.map(({ top }) => top)),
  };
  const { glyf, loca } = glyphTables(drawn.map(({ data }) => data));
  const widest = Math.max(...glyphs.map(({ advance }) => advance));
  return writeSfnt(
    new Map([
      ["head", headTable(bounds)],
      [
        "hhea",
        numbers([
          ["u32", 0x00010000],
          ["i16", ascent],
          ["i16", descent],
          ["i16", 0],
          ["i16", widest],
          ["i16", bounds.left],
          ["i16", 0],
          ["i16", bounds.right],
          ["i16", 1],
          ...zeros(7),
          ["i16", glyphs.length],
        ]),
      ],
      [
        "maxp",
        numbers([
          ["u32", 0x00010000],
          ["i16", glyphs.length],
          ["i16", Math.max(...drawn.map(({ points }) => points))],
          ["i16", Math.max(...drawn.map(({ contours }) => contours))],
          ...zeros(2),
          ["i16", 2],
          ...zeros(8),
        ]),
      ],
      [
        "hmtx",
        numbers(
          glyphs.flatMap(({ advance }, index): readonly Field[] => [
            ["i16", advance],
            ["i16", boxes[index]?.left ?? 0],
          ]),
        ),
      ],
      ["loca", loca],
      ["glyf", glyf],
      ["post", numbers([["u32", 0x00030000], ...zeros(14)])],
    ]),
  );
}

type Field = readonly [size: "i16" | "u32", value: number];
const zeros = (count: number): readonly Field[] => Array.from({ length: count }, () => ["i16", 0]);

function numbers(fields: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + (size === "i16" ? 2 : 4), 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === "i16") view.setInt16(at, value);
    else view.setUint32(at, value);
    at += size === "i16" ? 2 : 4;
  }
  return new Uint8Array(view.buffer);
}

const headTable = ({ left, bottom, right, top }: Box): Uint8Array =>
  numbers([
    ["u32", 0x00010000],
    ["u32", 0x00010000],
    ["u32", 0],
    ["u32", 0x5f0f3cf5],
    ["i16", 0],
    ["i16", UNITS_PER_EM],
    ...zeros(8),
    ["i16", left],
    ["i16", bottom],
    ["i16", right],
    ["i16", top],
    ...zeros(1),
    ["i16", 8],
    ["i16", 2],
    // Offsets of four bytes.
    ["i16", 1],
    ["i16", 0],
  ]);

function contoursOf(steps: readonly OutlineStep[]): readonly (readonly Point[])[] {
  const contours: Point[][] = [];
  for (const { type, values } of steps) {
    if (type === "M") contours.push([]);
    const contour = contours.at(-1);
    if (!contour) continue;
    for (let i = 0; i + 1 < values.length; i += 2)
      contour.push({
        x: Math.round(values[i] ?? 0),
        y: Math.round(values[i + 1] ?? 0),
        isOnCurve: type !== "Q" || i === 2,
      });
  }
  return contours.map(closed).filter(({ length }) => length > 1);
}

/** The way back to the start goes without saying. */
function closed(contour: readonly Point[]): readonly Point[] {
  const [first] = contour;
  const last = contour.at(-1);
  const isBack = contour.length > 1 && last?.isOnCurve === true && last.x === first?.x && last.y === first.y;
  return isBack ? contour.slice(0, -1) : contour;
}

interface DrawnGlyph {
  readonly data: Uint8Array;
  readonly box: Box;
  readonly points: number;
  readonly contours: number;
}

function glyphOf(contours: readonly (readonly Point[])[]): DrawnGlyph {
  const points = contours.flat();
  if (points.length === 0) return { data: new Uint8Array(), box: NO_BOX, points: 0, contours: 0 };
  const box: Box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };
  const around = points.reduce<Box>(
    ({ left, bottom, right, top }, { x, y }) => ({
      left: Math.min(left, x),
      bottom: Math.min(bottom, y),
      right: Math.max(right, x),
      top: Math.max(top, y),
    }),
    box,
  );
  let end = 0;
  const ends = contours.map(({ length }): Field => {
    end += length;
    return ["i16", end - 1];
  });
  const head = numbers([
    ["i16", contours.length],
    ["i16", around.left],
    ["i16", around.bottom],
    ["i16", around.right],
    ["i16", around.top],
    ...ends,
    ["i16", 0],
  ]);
  const size = head.length + points.length * 5;
  const data = new Uint8Array((size + 3) & ~3);
  const view = new DataView(data.buffer);
  data.set(head);
  let [x, y] = [0, 0];
  points.forEach((point, index) => {
    data[head.length + index] = point.isOnCurve ? 1 : 0;
    view.setInt16(head.length + points.length + index * 2, point.x - x);
    view.setInt16(head.length + points.length * 3 + index * 2, point.y - y);
    [x, y] = [point.x, point.y];
  });
  return { data, box: around, points: points.length, contours: contours.length };
}

function glyphTables(all: readonly Uint8Array[]): { readonly glyf: Uint8Array; readonly loca: Uint8Array } {
  const loca = new DataView(new ArrayBuffer((all.length + 1) * 4));
  const glyf = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  all.forEach((data, index) => {
    loca.setUint32(index * 4, at);
    glyf.set(data, at);
    at += data.length;
  });
  loca.setUint32(all.length * 4, at);
  return { glyf, loca: new Uint8Array(loca.buffer) };
}
