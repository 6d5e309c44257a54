import { Dialog } from "../dialogs.js";
import { OfferRows } from "../offer-rows.js";
import { PressButton } from "../press.js";
import { html } from "../vendor/htm-preact.js";
import { directionOf } from "../words.js";
import { useBack } from "./layers.js";
import { Shown } from "./pictures.js";

/** @import { ShownView } from "../../../../src/ports/view.ts" */
/** @import { Pictures } from "./pictures.js" */
/** @import { Seat } from "./seat.js" */

/** What a press was answered with, for this phone alone. @param {{ view: ShownView, seat: Seat, pictures: Pictures, onClose: () => void }} props */
export function Said({ view, seat, pictures, onClose }) {
  useBack(onClose);
  const { text, image, fields, buttons, offers } = view;
  const acts = {
    press: async (/** @type {string} */ token) => {
      onClose();
      await seat.presses.attempt("answer", () => seat.presses.press(token));
    },
  };
  return html`<${Dialog} title="Placard" onClose=${onClose}>
    <div class="said">
      ${image && html`<${Shown} pictures=${pictures} image=${image} cssPx=${480} />`}
      ${text.split("\n").map((line) => html`<p dir=${directionOf(line)}>${line}</p>`)}
      ${fields && fields.length > 0 && html`<dl>${fields.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
      ${offers ? html`<${OfferRows} offers=${offers} acts=${acts} />` : buttons?.map((row) => html`<div class="buttons">${row.map((button) => html`<${PressButton} key=${button.token} button=${button} acts=${acts} />`)}</div>`)}
    </div>
  <//>`;
}
