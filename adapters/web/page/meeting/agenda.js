import { html } from "../vendor/htm-preact.js";
import { directionOf, say } from "../words.js";
import { Shown } from "./pictures.js";

/** @import { PartProps } from "./phone.js" */

/** Whoever came in by the code has no chat here to go back to. @param {string} id */
const isOfWebChat = (id) => id.startsWith("web:") && !id.startsWith("web:guest-");

/** Where we are, and what came of it so far: for whoever comes late, too. @param {PartProps} props */
export function Agenda({ shown, pictures }) {
  const { agenda, me, state } = shown;
  return html`<main class="scroll" tabindex="0">
    ${
      state === "ended" &&
      html`<p class="lead" role="status">${say("page.meeting.ended")} ${say("page.meeting.ended.where")}</p>
        ${isOfWebChat(me.id) && html`<p><a class="press" href="/">${say("page.meeting.ended.back")}</a></p>`}`
    }
    <ol class="agenda" aria-label=${say("page.meeting.tab.agenda")}>${agenda.map(
      (item, n) => html`<li key=${n} class=${item.state} aria-current=${item.state === "now" ? "step" : undefined}>
        <span class="no" aria-hidden="true">${n + 1}</span>
        <div><p class="what" dir="auto">${item.title}</p>${item.outcome ? html`<p class="quiet" dir=${directionOf(item.outcome)}>${item.outcome}</p>` : item.state === "now" && html`<p class="quiet">${say("page.meeting.now")}</p>`}</div>
        ${item.image && html`<${Shown} pictures=${pictures} image=${item.image} cssPx=${64} />`}
      </li>`,
    )}</ol>
  </main>`;
}
