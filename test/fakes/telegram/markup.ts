import { asArray, asObject, type Params } from "./params.ts";
import { badRequest } from "./refusal.ts";
import type { Button, Json, Keyboard, Markup } from "./world.ts";

const CALLBACK_DATA_MAX_BYTES = 64;
const BUTTONS_MAX = 100;
const ACTIONS = /^(url|callback_data|web_app|login_url|switch_inline_query.*|copy_text|callback_game|pay)$/;

/** The keyboard a call asks for. @throws Refusal with Telegram's words for what is wrong */
export function markupOf({ values }: Params): Markup | undefined {
  const given = values["reply_markup"];
  if (given === undefined || given === null || given === "") return undefined;
  if (typeof given === "string") throw badRequest("can't parse reply keyboard markup JSON object");
  const markup = asObject(given);
  if (!markup) throw badRequest("object expected as reply markup");
  const rows = markup["inline_keyboard"];
  if (rows !== undefined) {
    const keyboard = keyboardFrom(rows);
    return keyboard.length === 0 ? undefined : { kind: "inline", rows: keyboard };
  }
  if (markup["force_reply"] === true) return { kind: "forceReply", selective: markup["selective"] === true };
  return { kind: "other", markup };
}

function keyboardFrom(rows: unknown): Keyboard {
  if (!Array.isArray(rows)) throw badRequest('field "inline_keyboard" must be of type Array');
  const keyboard = rows.map((row: unknown) => {
    const buttons = asArray(row);
    if (!buttons) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
    return buttons.map(buttonFrom);
  });
  // Telegram drops rows without buttons.
  const filled = keyboard.filter((row) => row.length > 0);
  if (filled.flat().length > BUTTONS_MAX) throw badRequest("reply markup is too long");
  return filled;
}

function buttonFrom(given: unknown): Button {
  const wrong = (what: string) => badRequest(`can't parse inline keyboard button: ${what}`);
  const button = asObject(given);
  if (!button) throw wrong("InlineKeyboardButton must be an Object");
  const { text, callback_data: data } = button;
  if (typeof text !== "string") throw wrong('Field "text" must be of type String');
  const actions = Object.keys(button).filter((key) => ACTIONS.test(key) && button[key] !== "");
  if (actions.length === 0) throw wrong("Text buttons are unallowed in the inline keyboard");
  if (text.trim() === "") throw badRequest("inline keyboard button text must be non-empty");
  if (data === undefined) return { ...button, text };
  if (typeof data !== "string") throw wrong('Field "callback_data" must be of type String');
  if (Buffer.byteLength(data) > CALLBACK_DATA_MAX_BYTES) throw badRequest("BUTTON_DATA_INVALID");
  return { ...button, text, callback_data: data };
}

/** An edit takes inline keyboards only. */
export function inlineMarkupOf(params: Params): Markup | undefined {
  const markup = markupOf(params);
  if (markup && markup.kind !== "inline") throw badRequest("inline keyboard expected");
  return markup;
}

/** What a message shows of it to bots: only inline keyboards come back. */
export const markupJson = (markup: Markup | undefined): Json =>
  markup?.kind === "inline" ? { reply_markup: { inline_keyboard: markup.rows } } : {};
