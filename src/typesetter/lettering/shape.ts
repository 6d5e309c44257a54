import * as bidiModule from "bidi-js";
import { Direction, Buffer as ShapingBuffer, shape } from "harfbuzzjs";
import { type FontName, fontOf, type LoadedFont } from "./fonts.ts";

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
  readonly font: FontName;
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
  readonly font: FontName;
}

// The package is a CommonJS factory whose types claim a default export; Node hands out the factory itself.
const bidi = (bidiModule.default as unknown as () => import("bidi-js").Bidi)();

const FALLBACKS: Readonly<Partial<Record<FontName, readonly FontName[]>>> = {
  anton: ["condensed", "arabic", "hebrew"],
  condensed: ["arabic", "hebrew", "grotesk"],
  narrow: ["arabic", "hebrew", "text"],
  text: ["arabic", "hebrew"],
  line: ["text", "arabic", "hebrew"],
  mono: ["text", "arabic", "hebrew"],
  serif: ["grotesk", "arabic", "hebrew"],
};
const ANY_FALLBACK: readonly FontName[] = ["grotesk", "arabic", "hebrew"];
const ARABIC = /\p{Script=Arabic}/u;
const HEBREW = /\p{Script=Hebrew}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;
const MARK = /^[\p{M}\u200c\u200d]$/u;

/** The fonts tried for a text, best first. */
const chainOf = (font: FontName): readonly FontName[] => [font, ...(FALLBACKS[font] ?? ANY_FALLBACK)];

/** Characters that no bundled font has, each once. */
export function missingCharacters(text: string): readonly string[] {
  const fonts = (["grotesk", "condensed", "arabic", "hebrew"] as const).map(fontOf);
  const missing = new Set<string>();
  for (const character of text) {
    if (/\s/u.test(character) || character === "\u200c" || character === "\u200d") continue;
    const codePoint = character.codePointAt(0) ?? 0;
    if (!fonts.some((font) => font.has(codePoint))) missing.add(character);
  }
  return [...missing];
}

/** A word keeps one font, so that a face with half an alphabet does not mix two inside it. */
function fontForWord(word: string, chain: readonly FontName[]): FontName | undefined {
  // Lalezar and Secular One have Latin too, but a Latin word in them would look foreign beside the poster's own face.
  const order = ARABIC.test(word)
    ? ["arabic" as const, ...chain]
    : HEBREW.test(word)
      ? ["hebrew" as const, ...chain]
      : chain;
  return order.find((name) => [...word].every((c) => MARK.test(c) || fontOf(name).has(c.codePointAt(0) ?? 0)));
}

function fontsPerUnit(text: string, font: FontName): FontName[] {
  const chain = chainOf(font);
  const fonts: FontName[] = new Array<FontName>(text.length).fill(font);
  for (const match of text.matchAll(/\S+/gu)) {
    const whole = fontForWord(match[0], chain);
    let at = match.index;
    let last: FontName = whole ?? font;
    for (const character of match[0]) {
      const own = whole ?? (MARK.test(character) ? last : (fontForWord(character, chain) ?? last));
      for (let i = 0; i < character.length; i++) fonts[at++] = own;
      last = own;
    }
  }
  // A space goes with the word before it: its width then fits its neighbour.
  for (let i = 1; i < text.length; i++) if (/\s/u.test(text[i] ?? "")) fonts[i] = fonts[i - 1] ?? font;
  return fonts;
}

function itemsInVisualOrder(text: string, font: FontName): readonly Item[] {
  const levels = bidi.getEmbeddingLevels(text, "auto").levels;
  const fonts = fontsPerUnit(text, font);
  const items: Item[] = [];
  let start = 0;
  for (let i = 1; i <= text.length; i++) {
    if (i < text.length && levels[i] === levels[start] && fonts[i] === fonts[start]) continue;
    items.push({ text: text.slice(start, i), level: levels[start] ?? 0, font: fonts[start] ?? font });
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
  const font: LoadedFont = fontOf(item.font);
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
  // Letter-spacing would tear joined Arabic letters apart.
  const space = item.font === "arabic" ? 0 : tracking;
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
  pen.glyphs.push({ font: font.name, glyph, dx, dy });
}

/** The outlines of a line, glyph after glyph, in the line's unit. */
export function* outlineOf(line: ShapedLine): Generator<Step> {
  for (const { font: name, glyph, dx, dy } of line.glyphs) {
    const font = fontOf(name);
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

/** @param tracking extra space after each letter, in heights of a capital */
export function shapeLine(text: string, font: FontName, tracking = 0): ShapedLine {
  const key = `${font}\n${tracking}\n${text}`;
  const known = cache.get(key);
  if (known) return known;
  const far = 1e9;
  const pen: Pen = { x: 0, glyphs: [], left: far, top: far, right: -far, bottom: -far };
  for (const item of itemsInVisualOrder(text, font)) drawItem(item, tracking, pen);
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
