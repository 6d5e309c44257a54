import * as bidiModule from "bidi-js";
import { Direction, Buffer as ShapingBuffer, shape } from "harfbuzzjs";
import { facesPerUnit, type Voice } from "./faces.ts";
import type { Face, FontName } from "./families.ts";
import { fontOf, type LoadedFont } from "./fonts.ts";
import type { HanForm } from "./han.ts";

/** One line of lettering as glyphs. The unit is the height of a capital H, y downwards, the baseline at 0. */
export interface ShapedLine {
  readonly text: string;
  readonly advance: number;
  // Not their outlines: many lines are tried for one poster, and a glyph such as ﷺ has hundreds of points.
  readonly glyphs: readonly PlacedGlyph[];
  /** The box around the ink; all zero for blank text. */
  readonly ink: Box;
}

interface PlacedGlyph {
  readonly face: Face;
  readonly glyph: number;
  /** From the line's start. */
  readonly dx: number;
  /** From the baseline. */
  readonly dy: number;
}

interface Step {
  readonly type: string;
  readonly values: readonly number[];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Item {
  readonly text: string;
  readonly level: number;
  readonly face: Face;
}

// The package is a CommonJS factory whose types claim a default export; Node hands out the factory itself.
const bidi = (bidiModule.default as unknown as () => import("bidi-js").Bidi)();

const CYRILLIC = /\p{Script=Cyrillic}/u;
/** Letters that hang together or carry marks between them: space would tear them apart. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

function itemsInVisualOrder(text: string, voice: Voice): readonly Item[] {
  const levels = bidi.getEmbeddingLevels(text, "auto").levels;
  const faces = facesPerUnit(text, voice);
  const items: Item[] = [];
  let start = 0;
  for (let i = 1; i <= text.length; i++) {
    if (i < text.length && levels[i] === levels[start] && faces[i] === faces[start]) continue;
    items.push({ text: text.slice(start, i), level: levels[start] ?? 0, face: faces[start] ?? voice.font });
    start = i;
  }
  // Rule L2 of UAX 9: from the highest level down to the lowest odd one, turn runs of that level or higher around.
  const highest = Math.max(0, ...items.map((item) => item.level));
  for (let level = highest; level >= 1; level--) {
    for (let i = 0; i < items.length; i++) {
      if ((items[i]?.level ?? 0) < level) continue;
      let end = i;
      while (end < items.length && (items[end]?.level ?? 0) >= level) end++;
      items.splice(i, end - i, ...items.slice(i, end).reverse());
      i = end;
    }
  }
  return items;
}

interface Pen {
  x: number;
  readonly glyphs: PlacedGlyph[];
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function drawItem(item: Item, tracking: number, pen: Pen): void {
  const font: LoadedFont = fontOf(item.face);
  const scale = 1 / font.capHeight;
  const buffer = new ShapingBuffer();
  buffer.addText(item.text);
  buffer.guessSegmentProperties();
  // Sofia Sans draws Bulgarian letters by default, in which others read "труд" as "mpyg"; most languages use these.
  if (CYRILLIC.test(item.text)) buffer.setLanguage("ru");
  buffer.setDirection(item.level % 2 === 1 ? Direction.RTL : Direction.LTR);
  shape(font.hb, buffer);
  const infos = buffer.getGlyphInfos();
  const positions = buffer.getGlyphPositions();
  const space = JOINED.test(item.text) ? 0 : tracking;
  infos.forEach((info, index) => {
    const position = positions[index];
    // Glyph 0 is the box for a character the font lacks; those are listed in the notes and not drawn.
    if (!position || info.codepoint === 0) return;
    placeGlyph(font, info.codepoint, pen, pen.x + position.xOffset * scale, -position.yOffset * scale);
    pen.x += position.xAdvance * scale + (position.xAdvance > 0 ? space : 0);
  });
}

function placeGlyph(font: LoadedFont, glyph: number, pen: Pen, dx: number, dy: number): void {
  const box = font.box(glyph);
  if (!box) return;
  const scale = 1 / font.capHeight;
  pen.left = Math.min(pen.left, dx + box.left * scale);
  pen.right = Math.max(pen.right, dx + box.right * scale);
  pen.top = Math.min(pen.top, dy - box.top * scale);
  pen.bottom = Math.max(pen.bottom, dy - box.bottom * scale);
  pen.glyphs.push({ face: font.face, glyph, dx, dy });
}

/** The outlines of a line, glyph after glyph, in the line's unit. */
export function* outlineOf(line: ShapedLine): Generator<Step> {
  for (const { face, glyph, dx, dy } of line.glyphs) {
    const font = fontOf(face);
    const scale = 1 / font.capHeight;
    for (const { type, values } of font.outline(glyph))
      yield { type, values: values.map((value, at) => (at % 2 === 0 ? dx + value * scale : dy - value * scale)) };
  }
}

const cache = new Map<string, ShapedLine>();
const CACHE_MAX_LINES = 2000;
/** Some 10 MB. */
const CACHE_MAX_GLYPHS = 100_000;
let cachedGlyphs = 0;

/**
 * @param tracking extra space after each letter, in heights of a capital; joined scripts take none
 * @param han of the whole poster
 */
export function shapeLine(text: string, font: FontName, tracking = 0, han: HanForm = "simplified"): ShapedLine {
  const key = `${font}\n${tracking}\n${han}\n${text}`;
  const known = cache.get(key);
  if (known) return known;
  const far = 1e9;
  const pen: Pen = { x: 0, glyphs: [], left: far, top: far, right: -far, bottom: -far };
  for (const item of itemsInVisualOrder(text, { font, han })) drawItem(item, tracking, pen);
  const blank = pen.right < pen.left;
  const line: ShapedLine = {
    text,
    advance: pen.x,
    glyphs: pen.glyphs,
    ink: blank
      ? { left: 0, top: 0, right: 0, bottom: 0 }
      : { left: pen.left, top: pen.top, right: pen.right, bottom: pen.bottom },
  };
  if (cache.size >= CACHE_MAX_LINES || cachedGlyphs + line.glyphs.length > CACHE_MAX_GLYPHS) {
    cache.clear();
    cachedGlyphs = 0;
  }
  cache.set(key, line);
  cachedGlyphs += line.glyphs.length;
  return line;
}
