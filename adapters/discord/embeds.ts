import type { APIEmbed } from "discord.js";
import { cutText } from "../../src/lib/text.ts";
import type { ShownTile, ShownView } from "../../src/ports/view.ts";
import { chunks } from "./chunks.ts";
import { escapeMarkdown } from "./escape.ts";
import { MESSAGE } from "./limits.ts";

const COLOURS = { working: 0x5865f2, good: 0x2f9e5b, bad: 0xd83c3e, quiet: 0x8a8f98 } as const;
export const colourOf = (tone: ShownView["tone"]) => (tone ? { color: COLOURS[tone] } : {});

/** Short facts stand beside each other. */
const INLINE_MAX_CHARS = 24;
/** A value that is too long for everything together is cut to these, one after the other. */
const CUTS = [Number.POSITIVE_INFINITY, 3000, 1500, 800, 400, 200, 100, 40, 15];

interface Built {
  readonly embeds: readonly APIEmbed[];
  /** Something did not fit into Discord's 6,000 characters. */
  readonly shortened: boolean;
}

/** Cut before escaping: a mark of escape is never left alone, and no character is halved. */
export function escapedWithin(text: string, maxChars: number): string {
  const whole = escapeMarkdown(text);
  if (whole.length <= maxChars) return whole;
  let keep = Math.min(text.length, maxChars);
  for (;;) {
    const cut = escapeMarkdown(cutText(text.slice(0, keep + 1), keep));
    if (cut.length <= maxChars) return cut;
    keep -= Math.max(1, Math.ceil((cut.length - maxChars) / 2));
  }
}

const charsOf = ({ title = "", description = "", fields = [] }: APIEmbed): number =>
  title.length + description.length + fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
const total = (embeds: readonly APIEmbed[]): number => embeds.reduce((sum, embed) => sum + charsOf(embed), 0);

/** The least cut that fits. */
function fitted(build: (valueMaxChars: number) => readonly APIEmbed[], maxChars: number): Built {
  for (const [tries, cut] of CUTS.entries()) {
    const embeds = build(cut);
    if (total(embeds) <= maxChars && embeds.length <= MESSAGE.embeds) return { embeds, shortened: tries > 0 };
  }
  return { embeds: build(CUTS.at(-1) ?? 40).slice(0, 1), shortened: true };
}

/** A table of facts. Long values go on in a second field, many facts in a second embed. */
export function fieldEmbeds(
  fields: NonNullable<ShownView["fields"]>,
  tone: ShownView["tone"],
  usedChars: number,
): Built {
  return fitted((valueMaxChars) => {
    const rows = fields.flatMap(({ name, value }) => {
      const shown = cutText(value, Math.min(value.length, valueMaxChars));
      const inline = shown.length <= INLINE_MAX_CHARS && !shown.includes("\n");
      const title = escapedWithin(name, MESSAGE.embedFieldNameMaxChars) || "\u200b";
      return pieces(shown, MESSAGE.embedFieldValueMaxChars).map((piece, index) => ({
        name: index === 0 ? title : "…",
        value: piece || "\u200b",
        inline,
      }));
    });
    return chunks(rows, MESSAGE.embedFields).map((part) => ({ ...colourOf(tone), fields: part }));
  }, MESSAGE.embedsMaxChars - usedChars);
}

/** A gallery: one embed for each tile with its picture beside the text, or a list where no tile has one. */
export function tileEmbeds(
  tiles: NonNullable<ShownView["tiles"]>,
  pictureNames: readonly (string | undefined)[],
  fillText: (fill: string) => string,
  usedChars: number,
): Built {
  const lines = ({ text, fill = "" }: ShownTile, textMaxChars: number) => {
    // What the line to type says anyway is said once.
    const own = fill.endsWith(text) ? "" : escapedWithin(text, textMaxChars);
    return [own, fill === "" ? "" : fillText(cutText(fill, textMaxChars))].filter((line) => line !== "").join("\n");
  };
  const gallery = (cut: number) =>
    tiles.map((tile, index): APIEmbed => {
      const name = pictureNames[index];
      return {
        title: escapedWithin(tile.title, Math.min(cut, MESSAGE.embedTitleMaxChars)),
        description: lines(tile, Math.min(cut, TILE_TEXT_MAX_CHARS)),
        ...(name === undefined ? {} : { thumbnail: { url: `attachment://${name}` } }),
      };
    });
  const list = (cut: number) =>
    chunks(
      tiles.map((tile) => ({
        name: escapedWithin(tile.title, Math.min(cut, MESSAGE.embedFieldNameMaxChars)) || "\u200b",
        value: lines(tile, Math.min(cut, ROW_TEXT_MAX_CHARS)) || "\u200b",
        inline: false,
      })),
      MESSAGE.embedFields,
    ).map((fields): APIEmbed => ({ fields }));
  const pictured = tiles.some(({ image }) => image);
  const built = fitted(pictured ? gallery : list, MESSAGE.embedsMaxChars - usedChars);
  const fits = pictured ? TILE_TEXT_MAX_CHARS : ROW_TEXT_MAX_CHARS;
  const cut = tiles.some(({ text, fill = "" }) => Math.max(text.length, fill.length) > fits);
  return { ...built, shortened: built.shortened || cut };
}
/** A tile's text and the line to type, each; together they stay below what one embed's description or one field takes. */
const TILE_TEXT_MAX_CHARS = 1900;
const ROW_TEXT_MAX_CHARS = 450;

/** A long text, escaped, in parts of at most `maxChars`, split between characters. */
function pieces(text: string, maxChars: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  do {
    const fits = fittingChars(rest, maxChars);
    parts.push(escapeMarkdown(rest.slice(0, fits)));
    rest = rest.slice(fits);
  } while (rest !== "");
  return parts;
}

/** How much of a text has room once it is escaped: found by halving, as texts come from strangers. At least one character. */
function fittingChars(text: string, maxChars: number): number {
  if (escapeMarkdown(text.slice(0, maxChars + 1)).length <= maxChars) return text.length;
  let least = 0;
  let most = Math.min(text.length, maxChars);
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (escapeMarkdown(text.slice(0, middle)).length <= maxChars) least = middle;
    else most = middle - 1;
  }
  const character = graphemes.segment(text.slice(0, least + CHARACTER_MAX_UNITS)).containing(least);
  return character && character.index > 0 ? character.index : Math.max(1, least);
}
/** Of UTF-16: families and flags are the longest that people type. */
const CHARACTER_MAX_UNITS = 32;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
