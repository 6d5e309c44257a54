import type { APIMessageTopLevelComponent } from "discord.js";
import { cutText } from "../../src/lib/text.ts";
import type { ShownTile, ShownView } from "../../src/ports/view.ts";
import { colourOf, escapedWithin } from "./embeds.ts";
import { galleryNumbers } from "./gallery.ts";
import { MESSAGE, V2 } from "./limits.ts";
import { attachmentsOf, type Parts, type Placed, type Rendered, rowsOf, underText } from "./render.ts";

const SECTION = 9 as const;
const TEXT = 10 as const;
const THUMBNAIL = 11 as const;
const GALLERY = 12 as const;
const FILE = 13 as const;
const CONTAINER = 17 as const;

/** A table and a list, should they stand there too: the words themselves get the rest. */
const FACTS_MAX_CHARS = 1000;
const TILES_MAX_CHARS = 1500;
/** Around what is printed bold, and between lines. */
const MARKS_CHARS = 8;

/**
 * A view as a message of Components V2: a card whose pictures stand beside each other, each with its own alternative text and
 * cover. Pure, as `render`. Once a message is of this kind all that it ever shows has to be, so every view can be shown so.
 */
export function renderComponents(view: ShownView, parts: Parts = {}): Rendered {
  const under = underText(view, parts.notes ?? []);
  const images = parts.images ?? [];
  const numbers = images.length > 1 ? galleryNumbers(view) : "";
  const facts = factsOf(view);
  const tiles = tilesOf(view, parts);
  const beside = [...under, numbers, facts].join("\n").length + tiles.chars;
  const words = escapedWithin(view.text, V2.textMaxChars - beside - 2 * MARKS_CHARS);
  const body = [
    ...said([words, ...under]),
    ...(images.length === 0 ? [] : [{ type: GALLERY, items: images.map(itemOf) }]),
    ...said(numbers === "" ? [] : [`-# ${numbers}`]),
    ...said([facts]),
    ...tiles.components,
    ...(parts.file ? [{ type: FILE, file: { url: urlOf(parts.file) }, ...spoilerOf(parts.file) }] : []),
    ...(rowsOf(view) ?? []),
  ];
  const { color: accent } = { color: undefined, ...colourOf(view.tone) };
  const card = { type: CONTAINER, ...(accent === undefined ? {} : { accent_color: accent }), components: body };
  return {
    flags: V2.flag,
    // Of a message that was none of these before, these have to go.
    content: null,
    embeds: null,
    // The types of discord.js name each component by an enum of its own.
    components: [card as APIMessageTopLevelComponent],
    attachments: attachmentsOf(withoutAlt(parts)),
    allowed_mentions: { parse: [] },
  };
}

const said = (lines: readonly string[]) => {
  const content = lines.filter((line) => line !== "").join("\n");
  return content === "" ? [] : [{ type: TEXT, content }];
};

const urlOf = ({ name }: Placed): string => `attachment://${name}`;
const spoilerOf = ({ spoiler }: Placed) => (spoiler ? { spoiler: true } : {});

const itemOf = (placed: Placed) => ({
  media: { url: urlOf(placed) },
  ...(placed.alt === undefined || placed.alt === "" ? {} : { description: cutText(placed.alt, MESSAGE.altMaxChars) }),
  ...spoilerOf(placed),
});

/** Where a component shows a file, the component says what is on it and whether it is covered. */
function withoutAlt(parts: Parts): Parts {
  const bare = ({ name, attachedId }: Placed): Placed => ({
    name,
    ...(attachedId === undefined ? {} : { attachedId }),
  });
  return {
    ...parts,
    images: (parts.images ?? []).map(bare),
    tiles: (parts.tiles ?? []).map((tile) => tile && bare(tile)),
    ...(parts.file ? { file: bare(parts.file) } : {}),
  };
}

function factsOf({ fields = [] }: ShownView): string {
  const each = Math.floor(FACTS_MAX_CHARS / Math.max(1, fields.length));
  const name = Math.floor(each / 3);
  return fields
    .map((fact) => `**${escapedWithin(fact.name, name)}** ${escapedWithin(fact.value, each - name - MARKS_CHARS)}`)
    .join("\n");
}

function tilesOf({ tiles = [] }: ShownView, { tiles: placed = [] }: Parts) {
  const each = Math.floor(TILES_MAX_CHARS / Math.max(1, tiles.length));
  const textOf = ({ title, text }: ShownTile) =>
    [`**${escapedWithin(title, each / 2 - MARKS_CHARS)}**`, escapedWithin(text, each / 2)]
      .filter((line) => line !== "")
      .join("\n");
  const texts = tiles.map(textOf);
  const components = tiles.some((_, at) => placed[at])
    ? texts.map((content, at) => {
        const picture = placed[at];
        const words = { type: TEXT, content };
        return picture
          ? { type: SECTION, components: [words], accessory: { type: THUMBNAIL, ...itemOf(picture) } }
          : words;
      })
    : said([texts.join("\n")]);
  return { components, chars: texts.join("\n").length };
}
