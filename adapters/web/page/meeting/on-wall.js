import { html } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Shown } from "./pictures.js";

/** @import { ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { Pictures } from "./pictures.js" */

const MINI_MAX = 8;

/** The wall in small, so that nobody turns around. @param {{ shown: ShownSeat, pictures: Pictures }} props */
export function OnWall({ shown, pictures }) {
  const images = imagesOf(shown);
  const columns = images.length > 4 ? 4 : Math.max(1, images.length);
  return html`<div class="onwall">
    <div class="tv" aria-hidden="true" style=${{ "--columns": `${columns}`, "--rows": `${Math.max(1, Math.ceil(Math.min(images.length, MINI_MAX) / columns))}` }}>${images.length > 0 ? images.slice(0, MINI_MAX).map((image) => html`<span key=${image.key}><${Shown} pictures=${pictures} image=${image} cssPx=${64} alt="" /></span>`) : html`<b dir="auto">${shown.agenda[shown.at]?.title ?? shown.title}</b>`}</div>
    <div><p><b>${say("page.meeting.on-wall")}</b></p><p class="quiet">${wordsFor(shown, images.length)}${shown.code !== undefined && html` · <b dir="ltr">${shown.code}</b>`}</p></div>
  </div>`;
}

/** @param {ShownSeat} shown */
function imagesOf({ state, decision, pictures, agenda }) {
  switch (state) {
    case "waiting":
      return [];
    case "item":
      return pictures.flatMap(({ image, held }) => (held ? [] : [image]));
    case "vote":
      return decision?.options.flatMap(({ image }) => image ?? []) ?? [];
    case "result":
      return decision?.options.flatMap(({ image, won }) => (won && image ? [image] : [])) ?? [];
    case "ended":
      return agenda.flatMap(({ image }) => image ?? []);
  }
}

/** @param {ShownSeat} shown @param {number} n */
function wordsFor({ state }, n) {
  switch (state) {
    case "waiting":
      return say("page.meeting.on-wall.waiting");
    case "item":
      return n === 0 ? say("page.meeting.on-wall.title") : say("page.meeting.on-wall.item", { n });
    case "vote":
      return say("page.meeting.on-wall.vote", { n });
    case "result":
      return say("page.meeting.on-wall.result");
    case "ended":
      return say("page.meeting.ended");
  }
}
