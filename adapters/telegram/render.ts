import type { InlineKeyboardMarkup } from "grammy/types";
import { fitView } from "../../src/ports/fit-view.ts";
import type { ShownImage, ShownTile, ShownView } from "../../src/ports/view.ts";
import { keyboardOf } from "./keyboard.ts";
import { capabilities, LIMITS } from "./limits.ts";
import { bold, code, cutStyled, joined, type Styled, splitStyled, styled, withoutMentions } from "./text.ts";

/** A view in Telegram's words; the bytes of pictures are fetched by whoever sends it. */
export interface Rendered {
  /** The first stands beside a photo or document; each of the others, and all below a sheet, is a message of its own. */
  readonly texts: readonly [Styled, ...Styled[]];
  readonly media?:
    | { readonly kind: "photo"; readonly image: ShownImage }
    | { readonly kind: "document"; readonly key: string; readonly name: string }
    | { readonly kind: "sheet"; readonly images: readonly ShownImage[] };
  /** Under the last message. */
  readonly keyboard?: InlineKeyboardMarkup;
}

/** For a new message: nothing is left out, long texts go on in further messages. */
export function rendered(view: ShownView): Rendered {
  const media = mediaOf(view);
  const beside = media !== undefined && media.kind !== "sheet";
  const whole = textOf(view, beside ? LIMITS.captionMaxChars : LIMITS.textMaxChars);
  const [first = styled(), ...rest] = splitStyled(
    whole,
    beside ? LIMITS.captionMaxChars : LIMITS.textMaxChars,
    LIMITS.textMaxChars,
  );
  const keyboard = keyboardOf(view);
  return { texts: [first, ...rest], ...(media ? { media } : {}), ...(keyboard ? { keyboard } : {}) };
}

/** For an edit, which is one message whatever it holds: what is too long ends with "…". */
export function renderedAsOne(view: ShownView): Rendered {
  const { tiles: _gallery, ...listed } = view;
  const media = mediaOf(listed);
  const maxChars = media ? LIMITS.captionMaxChars : LIMITS.textMaxChars;
  const keyboard = keyboardOf(view);
  return {
    texts: [cutStyled(textOf(view, maxChars), maxChars)],
    ...(media ? { media } : {}),
    ...(keyboard ? { keyboard } : {}),
  };
}

function mediaOf(view: ShownView): Rendered["media"] {
  // A file is the picture itself, whole: beside it the preview would say nothing more.
  if (view.file && view.file.href === undefined) return { kind: "document", ...view.file };
  if (view.image) return { kind: "photo", image: view.image };
  const images = (view.tiles ?? []).flatMap(({ image }) => (image ? [image] : []));
  return images.length > 0 ? { kind: "sheet", images } : undefined;
}

function textOf(view: ShownView, maxChars: number): Styled {
  const bar = view.progress === undefined ? undefined : progressBar(view.progress);
  const leftChars = maxChars - (bar === undefined ? 0 : bar.length + 1);
  // The bar is ours, so the text makes room for it by the rule that every platform's texts are shortened by.
  const text = bar === undefined ? view.text : shortened(view, leftChars).text;
  const parts = [
    styled(bar === undefined ? text : `${text}\n${bar}`),
    ...(view.fields?.length ? [joined(view.fields.map(fieldLine), "\n")] : []),
    ...(view.tiles ?? []).map((tile, at) => tileText(tile, at + 1)),
  ].filter((part) => part.text !== "");
  return withoutMentions(joined(parts, "\n\n"));
}

const shortened = (view: ShownView, maxChars: number): ShownView =>
  fitView(view, { ...capabilities, textMaxChars: maxChars, captionMaxChars: maxChars });

const BAR_CELLS = 10;

/** "▰▰▰▱▱▱▱▱▱▱ 30 %". */
export function progressBar(fraction: number): string {
  const share = Math.min(1, Math.max(0, fraction));
  const full = Math.round(share * BAR_CELLS);
  return `${"▰".repeat(full)}${"▱".repeat(BAR_CELLS - full)} ${Math.round(share * 100)} %`;
}

const fieldLine = ({ name, value }: NonNullable<ShownView["fields"]>[number]): Styled =>
  styled(bold(`${name}:`), value.includes("\n") ? "\n" : " ", value);

/** Numbered as the pictures of the sheet above: row by row. */
function tileText(tile: ShownTile, number: number): Styled {
  const numbered = tile.image ? `${number}. ${tile.title}` : tile.title;
  const fill = tile.fill?.trim();
  return styled(
    bold(numbered),
    tile.text === "" ? "" : `\n${tile.text}`,
    // Tapped, code is copied: the quickest way from a list into the input on a phone.
    ...(fill === undefined || fill === "" ? [] : ["\n", code(fill)]),
  );
}
