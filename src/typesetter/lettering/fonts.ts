import { Blob, Font, Face as HbFace, Variation } from "harfbuzzjs";
import { type Face, readFace } from "./families.ts";

/** A step of an outline in font units, y upwards, in SVG's letters. */
interface OutlineStep {
  readonly type: string;
  readonly values: readonly number[];
}

export interface LoadedFont {
  readonly face: Face;
  readonly hb: Font;
  readonly upem: number;
  /** Height of H in font units. */
  readonly capHeight: number;
  outline(glyph: number): readonly OutlineStep[];
  /**
   * Around all points of the outline in font units, y upwards; `undefined` for a blank glyph. Control points may lie outside
   * the ink: the box is then a little too large, never too small.
   */
  box(glyph: number): GlyphBox | undefined;
}

interface GlyphBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const loaded = new Map<Face, LoadedFont>();

/** Read once per process, when first asked for. @throws when a font package is not installed */
export function fontOf(name: Face): LoadedFont {
  const known = loaded.get(name);
  if (known) return known;
  const { bytes, weight } = readFace(name);
  const face = new HbFace(new Blob(bytes));
  const hb = new Font(face);
  if (weight !== undefined) hb.setVariations([new Variation("wght", weight)]);
  const boxes = new Map<number, GlyphBox | undefined>();
  const font: LoadedFont = {
    face: name,
    hb,
    upem: face.upem,
    capHeight: capHeightOf(face, hb),
    outline: (glyph) => outlineOf(name, hb, glyph),
    box(glyph) {
      if (!boxes.has(glyph)) boxes.set(glyph, boxOf(font.outline(glyph)));
      return boxes.get(glyph);
    },
  };
  loaded.set(name, font);
  return font;
}

const outlines = new Map<string, readonly OutlineStep[]>();
/** Some 10 MB: a Chinese character has a hundred steps, and a poster two hundred of them. */
const KEPT_MAX_STEPS = 60_000;
let keptSteps = 0;

function outlineOf(face: Face, hb: Font, glyph: number): readonly OutlineStep[] {
  const key = `${face} ${glyph}`;
  const seen = outlines.get(key);
  if (seen) return seen;
  const steps = hb.glyphToJson(glyph) as readonly OutlineStep[];
  if (keptSteps + steps.length > KEPT_MAX_STEPS) {
    outlines.clear();
    keptSteps = 0;
  }
  keptSteps += steps.length;
  outlines.set(key, steps);
  return steps;
}

/** A slice without Latin letters says how high they are in the others. */
function capHeightOf(face: HbFace, hb: Font): number {
  const capital = hb.nominalGlyph(0x48);
  const measured = capital === undefined ? undefined : hb.glyphExtents(capital)?.yBearing;
  const os2 = face.referenceTable("OS/2");
  const said = os2 && os2.length >= 90 ? new DataView(os2.buffer, os2.byteOffset).getInt16(88) : 0;
  return measured ?? (said > 0 ? said : Math.round(face.upem * 0.7));
}

function boxOf(outline: readonly OutlineStep[]): GlyphBox | undefined {
  let [left, top, right, bottom] = [Infinity, -Infinity, -Infinity, Infinity];
  for (const { values } of outline) {
    for (let i = 0; i + 1 < values.length; i += 2) {
      const [x, y] = [values[i] ?? 0, values[i + 1] ?? 0];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.max(top, y);
      bottom = Math.min(bottom, y);
    }
  }
  return left > right ? undefined : { left, top, right, bottom };
}
