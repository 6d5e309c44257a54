import { createHash } from "node:crypto";
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { cutText } from "../../src/lib/text.ts";
import type { ShownButton, ShownSelect, ShownTile, ShownView } from "../../src/ports/view.ts";
import { LIMITS } from "./limits.ts";

/** Presses of our own, beside the core's signed tokens (which start with "1." or "2."). They give no more right than typing does. */
const OWN = "t:";

export type OwnPress =
  /** A finished command line, sent for whoever pressed. */
  | { readonly kind: "run"; readonly line: string }
  /** A command that still needs words: ask for them. */
  | { readonly kind: "ask"; readonly commandName: string }
  /** A step in a form of buttons. */
  | { readonly kind: "form"; readonly formId: string; readonly step: string }
  /** Words in reply to a picture are meant as a wish. */
  | { readonly kind: "words"; readonly offerId: string };

/** `undefined`: too long for a button. */
export function encodeOwn(press: OwnPress): string | undefined {
  const data = OWN + ownText(press);
  return Buffer.byteLength(data) <= LIMITS.callbackDataMaxBytes ? data : undefined;
}

function ownText(press: OwnPress): string {
  switch (press.kind) {
    case "run":
      return `run:${press.line}`;
    case "ask":
      return `ask:${press.commandName}`;
    case "form":
      return `form:${press.formId}:${press.step}`;
    case "words":
      return `words:${press.offerId}`;
  }
}

/** `undefined` for what is none of ours: the core decides about it. */
export function decodeOwn(data: string): OwnPress | undefined {
  const [, kind, rest = ""] = /^t:(run|ask|form|words):(.*)$/s.exec(data) ?? [];
  switch (kind) {
    case "run":
      return /^\/[a-z]/.test(rest) ? { kind, line: rest } : undefined;
    case "ask":
      return /^[a-z][a-z0-9_]{0,31}$/.test(rest) ? { kind, commandName: rest } : undefined;
    case "form": {
      const [, formId, step] = /^([A-Za-z0-9_-]{8}):([a-z0-9.]{1,12})$/.exec(rest) ?? [];
      return formId && step ? { kind, formId, step } : undefined;
    }
    case "words":
      return /^[A-Za-z0-9_-]{8}$/.test(rest) ? { kind, offerId: rest } : undefined;
    default:
      return undefined;
  }
}

const STYLE_OF_TONE = { primary: "primary", danger: "danger" } as const;

function buttonOf({ label, token, tone }: ShownButton): InlineKeyboardButton {
  return { text: label, callback_data: token, ...(tone ? { style: STYLE_OF_TONE[tone] } : {}) };
}

/** All buttons of a view; `undefined` without any, which on an edit takes the old ones away. */
export function keyboardOf(view: ShownView): InlineKeyboardMarkup | undefined {
  const tiles = view.tiles ?? [];
  const rows = [
    ...linkTo(view.file),
    ...tiles.flatMap(tileButtons),
    ...inRows(tiles.flatMap(fillButton)),
    ...(view.selects ?? []).map((select) => [selectButton(select)]),
    ...(view.buttons ?? []).flatMap((row) => inRows(row.map(buttonOf))),
  ].slice(0, LIMITS.buttonsMax);
  return rows.length === 0 ? undefined : { inline_keyboard: rows };
}

/** A file that is too large for a message. */
const linkTo = (file: ShownView["file"]): InlineKeyboardButton[][] =>
  file?.href === undefined ? [] : [[{ text: cutText(file.title ?? file.name, 60), url: file.href }]];

/** Names the choices of a list, so that they can be kept once for every message that offers them. */
export const choicesKeyOf = ({ label, choices }: ShownSelect): string =>
  createHash("sha256")
    .update(JSON.stringify([label, choices]))
    .digest("base64url")
    .slice(0, 11);

/** A list is one button: 25 choices under every picture would hide the pictures. */
function selectButton(select: ShownSelect): InlineKeyboardButton {
  const chosen = select.choices.find(({ value }) => value === select.chosen)?.label;
  const text = cutText(chosen === undefined ? select.label : `${select.label}: ${chosen}`, 60);
  return { text: `${text} ▾`, callback_data: `${select.token}?${choicesKeyOf(select)}` };
}

/** The list opened: a button for each choice. */
export const choiceButtons = (token: string, choices: ShownSelect["choices"]): InlineKeyboardButton[][] =>
  inRows(choices.map(({ value, label }) => ({ text: cutText(label, 40), callback_data: `${token}=${value}` })));

/** What a press of a core's button says: the token alone, the token with a choice, or that a list is to be opened. */
export function tokenIn(data: string): {
  readonly token: string;
  readonly choice?: string;
  readonly opens?: string;
} {
  const [, token, sign, rest] = /^([^=?]{1,64})([=?])(.*)$/s.exec(data) ?? [];
  if (token === undefined || rest === undefined) return { token: data };
  return sign === "=" ? { token, choice: rest } : { token, opens: rest };
}

/** About what a row shows on a narrow phone before labels are cut; its buttons are equally wide. */
const ROW_CHARS = 36;
const AROUND_LABEL_CHARS = 2;

/** In even rows, as few as the labels allow: four long ones become two and two. */
export function inRows(buttons: readonly InlineKeyboardButton[]): InlineKeyboardButton[][] {
  if (buttons.length === 0) return [];
  for (let perRow = Math.min(LIMITS.buttonsPerRow, buttons.length); perRow > 1; perRow -= 1) {
    const rows = chunks(buttons, Math.ceil(buttons.length / Math.ceil(buttons.length / perRow)));
    if (rows.every(fitsOnPhone)) return rows;
  }
  return chunks(buttons, 1);
}

const fitsOnPhone = (row: readonly InlineKeyboardButton[]): boolean =>
  row.length * (Math.max(...row.map(({ text }) => text.length)) + AROUND_LABEL_CHARS) <= ROW_CHARS;

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/** "Cancel · 2 · Ana": in a list of one message each button has to say which entry it is about. */
const tileButtons = (tile: ShownTile): InlineKeyboardButton[][] =>
  inRows(
    (tile.buttons ?? []).map((button) => ({
      ...buttonOf(button),
      text: cutText(`${button.label} · ${tile.title}`, 40),
    })),
  );

/** As much as a row of its own shows. */
const LABEL_MAX_CHARS = ROW_CHARS - AROUND_LABEL_CHARS;

/**
 * What puts a command into the input elsewhere. Here a command that waits for words asks for them, a finished one is run,
 * and what would spend something, or is too long for a button, is copied.
 */
function fillButton(tile: ShownTile): InlineKeyboardButton[] {
  const [, name = "", gap = "", rest = ""] = /^\/([a-z0-9_]+)(\s*)(.*)$/s.exec(tile.fill ?? "") ?? [];
  if (name === "") return [];
  const text = cutText(tile.title, LABEL_MAX_CHARS);
  const line = `/${name} ${rest}`.trim();
  const own = encodeOwn(rest === "" && gap !== "" ? { kind: "ask", commandName: name } : { kind: "run", line });
  if (own !== undefined && tile.fillDraws !== true) return [{ text, callback_data: own }];
  return line.length <= LIMITS.copyTextMaxChars ? [{ text: `${text} ⧉`, copy_text: { text: line } }] : [];
}
