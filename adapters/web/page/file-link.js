import { Icon } from "./icons.js";
import { mediaUrl } from "./picture-source.js";
import { PressButton } from "./press.js";
import { html } from "./vendor/htm-preact.js";
import { directionOf, say } from "./words.js";

/** @import { IconName } from "./icons.js" */
/** @import { Acts } from "./message.js" */
/** @import { ShownButton, ShownView } from "../../../src/ports/view.ts" */
/** @typedef {NonNullable<ShownView["file"]>} ShownFile */

/** @type {Readonly<Record<NonNullable<ShownFile["document"]>, IconName>>} */
const ICONS = { deck: "deck", slides: "deck", sheet: "sheet", zip: "zip", print: "print" };

/** A file to download: a document says what it is, and how large. @param {{ file: ShownFile }} props */
export function FileLink({ file }) {
  const { name, document, title = name, facts = "" } = file;
  const href = file.href ?? mediaUrl(file.key);
  if (!document) return html`<a class="file" href=${href} download=${name}>${say("page.chat.download", { name })}</a>`;
  return html`<a class="filebtn" href=${href} download=${name}><${Icon} name=${ICONS[document]} /><strong>${title}</strong><small dir=${directionOf(facts)}>${facts}</small></a>`;
}

/** @param {ShownButton} button */
export const makesFile = ({ does }) => does === "deck" || does === "sheet" || does === "zip";

/** What can be taken away, before it is made. @param {{ buttons: readonly ShownButton[], acts: Acts }} props */
export const Files = ({ buttons, acts }) =>
  html`<div class="files">${buttons.map((button) => html`<${PressButton} key=${button.token} button=${button} kind="filebtn" acts=${acts}><${Icon} name=${/** @type {IconName} */ (button.does)} /><strong>${button.label}</strong><//>`)}</div>`;

/** What stands on the button is not said twice. @param {string} text @param {ShownFile | undefined} file */
export const besideFile = (text, file) =>
  file?.document
    ? text
        .split("\n")
        .filter((line) => line !== file.facts)
        .join("\n")
    : text;
