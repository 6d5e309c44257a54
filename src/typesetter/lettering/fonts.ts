import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Blob, Face, Font } from "harfbuzzjs";

const require = createRequire(import.meta.url);

/** Files inside the font packages. All OFL 1.1 or Apache 2.0; see LICENSES.md beside this file. */
const FILES = {
  /** Latin, Cyrillic, Greek: the two families every other font falls back to. */
  condensed: "@expo-google-fonts/sofia-sans-extra-condensed/900Black/SofiaSansExtraCondensed_900Black.ttf",
  narrow: "@expo-google-fonts/sofia-sans-extra-condensed/700Bold/SofiaSansExtraCondensed_700Bold.ttf",
  grotesk: "@expo-google-fonts/inter-tight/900Black/InterTight_900Black.ttf",
  text: "@expo-google-fonts/inter-tight/600SemiBold/InterTight_600SemiBold.ttf",
  /** Arabic and Hebrew, both with Latin. */
  arabic: "@expo-google-fonts/lalezar/Lalezar_400Regular.ttf",
  hebrew: "@expo-google-fonts/secular-one/400Regular/SecularOne_400Regular.ttf",
  /** One voice per poster style. */
  anton: "@expo-google-fonts/anton/400Regular/Anton_400Regular.ttf",
  russo: "@expo-google-fonts/russo-one/400Regular/RussoOne_400Regular.ttf",
  archivo: "@expo-google-fonts/archivo-black/400Regular/ArchivoBlack_400Regular.ttf",
  slab: "@expo-google-fonts/alfa-slab-one/400Regular/AlfaSlabOne_400Regular.ttf",
  deco: "@expo-google-fonts/limelight/400Regular/Limelight_400Regular.ttf",
  line: "@expo-google-fonts/poiret-one/400Regular/PoiretOne_400Regular.ttf",
  typewriter: "@expo-google-fonts/special-elite/400Regular/SpecialElite_400Regular.ttf",
  marker: "@expo-google-fonts/permanent-marker/400Regular/PermanentMarker_400Regular.ttf",
  mono: "@expo-google-fonts/share-tech-mono/400Regular/ShareTechMono_400Regular.ttf",
  serif: "@expo-google-fonts/yeseva-one/400Regular/YesevaOne_400Regular.ttf",
} as const;

export type FontName = keyof typeof FILES;

/** A step of an outline in font units, y upwards, in SVG's letters. */
interface OutlineStep {
  readonly type: string;
  readonly values: readonly number[];
}

export interface LoadedFont {
  readonly name: FontName;
  readonly hb: Font;
  readonly upem: number;
  /** Height of H in font units. */
  readonly capHeight: number;
  has(codePoint: number): boolean;
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

const loaded = new Map<FontName, LoadedFont>();

/** Read once per process, when first asked for. @throws when a font package is not installed */
export function fontOf(name: FontName): LoadedFont {
  const known = loaded.get(name);
  if (known) return known;
  const face = new Face(new Blob(readFileSync(require.resolve(FILES[name]))));
  const hb = new Font(face);
  const outlines = new Map<number, readonly OutlineStep[]>();
  const boxes = new Map<number, GlyphBox | undefined>();
  const capGlyph = hb.nominalGlyph(0x48) ?? 0;
  const font: LoadedFont = {
    name,
    hb,
    upem: face.upem,
    capHeight: hb.glyphExtents(capGlyph)?.yBearing ?? Math.round(face.upem * 0.7),
    has: (codePoint) => (hb.nominalGlyph(codePoint) ?? 0) !== 0,
    outline(glyph) {
      const seen = outlines.get(glyph);
      if (seen) return seen;
      const steps = hb.glyphToJson(glyph) as readonly OutlineStep[];
      outlines.set(glyph, steps);
      return steps;
    },
    box(glyph) {
      if (!boxes.has(glyph)) boxes.set(glyph, boxOf(font.outline(glyph)));
      return boxes.get(glyph);
    },
  };
  loaded.set(name, font);
  return font;
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
