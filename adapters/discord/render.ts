import type { APIEmbed, RESTPostAPIChannelMessageJSONBody as MessageBody } from "discord.js";
import { type Text, text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render as words } from "../../src/messages/render.ts";
import type { ShownButton, ShownSelect, ShownView } from "../../src/ports/view.ts";
import { chunks } from "./chunks.ts";
import { colourOf, escapedWithin, fieldEmbeds, tileEmbeds } from "./embeds.ts";
import { escapeMarkdown } from "./escape.ts";
import { MESSAGE } from "./limits.ts";

/** A file of the message: one to upload, or one that is there already. */
export type Placed = { readonly name: string; readonly alt?: string; readonly spoiler?: boolean } & {
  readonly attachedId?: string;
};

export interface Parts {
  /** One, or those of a gallery; see components.ts. */
  readonly images?: readonly Placed[];
  readonly file?: Placed;
  /** One for each tile; absent where there is no picture. */
  readonly tiles?: readonly (Placed | undefined)[];
  /** Sentences of the adapter's own: what was made smaller, what could not be shown. */
  readonly notes?: readonly Text[];
  /** The id under which a command is registered where this is shown, for a mention that opens it. */
  readonly commandId?: (name: string) => string | undefined;
}

export type Rendered = Required<Pick<MessageBody, "components" | "attachments" | "allowed_mentions">> & {
  readonly content: string | null;
  readonly embeds: readonly APIEmbed[] | null;
  readonly flags?: number;
};

const BAR_CELLS = 12;
const ROW = 1 as const;
const BUTTON = 2 as const;
const STRING_SELECT = 3 as const;
const STYLES = { primary: 1, plain: 2, danger: 4 } as const;
const LINK = 5 as const;
const SHORTENED = text("discord.cut-short");

/** A view as the body of a message. Pure: the same view and parts give the same body. The files go beside it, in `parts`' order. */
export function render(view: ShownView, parts: Parts = {}): Rendered {
  const names = (parts.tiles ?? []).map((tile) => tile?.name);
  const notes = parts.notes ?? [];
  const build = (extra: readonly Text[]) => textOf(view, [...notes, ...extra]);
  const whole = build([]);
  const used = whole.embed?.description?.length ?? 0;
  const facts = view.fields?.length ? fieldEmbeds(view.fields, view.tone, used) : NOTHING;
  const tiles = view.tiles?.length
    ? tileEmbeds(view.tiles, names, (fill) => fillText(fill, parts.commandId), used)
    : NOTHING;
  const said = facts.shortened || tiles.shortened ? build([SHORTENED]) : whole;
  return {
    content: said.content,
    embeds: [...(said.embed ? [said.embed] : []), ...facts.embeds, ...tiles.embeds].slice(0, MESSAGE.embeds),
    components: rowsOf(view),
    attachments: attachmentsOf(parts),
    allowed_mentions: { parse: [] },
  };
}

const NOTHING = { embeds: [] as readonly APIEmbed[], shortened: false };

/** Text that grew too long by escaping goes into an embed, which holds twice as much: nothing is lost. */
function textOf(view: ShownView, notes: readonly Text[]): { readonly content: string; readonly embed?: APIEmbed } {
  const lines = [...(view.text === "" ? [] : [escapeMarkdown(view.text)]), ...underText(view, notes)];
  const content = lines.join("\n");
  if (content.length <= MESSAGE.contentMaxChars) return { content };
  const rest = lines.slice(view.text === "" ? 0 : 1).join("\n");
  const leftChars = MESSAGE.embedDescriptionMaxChars - rest.length - 1;
  return {
    content: "",
    embed: { ...colourOf(view.tone), description: `${escapedWithin(view.text, leftChars)}\n${rest}`.trim() },
  };
}

/** What the adapter adds to a view's text, in lines. */
export const underText = ({ progress, language }: ShownView, notes: readonly Text[]): readonly string[] => [
  ...(progress === undefined ? [] : [barOf(progress)]),
  ...notes.map((note) => `-# ${escapeMarkdown(words(note, language ?? SOURCE_LANGUAGE))}`),
];

/** Twelve cells, and the number for screen readers. */
export function barOf(progress: number): string {
  const full = Math.round(Math.min(1, Math.max(0, progress)) * BAR_CELLS);
  return `${"▰".repeat(full)}${"▱".repeat(BAR_CELLS - full)} ${Math.round(progress * 100)} %`;
}

/** A line to type. The mention opens the command when it is clicked; what follows it is still to be typed. */
function fillText(fill: string, commandId: Parts["commandId"]): string {
  const [, name = "", rest = ""] = /^\/(\S+)\s*(.*)$/s.exec(fill) ?? [];
  const id = commandId?.(name);
  const typed = rest.trim();
  if (id === undefined) return `\`${fill.trim().replaceAll("`", "ˋ")}\``;
  return typed === "" ? `</${name}:${id}>` : `</${name}:${id}> \`${typed.replaceAll("`", "ˋ")}\``;
}

/** Of an address; a longer one stands in the text alone. */
const LINK_MAX_CHARS = 512;

/** Lists first, each in a row of its own, then the buttons, then those of the tiles, then what a browser opens. */
export function rowsOf(view: ShownView): Rendered["components"] {
  const ids = new Set<string>();
  const unique = (token: string): string => {
    let id = token;
    for (let count = 2; ids.has(id); count += 1) id = `${token}~${count}`;
    ids.add(id);
    return id;
  };
  const button = ({ label, token, tone }: ShownButton) => ({
    type: BUTTON,
    style: STYLES[tone ?? "plain"],
    label: cutText(label, MESSAGE.buttonLabelMaxChars),
    custom_id: unique(token),
  });
  const select = ({ label, token, choices, chosen }: ShownSelect) => ({
    type: STRING_SELECT,
    custom_id: unique(token),
    placeholder: cutText(label, 150),
    options: choices.map((choice) => ({
      label: cutText(choice.label, 100),
      value: choice.value,
      ...(choice.value === chosen && { default: true }),
    })),
  });
  const ofTiles = (view.tiles ?? []).flatMap(({ title, buttons = [] }) =>
    buttons.map((each) => ({ ...each, label: `${title}: ${each.label}` })),
  );
  const link = ({ label, url }: NonNullable<ShownView["links"]>[number]) => ({
    type: BUTTON,
    style: LINK,
    label: cutText(label, MESSAGE.buttonLabelMaxChars),
    url,
  });
  return [
    ...linkTo(view.file),
    ...(view.selects ?? []).map((each) => [select(each)]),
    ...(view.buttons ?? []).map((row) => row.map(button)),
    ...chunks(ofTiles, MESSAGE.buttonsPerRow).map((row) => row.map(button)),
    (view.links ?? []).filter(({ url }) => url.length <= LINK_MAX_CHARS).map(link),
  ]
    .filter((row) => row.length > 0)
    .map((components) => ({ type: ROW, components }));
}

/** A file that is too large for a message. */
const linkTo = (file: ShownView["file"]) =>
  file?.href === undefined
    ? []
    : [
        [
          {
            type: BUTTON,
            style: LINK,
            label: cutText(file.title ?? file.name, MESSAGE.buttonLabelMaxChars),
            url: file.href,
          },
        ],
      ];

export function attachmentsOf({ images = [], tiles = [], file }: Parts): Rendered["attachments"] {
  const placed = [...images, ...tiles, file].filter((each) => each !== undefined);
  let uploads = 0;
  return placed.map((each) => {
    if (each.attachedId !== undefined) return { id: each.attachedId };
    uploads += 1;
    const { name, alt, spoiler } = each;
    return {
      id: String(uploads - 1),
      filename: name,
      ...(alt === undefined ? {} : { description: cutText(alt, MESSAGE.altMaxChars) }),
      ...(spoiler ? { is_spoiler: true } : {}),
    };
  });
}
