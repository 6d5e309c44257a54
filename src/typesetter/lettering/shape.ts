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
  /** In the line, in UTF-16 units. */
  readonly start: number;
  readonly level: number;
  readonly face: Face;
}

// The package is a CommonJS factory whose types claim a default export; Node hands out the factory itself.
const bidi = (bidiModule.default as unknown as () => import("bidi-js").Bidi)();

const CYRILLIC = /\p{Script=Cyrillic}/u;
/** Letters that hang together or carry marks between them: space would tear them apart. */
const JOINED =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

/** Which way a paragraph runs; "auto": as its first letter does. */
export type BaseDirection = "ltr" | "rtl" | "auto";

function itemsInVisualOrder(text: string, voice: Voice, base: BaseDirection): readonly Item[] {
  const levels = bidi.getEmbeddingLevels(text, base).levels;
  const faces = facesPerUnit(text, voice);
  const items: Item[] = [];
  let start = 0;
  for (let i = 1; i <= text.length; i++) {
    if (i < text.length && levels[i] === levels[start] && faces[i] === faces[start]) continue;
    items.push({ text: text.slice(start, i), start, level: levels[start] ?? 0, face: faces[start] ?? voice.font });
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

/** A glyph as it was shaped, with what there is to know before it is drawn. */
interface ShapedGlyph {
  readonly font: LoadedFont;
  /** 0: the face lacks the character. */
  readonly glyph: number;
  /** Where its letters begin in the line, in UTF-16 units: the same for all that make one. */
  readonly cluster: number;
  readonly xOffset: number;
  readonly yOffset: number;
  readonly advance: number;
}

/** From left to right, in heights of a capital, y upwards. */
function* shapedGlyphs(item: Item, tracking: number): Generator<ShapedGlyph> {
  const font = fontOf(item.face);
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
  for (const [index, { codepoint, cluster }] of infos.entries()) {
    const position = positions[index];
    if (!position) continue;
    yield {
      font,
      glyph: codepoint,
      cluster: item.start + cluster,
      xOffset: position.xOffset * scale,
      yOffset: position.yOffset * scale,
      advance: position.xAdvance * scale + (position.xAdvance > 0 ? space : 0),
    };
  }
}

function drawItem(item: Item, tracking: number, pen: Pen): void {
  for (const { font, glyph, xOffset, yOffset, advance } of shapedGlyphs(item, tracking)) {
    // Glyph 0 is the box for a character the font lacks; those are listed in the notes and not drawn.
    if (glyph === 0) continue;
    placeGlyph(font, glyph, pen, pen.x + xOffset, -yOffset);
    pen.x += advance;
  }
}

/** What is read as one: a letter, an Indic syllable, a ligature. In heights of a capital, y downwards. */
export interface Cluster {
  /** As it is read; blank for the space between words. */
  readonly text: string;
  readonly isRightToLeft: boolean;
  readonly advance: number;
  /** From the cluster's start on the baseline. */
  readonly glyphs: readonly PlacedGlyph[];
}

/** What holds a name apart from the order of the words around it. It is no letter. */
const ISOLATES = /[\u2066-\u2069]/gu;

/** A line as its clusters, from left to right: for what keeps the text beside its outlines. */
export function clustersOf(text: string, voice: Voice, base: BaseDirection = "auto"): readonly Cluster[] {
  return itemsInVisualOrder(text, voice, base).flatMap((item) => {
    const shaped = [...shapedGlyphs(item, 0)];
    const starts = [...new Set(shaped.map(({ cluster }) => cluster)), item.start + item.text.length].sort(
      (a, b) => a - b,
    );
    const clusters: Cluster[] = [];
    for (let from = 0; from < shaped.length; ) {
      const start = shaped[from]?.cluster ?? 0;
      const glyphs: PlacedGlyph[] = [];
      let advance = 0;
      let to = from;
      for (; shaped[to]?.cluster === start; to += 1) {
        const { font, glyph, xOffset, yOffset, advance: own } = shaped[to] as ShapedGlyph;
        if (glyph === 0) continue;
        if (font.box(glyph)) glyphs.push({ face: font.face, glyph, dx: advance + xOffset, dy: -yOffset });
        advance += own;
      }
      from = to;
      const read = text.slice(start, starts[starts.indexOf(start) + 1]).replace(ISOLATES, "");
      if (read === "") continue;
      clusters.push({
        text: read,
        isRightToLeft: item.level % 2 === 1,
        advance,
        glyphs,
      });
    }
    return clusters;
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
  for (const item of itemsInVisualOrder(text, { font, han }, "auto")) drawItem(item, tracking, pen);
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
