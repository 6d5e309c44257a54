import { type Capabilities, ChatError } from "../../src/ports/chat.ts";
import type { ShownDecision, ShownForm, ShownSelect, ShownView } from "../../src/ports/view.ts";
import { textsOfForm, textsOfView } from "./texts.ts";

/** The narrowest of what the platforms we know allow, taken together. */
export const STRICTEST: Omit<Capabilities, "ownPlatform"> = {
  textMaxChars: 2000,
  captionMaxChars: 1024,
  imageMaxBytes: 8_000_000,
  fileMaxBytes: 8_000_000,
  buttonsPerRow: 5,
  buttonRows: 5,
  buttonTokenMaxBytes: 64,
  ackWithinMs: 3000,
  editMinIntervalMs: 0,
  postsOnce: true,
};

const LABEL_MAX_CHARS = 24;
const SELECT_LABEL_MAX_CHARS = 60;
const CHOICES_MAX = 25;
const CHOICE_LABEL_MAX_CHARS = 100;
/** With a token it fits into Telegram's 64 bytes. */
const CHOICE_VALUE = /^[\x21-\x7e]{1,20}$/;
const ALBUM_MAX_IMAGES = 10;

/** What a platform would refuse: over its limits is a ChatError; what no platform could show is a plain Error, our bug. */
export function refuseBadView(platform: string, limits: Capabilities, view: ShownView): void {
  const tooLarge = (what: string): never => {
    throw new ChatError(platform, "too_large", what);
  };
  refuseUnsaid(platform, textsOfView(view));
  const maxChars = view.image ? limits.captionMaxChars : limits.textMaxChars;
  if (view.text.length > maxChars) tooLarge(`text of ${view.text.length} characters, ${maxChars} fit`);
  if (view.text.trim() === "" && !view.image && !view.tiles?.length && !view.fields?.length)
    throw new Error(`${platform}: an empty message`);
  if (view.progress !== undefined && !(view.progress >= 0 && view.progress <= 1))
    throw new Error(`${platform}: progress ${view.progress} is not between 0 and 1`);
  const rows = view.buttons ?? [];
  const selects = view.selects ?? [];
  if (rows.length + selects.length > limits.buttonRows)
    tooLarge(`${rows.length + selects.length} rows of buttons and lists, ${limits.buttonRows} fit`);
  for (const select of selects) refuseBadSelect(platform, limits, select);
  if (view.album && (!view.image || view.album.length < 2 || view.album.length > ALBUM_MAX_IMAGES))
    throw new Error(`${platform}: an album of ${view.album.length} pictures, or without its grid`);
  if (view.decision) refuseBadDecision(platform, limits, view.decision, view);
  for (const row of rows) {
    if (row.length > limits.buttonsPerRow) tooLarge(`${row.length} buttons in a row, ${limits.buttonsPerRow} fit`);
    if (row.length === 0) throw new Error(`${platform}: an empty row of buttons`);
  }
  for (const button of [...rows.flat(), ...(view.tiles ?? []).flatMap((tile) => tile.buttons ?? [])]) {
    refuseBadToken(platform, limits, button.token);
    if (button.label.length === 0 || button.label.length > LABEL_MAX_CHARS)
      throw new Error(`${platform}: "${button.label}" is no button label of 1 to ${LABEL_MAX_CHARS} characters`);
  }
}

/** Most platforms show no more of it than the text and the buttons. */
function refuseBadDecision(
  platform: string,
  limits: Capabilities,
  { options, setToken, state }: ShownDecision,
  { buttons = [] }: ShownView,
): void {
  const tokens = options.flatMap(({ token }) => token ?? []);
  for (const token of [...tokens, ...(setToken === undefined ? [] : [setToken])])
    refuseBadToken(platform, limits, token);
  const bad = (what: string): never => {
    throw new Error(`${platform}: a decision ${what}`);
  };
  const offered = new Set(buttons.flat().map(({ token }) => token));
  if (tokens.some((token) => !offered.has(token))) bad("with a choice that no button offers");
  if (state !== "open" && tokens.length + (setToken === undefined ? 0 : 1) > 0) bad("that is over and can be voted in");
  if (new Set(options.map(({ id }) => id)).size < options.length) bad("with one choice twice");
}

function refuseBadSelect(platform: string, limits: Capabilities, { label, token, choices, chosen }: ShownSelect): void {
  const bad = (what: string): never => {
    throw new Error(`${platform}: the list "${label}" ${what}`);
  };
  // As Telegram sends a choice: behind the token of its list.
  for (const { value } of choices) refuseBadToken(platform, limits, `${token}=${value}`);
  if (label.length === 0 || label.length > SELECT_LABEL_MAX_CHARS) bad("has no label that fits");
  if (choices.length === 0 || choices.length > CHOICES_MAX) bad(`offers ${choices.length} choices`);
  for (const choice of choices) {
    if (!CHOICE_VALUE.test(choice.value)) bad(`has a value that does not fit: ${choice.value}`);
    if (choice.label.length === 0 || choice.label.length > CHOICE_LABEL_MAX_CHARS) bad("has a choice without a label");
  }
  const values = new Set(choices.map(({ value }) => value));
  if (values.size < choices.length) bad("offers one value twice");
  if (chosen !== undefined && !values.has(chosen)) bad(`has chosen ${chosen}, which is not offered`);
}

export function refuseBadForm(platform: string, limits: Capabilities, form: ShownForm): void {
  refuseUnsaid(platform, textsOfForm(form));
  refuseBadToken(platform, limits, form.token);
  if (form.fields.length === 0) throw new Error(`${platform}: a form without fields`);
}

/** A text that was put into a string before it was rendered, and a sentence whose gaps nobody filled. */
const UNSAID = /\[object Object\]|\{[a-zA-Z]+(?:, (?:number|plural|select)[^{}]*)?\}/u;

function refuseUnsaid(platform: string, texts: readonly string[]): void {
  const found = texts.find((words) => UNSAID.test(words));
  if (found !== undefined) throw new Error(`${platform}: a text that was not put into words: "${found}"`);
}

function refuseBadToken(platform: string, limits: Capabilities, token: string): void {
  const bytes = Buffer.byteLength(token);
  if (bytes === 0 || bytes > limits.buttonTokenMaxBytes)
    throw new ChatError(platform, "too_large", `a token of ${bytes} bytes, ${limits.buttonTokenMaxBytes} fit`);
}

/** As it goes over a wire: what JSON cannot carry gets lost here, as it would there. */
export const overTheWire = (view: ShownView): ShownView => JSON.parse(JSON.stringify(view)) as ShownView;
