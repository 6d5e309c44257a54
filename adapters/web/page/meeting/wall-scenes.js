import { html } from "../vendor/htm-preact.js";
import { directionOf, listOf, say } from "../words.js";
import { gridFor } from "./grid.js";
import { Shown } from "./pictures.js";
import { Timer } from "./time.js";
import { Door, Head, lengthOf, Qr, Room, Voted, votedOf } from "./wall-parts.js";
import { Result } from "./wall-result.js";

/** @import { ShownMeeting } from "../../../../src/ports/meeting-screens.ts" */
/** @import { ShownImage } from "../../../../src/ports/view.ts" */
/** @import { WireJoin } from "../../wire.ts" */
/** @import { Pictures } from "./pictures.js" */

const AGENDA_MAX = 6;
/** More than these stand in rows, with smaller numbers. */
const ONE_ROW = 4;

/**
 * @typedef {{ readonly meeting: ShownMeeting, readonly join: WireJoin | undefined, readonly aheadMs: number, readonly pictures: Pictures }} SceneProps
 * @typedef {{ readonly image: ShownImage, readonly name: string, readonly said: string }} Slide `name`: under it; `said`: what more is known
 */

/** What one can leaf through. @param {ShownMeeting} meeting @returns {readonly Slide[]} */
export function slidesOf(meeting) {
  switch (meeting.state) {
    case "waiting":
    case "result":
      return [];
    case "vote":
    case "item":
      return candidatesOf(meeting);
    case "ended":
      return meeting.agenda.flatMap(({ title, image, outcome }) =>
        image ? [{ image, name: title, said: outcome ?? "" }] : [],
      );
  }
}

/** @param {ShownMeeting} meeting @returns {readonly Slide[]} */
function candidatesOf({ state, decision, pictures }) {
  const makers = new Map(pictures.map(({ image, byName }) => [image.key, byName]));
  if (state === "vote" && decision)
    return decision.options.flatMap(({ image, number, label }) =>
      image ? [{ image, name: number === undefined ? label : `${number}`, said: makers.get(image.key) ?? "" }] : [],
    );
  return pictures.map(({ image, number, byName }) => ({ image, name: `${number}`, said: byName }));
}

/**
 * All of a wall. It shows what there is, and has nothing that could be pressed.
 *
 * @param {Omit<SceneProps, "meeting"> & { meeting: ShownMeeting | undefined, show: { readonly mode: string, readonly at: number }, problem: string, away: string }} props
 */
export function Wall({ meeting, show, problem, away, ...rest }) {
  if (!meeting) return html`<main class="wl"><p class="nothing" role="status">${problem || away}</p></main>`;
  const slide = slidesOf(meeting)[show.at];
  return html`<main class=${`wl is-${meeting.state}`} key="meeting">
    <p class="sr" aria-live="polite">${announced(meeting)}</p>
    ${slide ? html`<${One} meeting=${meeting} show=${show} slide=${slide} pictures=${rest.pictures} />` : html`<${Scene} meeting=${meeting} ...${rest} />`}
    ${away !== "" && html`<p class="away" role="status">${away}</p>`}
  </main>`;
}

/** @param {SceneProps} props */
function Scene(props) {
  switch (props.meeting.state) {
    case "waiting":
      return html`<${Waiting} ...${props} />`;
    case "item":
      return html`<${Item} ...${props} />`;
    case "vote":
      return html`<${Vote} ...${props} />`;
    case "result":
      return html`<${Result} ...${props} />`;
    case "ended":
      return html`<${Ended} ...${props} />`;
  }
}

/** What is read aloud: the item, how the vote stands, what came of it. @param {ShownMeeting} meeting */
function announced(meeting) {
  const { state, title, agenda, at, decision } = meeting;
  switch (state) {
    case "waiting":
      return title;
    case "item":
      return `${say("wall.step", { n: at + 1, all: agenda.length })}: ${agenda[at]?.title ?? ""}`;
    case "vote":
      return say("wall.have-voted", votedOf(meeting));
    case "result":
      return decision?.title ?? "";
    case "ended":
      return say("wall.over");
  }
}

/** @param {SceneProps} props */
function Waiting({ meeting, join }) {
  const { title, agenda, chair, present } = meeting;
  const more = agenda.length - AGENDA_MAX;
  return html`<div class="wait">
      <div>
        <h1 class=${lengthOf(title)} dir="auto">${title}</h1>
        <p class="sub">${say("wall.chair", { name: chair.name })}</p>
        <ol>${agenda.slice(0, AGENDA_MAX).map((item, n) => html`<li key=${n}><span dir="auto">${item.title}</span></li>`)}</ol>
        ${more > 0 && html`<p class="more">${say("wall.more", { n: more })}</p>`}
      </div>
      ${
        join &&
        html`<div class="joinbox">
          ${join.qr && html`<${Qr} shape=${join.qr} address=${join.address ?? ""} />`}
          <p class="code" dir="ltr">${join.code}</p>
          ${join.address ? html`<p>${say("wall.scan")}<br /><b dir="ltr">${join.address}</b></p><p>${say("wall.no-account")}</p>` : html`<p class="how">${join.how}</p>`}
        </div>`
      }
    </div>
    <footer class="low"><p class="here">${say("wall.present", { n: present.length })}</p><span class="grow"></span><img class="sign" src="/page/icon.svg" alt="" /><p class="q">Placard</p></footer>`;
}

/** @param {SceneProps} props */
function Item(props) {
  const { meeting, join, aheadMs, pictures } = props;
  const slides = candidatesOf(meeting);
  const title = meeting.agenda[meeting.at]?.title ?? "";
  if (slides.length === 0)
    return html`<header><span class="step">${say("wall.step", { n: meeting.at + 1, all: meeting.agenda.length })}</span><span class="grow"></span><${Clock} ...${props} /></header>
      <div class="alone"><h1 class=${lengthOf(title)} dir="auto">${title}</h1><p class="q">${say("wall.no-pictures")}</p></div>
      <footer><${Door} join=${join} /><span class="grow"></span><p class="here">${say("wall.present", { n: meeting.present.length })}</p></footer>`;
  return html`<${Head} meeting=${meeting} aheadMs=${aheadMs} />
    <${Grid} slides=${slides} pictures=${pictures} />
    <footer><${Door} join=${join} /><span class="grow"></span><p class="here">${say("wall.present", { n: meeting.present.length })}</p></footer>`;
}

/** @param {SceneProps} props */
const Clock = ({ meeting, aheadMs }) => html`<${Timer} timer=${meeting.timer} aheadMs=${aheadMs} kind="time" />`;

/** @param {SceneProps} props */
function Vote({ meeting, join, aheadMs, pictures }) {
  const { decision } = meeting;
  if (!decision) return "";
  const slides = candidatesOf(meeting);
  return html`<${Head} meeting=${meeting} aheadMs=${aheadMs} />
    ${slides.length > 0 ? html`<${Grid} slides=${slides} pictures=${pictures} />` : html`<${Asked} meeting=${meeting} pictures=${pictures} />`}
    <footer>
      <${Door} join=${join} /><span class="grow"></span>
      <${Voted} meeting=${meeting} />
      <div class="how">${decision.notes.slice(0, 2).map((note) => html`<p class="q" dir=${directionOf(note)}>${note}</p>`)}</div>
    </footer>`;
}

/** A proposal, or another take: no pictures to choose from, but words. @param {Pick<SceneProps, "meeting" | "pictures">} props */
function Asked({ meeting, pictures }) {
  const { decision } = meeting;
  if (!decision) return "";
  const image = decision.about?.image;
  const labels = decision.options.map(({ label }) => label);
  return html`<div class=${image ? "alone asked with" : "alone asked"}>
    ${image && html`<div class="whole"><${Shown} pictures=${pictures} image=${image} cssPx=${innerWidth / 2} /></div>`}
    <div><h2 class=${lengthOf(decision.title)} dir=${directionOf(decision.title)}>${decision.title}</h2>${labels.length > 1 && html`<p class="q">${listOf(labels)}</p>`}</div>
  </div>`;
}

/** Whole pictures, the number under each: over it, it would hide lettering. @param {{ slides: readonly Slide[], pictures: Pictures }} props */
function Grid({ slides, pictures }) {
  const rows = slides.length > ONE_ROW;
  const ratio = Math.max(...slides.map(({ image }) => image.widthPx / Math.max(1, image.heightPx)));
  return html`<${Room} kind=${rows ? "cands rows" : "cands"}>${(
    /** @type {{ widthPx: number, heightPx: number }} */ room,
  ) => {
    const gapPx = Math.max(12, innerHeight * (rows ? 0.016 : 0.03));
    const belowPx = rows ? Math.max(44, innerHeight * 0.058) : innerHeight * 0.088;
    const { columns, eachPx } = gridFor({ count: slides.length, ratio, ...room, gapPx, belowPx });
    const style = { "--columns": `${columns}`, "--each": `${eachPx}px`, "--ratio": `${ratio}`, "--gap": `${gapPx}px` };
    return html`<ul style=${style}>${slides.map(({ image, name }) => html`<li key=${image.key}><${Shown} pictures=${pictures} image=${image} cssPx=${eachPx} /><span class="no" dir="auto">${name}</span></li>`)}</ul>`;
  }}<//>`;
}

/** One picture, as large as the wall. @param {{ meeting: ShownMeeting, show: { readonly mode: string, readonly at: number }, slide: Slide, pictures: Pictures }} props */
function One({ meeting, show, slide, pictures }) {
  const all = slidesOf(meeting).length;
  return html`<div></div>
    <div class="whole solo"><${Shown} pictures=${pictures} image=${slide.image} cssPx=${innerWidth} /></div>
    <footer class="low">
      <div class="caption"><p class="name" dir="auto">${slide.name}</p>${slide.said !== "" && html`<p class="q" dir=${directionOf(slide.said)}>${slide.said}</p>`}</div>
      <div class="middle">${show.mode === "paused" && html`<span class="paused">${say("wall.paused")}</span>`}
        ${all > 1 && html`<div class="ticks" role="img" aria-label=${say("wall.position", { n: show.at + 1, all })}>${Array.from({ length: all }, (_, n) => html`<i key=${n} class=${n === show.at ? "on" : ""}></i>`)}</div>`}</div>
      <span class="grow"></span>
    </footer>`;
}

/** Nothing was chosen as a picture: what came of each item. @param {SceneProps} props */
function Ended({ meeting }) {
  const { title, agenda } = meeting;
  const more = agenda.length - AGENDA_MAX;
  return html`<div class="wait over"><div>
      <h1 class=${lengthOf(title)} dir="auto">${title}</h1>
      <p class="sub">${say("wall.over")}</p>
      <ol>${agenda.slice(0, AGENDA_MAX).map((item, n) => html`<li key=${n}><span dir="auto">${item.title}</span>${item.outcome && html`<span class="q" dir=${directionOf(item.outcome)}>${item.outcome}</span>`}</li>`)}</ol>
      ${more > 0 && html`<p class="more">${say("wall.more", { n: more })}</p>`}
    </div></div>
    <footer class="low"><span class="grow"></span><img class="sign" src="/page/icon.svg" alt="" /><p class="q">Placard</p></footer>`;
}
