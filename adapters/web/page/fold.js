import { html } from "./vendor/htm-preact.js";
import { say } from "./words.js";

/** @import { WireMessage } from "../wire.ts" */
/** @import { Acts } from "./message.js" */

/** A private answer that was read: one line, which opens it again. @param {{ message: WireMessage, acts: Acts }} props */
export function Folded({ message, acts }) {
  const text = message.view?.text ?? "";
  const words = text === "" ? (message.view?.image?.alt ?? "") : text;
  return html`<article class="row ours secret folded" data-id=${message.id} aria-label=${say("page.chat.placard-says")}>
    <button type="button" class="fold" aria-expanded="false" onClick=${() => acts.fold(message.id, false)}>
      <span class="chevron-small" aria-hidden="true"></span><span class="onlyyou">${say("page.chat.only-you")}</span> <span class="first-line" dir="auto">${words.split("\n")[0]}</span>
    </button>
  </article>`;
}

/** In the head of a private answer that is open. @param {{ id: string, acts: Acts }} props */
export const FoldAway = ({ id, acts }) =>
  html`<button type="button" class="foldaway" aria-expanded="true" aria-label=${say("page.chat.fold")} onClick=${() => acts.fold(id, true)}><span class="chevron-small" aria-hidden="true"></span><span class="label">${say("page.chat.fold")}</span></button>`;
