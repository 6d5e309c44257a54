import { Icon } from "../icons.js";
import { Picture } from "../picture.js";
import { PressButton } from "../press.js";
import { html } from "../vendor/htm-preact.js";
import { directionOf, say } from "../words.js";
import { Bar } from "./bars.js";
import { isQuorum, runsIt } from "./open.js";

/** @import { Viewer } from "../card.js" */
/** @import { Acts } from "../message.js" */
/** @import { ShownButton, ShownDecision, ShownImage, ShownView } from "../../../../src/ports/view.ts" */

/** @param {ShownImage | undefined} image */
const ratioOf = (image) => (image ? image.widthPx / Math.max(1, image.heightPx) : 1);

/** What was decided: what won whole, and how many chose what. @param {{ view: ShownView, decision: ShownDecision, viewer: Viewer, acts: Acts }} props */
export function Outcome({ view, decision, viewer, acts }) {
  const { title, state, options, notes, kind } = decision;
  const won = options.filter((option) => option.won);
  const images = won.flatMap(({ image }) => image ?? []);
  const tie = won.length > 1;
  const badge = tie ? "page.decision.tie" : state === "decided" ? "page.decision.decided" : "page.decision.not-decided";
  // A tie is decided by who runs it.
  const mine = !tie || state === "decided" || runsIt(decision, viewer);
  const buttons = mine ? (view.buttons?.flat() ?? []) : [];
  return html`<section class=${`out ${state}${tie ? " tie" : ""}`} aria-label=${say(badge)}>
    <div class=${images.length > 0 ? "result shown" : "result"}>
      ${images.length > 0 && html`<div class="winners" style=${{ "--ratio": `${ratioOf(images[0])}` }}>${won.map(({ image, label }) => image && html`<${Picture} key=${image.key} image=${image} among=${images} acts=${acts} title=${label} />`)}</div>`}
      <div class="said">
        <p class="badge"><${Icon} name=${state === "decided" ? "check" : "vote"} kind="s" />${say(badge)}</p>
        <p class="lead" dir=${directionOf(title)}>${title}</p>
        ${!isQuorum(decision) && html`<${Bars} decision=${decision} sorted=${kind === "pick"} />`}
        ${notes.map((note) => html`<p class="after" dir=${directionOf(note)}>${note}</p>`)}
      </div>
    </div>
    ${buttons.length > 0 && html`<div class="acts">${buttons.map((button) => html`<${Do} key=${button.token} button=${button} acts=${acts} />`)}</div>`}
  </section>`;
}

/** What comes next once a picture was chosen is to put it on paper. @param {{ button: ShownButton, acts: Acts }} props */
function Do({ button, acts }) {
  if (button.does === "print")
    return html`<${PressButton} button=${button} kind="primary" acts=${acts}><${Icon} name="print" kind="s" />${button.label}<//>`;
  return html`<${PressButton} button=${button} kind=${button.tone === "primary" ? "strong" : ""} acts=${acts} />`;
}

/** @param {{ decision: ShownDecision, sorted: boolean }} props sorted: the most chosen first; the words of a proposal have an order of their own */
function Bars({ decision, sorted }) {
  const counted = decision.options.flatMap(({ count, ...option }) =>
    count === undefined ? [] : [{ ...option, count }],
  );
  const shown = sorted ? counted.sort((a, b) => b.count - a.count) : counted;
  return html`<ul class="bars">${shown.map(
    ({ id, label, count, won }) =>
      html`<li key=${id} class=${won ? "won" : ""}><span class="l" dir="auto">${label}</span><${Bar} count=${count} of=${decision.voted} /><span class="c">${count}</span></li>`,
  )}</ul>`;
}
