import { html } from "../vendor/htm-preact.js";
import { asItIs, directionOf, listOf, say } from "../words.js";
import { Shown } from "./pictures.js";
import { Head, lengthOf } from "./wall-parts.js";

/** @import { ShownDecision } from "../../../../src/ports/view.ts" */
/** @import { Pictures } from "./pictures.js" */
/** @import { SceneProps } from "./wall-scenes.js" */

/** One of them at its smallest, and how much of the screen they may take. */
const [BAR_PX, BARS_SHARE, BARS_LEAST] = [38, 0.52, 5];

/** What was decided: it stays until Next. @param {SceneProps} props */
export function Result({ meeting, join, aheadMs, pictures }) {
  const { decision, present } = meeting;
  if (!decision) return "";
  const won = decision.options.filter((option) => option.won);
  const tie = won.length > 1;
  const winners = won.flatMap(({ id, image }) => (image ? [{ id, image }] : []));
  const counted = won[0]?.count;
  const heading = headingOf(decision);
  return html`<${Head} meeting=${{ ...meeting, timer: undefined }} aheadMs=${aheadMs} small>${join && html`<p class="q">${facts(join.code, present.length)}</p>`}<//>
    <div class=${`res${winners.length > 0 ? "" : " plain"}${tie ? " tie" : ""}`}>
      ${winners.length > 0 && html`<div class="wins" style=${{ "--columns": `${Math.min(winners.length, 2)}` }}>${winners.map(({ id, image }) => html`<div class="whole" key=${id}><${Shown} pictures=${pictures} image=${image} cssPx=${innerWidth / 2} /></div>`)}</div>`}
      <div class="told">
        <h2 class=${lengthOf(heading)} dir=${directionOf(heading)}>${heading}</h2>
        ${counted !== undefined && decision.kind === "pick" && html`<p class="q">${say(tie ? "wall.approve-each" : "wall.approve", { n: counted, all: decision.voted })}</p>`}
        <${Bars} decision=${decision} pictures=${pictures} />
        <div class="fine">${decision.notes.slice(0, 3).map((note) => html`<p class="q" dir=${directionOf(note)}>${note}</p>`)}</div>
      </div>
    </div>
    <footer class="none"></footer>`;
}

/** @param {string} code @param {number} present */
const facts = (code, present) => html`<bdi dir="ltr">${code}</bdi> · ${say("wall.present", { n: present })}`;

/** @param {ShownDecision} decision */
function headingOf({ kind, options, title }) {
  const won = options.filter((option) => option.won);
  if (kind !== "pick" || won.length === 0) return title;
  const names = won.map(({ label }) => asItIs(label));
  return won.length > 1 ? say("wall.tie", { names: listOf(names) }) : say("wall.it-is", { name: names[0] ?? "" });
}

/** Of those who voted. @param {{ decision: ShownDecision, pictures: Pictures }} props */
function Bars({ decision, pictures }) {
  const counted = decision.options.flatMap((option) =>
    option.count === undefined ? [] : [{ ...option, count: option.count }],
  );
  if (counted.length < 2) return "";
  // The words of a proposal have an order of their own.
  const all = decision.kind === "pick" ? counted.sort((a, b) => b.count - a.count) : counted;
  const most = Math.max(BARS_LEAST, Math.floor((innerHeight * BARS_SHARE) / BAR_PX));
  const shown = all.slice(0, most);
  const pictured = all.some(({ image }) => image);
  return html`<ul class=${pictured ? "bars pictured" : "bars"} style=${{ "--rows": `${Math.max(5, shown.length)}` }}>${shown.map(
    ({ id, label, image, count, won }) =>
      html`<li key=${id} class=${won ? "won" : ""}>
        ${pictured && (image ? html`<span class="mini"><${Shown} pictures=${pictures} image=${image} cssPx=${100} alt="" /></span>` : html`<span class="nil" aria-hidden="true">–</span>`)}
        <span class="b" style=${{ "--w": `${Math.round((100 * count) / Math.max(1, decision.voted, count))}%` }}><span class="lb" dir="auto">${label}</span></span>
        <span class="num">${count}</span>
      </li>`,
  )}</ul>
    ${all.length > shown.length && html`<p class="q">${say("wall.more", { n: all.length - shown.length })}</p>`}`;
}
