import { JobCard, Offers } from "./card.js";
import { Outcome } from "./decisions/outcome.js";
import { besideFile, FileLink, Files, makesFile } from "./file-link.js";
import { FoldAway, Folded } from "./fold.js";
import { Moderation } from "./held.js";
import { Initial } from "./initial.js";
import { Picture } from "./picture.js";
import { PressButton } from "./press.js";
import { Component, html, useState } from "./vendor/htm-preact.js";
import { directionOf, language, locale, say } from "./words.js";

/** @import { WireMessage } from "../wire.ts" */
/** @import { Viewer } from "./card.js" */
/** @import { ShownSelect, ShownView, ShownImage, ShownTile } from "../../../src/ports/view.ts" */

/**
 * What a message can ask the page to do.
 *
 * @typedef {{ readonly press: (token: string, values?: Record<string, string>, where?: string) => Promise<void>, readonly enlarge: (image: ShownImage, among?: readonly ShownImage[]) => void,
 *   readonly share: (key: string) => Promise<void>, readonly fill: (text: string) => void, readonly say: (line: string) => void, readonly remove: (id: string) => void,
 *   readonly fold: (id: string, folded: boolean) => void, readonly meet: (meetingId: string, where?: string) => Promise<void> }} Acts meet: to the page of a meeting. `where`: the place that says so when it did not come about
 * @typedef {{ readonly message: WireMessage, readonly mine: boolean, readonly follows: boolean, readonly mayRemove: boolean, readonly viewer: Viewer,
 *   readonly folded: boolean, readonly failed: string | undefined, readonly acts: Acts }} RowProps failed: why what was pressed here did not come about
 */

const CLOCK = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const PERCENT = new Intl.NumberFormat(language, { style: "percent" });

/** Drawn again only when its message changed: a group has hundreds. @extends {Component<RowProps>} */
export class MessageRow extends Component {
  /** @param {RowProps} next */
  shouldComponentUpdate(next) {
    const { message, follows, mayRemove, viewer, folded, failed } = this.props;
    return (
      next.message !== message ||
      next.follows !== follows ||
      next.mayRemove !== mayRemove ||
      next.folded !== folded ||
      next.failed !== failed ||
      (next.viewer !== viewer && (message.view?.card ?? message.view?.decision) !== undefined)
    );
  }

  /** @param {RowProps} props */
  render({ message, mine, follows, mayRemove, viewer, folded, failed, acts: ofPage }) {
    const { author, view, onlyYou } = message;
    if (folded) return html`<${Folded} message=${message} acts=${ofPage} />`;
    /** @type {Acts} */
    const acts = {
      ...ofPage,
      press: (token, values) => ofPage.press(token, values, message.id),
      meet: (meetingId) => ofPage.meet(meetingId, message.id),
    };
    const classes = [
      "row",
      author ? "said" : "ours",
      mine ? "mine" : "",
      follows ? "follows" : "",
      onlyYou ? "secret" : "",
    ];
    return html`<article class=${classes.filter(Boolean).join(" ")} data-id=${message.id} aria-label=${author ? say("page.chat.says", { name: author.name }) : say("page.chat.placard-says")}>
      ${!mine && html`<${Face} name=${author?.name} hidden=${follows} />`}
      <div class="body">
        <header class="by">
          ${!mine && html`<strong dir="auto">${author?.name ?? "Placard"}</strong>`}
          ${message.forName && !onlyYou && !view?.decision && html`<span class="for">${say("page.chat.for", { name: message.forName })}</span>`}
          ${onlyYou && html`<span class="onlyyou">${say("page.chat.only-you")}</span>`}
          <time datetime=${new Date(message.atMs).toISOString()}>${CLOCK.format(message.atMs)}</time>
          ${onlyYou && view && html`<${FoldAway} id=${message.id} acts=${acts} />`}
          ${mayRemove && html`<button type="button" class="remove" title=${say("page.chat.remove")} aria-label=${say("page.chat.remove")} onClick=${() => acts.remove(message.id)}>×</button>`}
        </header>
        ${view ? html`<${Card} view=${view} viewer=${viewer} acts=${acts} />` : html`<${Line} message=${message} acts=${acts} />`}
        ${failed !== undefined && html`<p class="problem failed" role="alert">${failed}</p>`}
      </div>
    </article>`;
  }
}

/** @param {{ name: string | undefined, hidden?: boolean }} props */
export function Face({ name, hidden = false }) {
  if (hidden) return html`<span class="face none"></span>`;
  if (name === undefined) return html`<img class="face" src="/page/icon.svg" alt="" />`;
  return html`<${Initial} name=${name} />`;
}

/** @param {{ message: WireMessage, acts: Acts }} props */
function Line({ message, acts }) {
  const { text = "", upload } = message;
  const command = /^(\/[A-Za-z]\w*)([\s\S]*)$/.exec(text);
  return html`<div class="bubble">
    ${upload && html`<img class="attached" loading="lazy" style=${{ "--ratio": `${upload.widthPx / Math.max(1, upload.heightPx)}`, "--width": `${upload.widthPx}px` }} src=${`/uploads/${upload.id}`} alt=${say("page.chat.attached", { name: upload.name })} width=${upload.widthPx} height=${upload.heightPx} />`}
    ${text !== "" && html`<p dir="auto">${command ? html`<button type="button" class="again" dir="ltr" title=${say("page.chat.type-again")} onClick=${() => acts.fill(text)}>${command[1]}</button>${command[2]}` : text}</p>`}
  </div>`;
}

/** @param {{ view: ShownView, viewer: Viewer, acts: Acts }} props */
function Card({ view, viewer, acts }) {
  if (view.decision) return html`<${Outcome} view=${view} decision=${view.decision} viewer=${viewer} acts=${acts} />`;
  if (view.card) return html`<${JobCard} view=${view} viewer=${viewer} acts=${acts} />`;
  if (view.moderation) return html`<${Moderation} view=${view} acts=${acts} />`;
  if (view.offers) return html`<${Offers} view=${view} acts=${acts} />`;
  const { tone, image, progress, fields, tiles, file, selects, buttons } = view;
  const text = besideFile(view.text, file);
  return html`<div class=${`card ${tone ?? "plain"}`}>
    ${image && html`<${Picture} image=${image} acts=${acts} unfinished=${progress !== undefined} />`}
    ${text !== "" && html`<p class="text">${text.split("\n").map((line) => html`<span class="line" dir=${directionOf(line)}>${line}</span>`)}</p>`}
    ${progress !== undefined && html`<${Progress} value=${progress} />`}
    ${fields && fields.length > 0 && html`<dl>${fields.map(({ name, value }) => html`<div><dt dir=${directionOf(name)}>${name}</dt><dd dir=${directionOf(value)}>${value}</dd></div>`)}</dl>`}
    ${tiles && html`<ul class=${tiles.some(({ image: one }) => one) ? "tiles" : "tiles rows"}>${tiles.map((tile) => html`<${Tile} tile=${tile} among=${tiles.flatMap(({ image: one }) => one ?? [])} acts=${acts} />`)}</ul>`}
    ${file && html`<${FileLink} file=${file} />`}
    ${selects?.map((select) => html`<${Choice} key=${select.token} select=${select} acts=${acts} />`)}
    ${buttons?.map((row) => (row.every(makesFile) ? html`<${Files} buttons=${row} acts=${acts} />` : html`<div class="buttons">${row.map((button) => html`<${PressButton} key=${button.token} button=${button} acts=${acts} />`)}</div>`))}
    ${!view.meeting && view.links && html`<div class="buttons">${view.links.map(({ label, url }) => html`<a class="press" key=${url} href=${url} target="_blank" rel="noreferrer">${label}</a>`)}</div>`}
    ${view.meeting && html`<${ToScreens} meeting=${view.meeting} acts=${acts} />`}
  </div>`;
}

/** The wall of a meeting, for a projector, and its page for whoever reads this. @param {{ meeting: NonNullable<ShownView["meeting"]>, acts: Acts }} props */
const ToScreens = ({ meeting: { meetingId, wallKey }, acts }) =>
  html`<div class="buttons"><button type="button" class="press" onClick=${() => acts.meet(meetingId)}>${say("page.meeting.open")}</button>
    <a class="press" href=${`/wall/${encodeURIComponent(wallKey)}`} target="_blank" rel="noreferrer">${say("page.meeting.show")}</a></div>`;

/** @param {{ value: number }} props */
function Progress({ value }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return html`<div class="progress"><progress max="100" value=${percent} aria-label=${say("page.chat.progress")}></progress><span aria-hidden="true">${PERCENT.format(percent / 100)}</span></div>`;
}

/** @param {{ tile: ShownTile, among: readonly ShownImage[], acts: Acts }} props */
function Tile({ tile, among, acts }) {
  const { title, text, image, buttons, fill } = tile;
  // A line that lacks nothing and spends nothing needs no second press.
  const asks = fill !== undefined && !tile.fillDraws && !fill.endsWith(" ");
  const about = say(asks ? "page.choice.show-this" : "page.choice.use-this", { title });
  return html`<li>
    ${image && html`<${Picture} image=${image} among=${among} acts=${acts} title=${title} />`}
    <strong dir=${directionOf(title)}>${title}</strong>
    ${text !== "" && html`<p dir=${directionOf(text)}>${text}</p>`}
    <div class="buttons">
      ${fill !== undefined && html`<button type="button" class="press" aria-label=${about} onClick=${() => (asks ? acts.say(fill) : acts.fill(fill))}>${say(asks ? "page.choice.show" : "page.choice.use")}</button>`}
      ${buttons?.map((button) => html`<${PressButton} key=${button.token} button=${button} acts=${acts} />`)}
    </div>
  </li>`;
}

/**
 * Chosen by a button beside it, not by the change itself: with the arrow keys a closed list changes at every step.
 *
 * @param {{ select: ShownSelect, acts: Acts }} props
 */
function Choice({ select, acts }) {
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const choice = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("choice");
    if (busy || typeof choice !== "string" || choice === "") return;
    setBusy(true);
    await acts.press(select.token, { choice });
    setBusy(false);
  };
  return html`<form class="choice" onSubmit=${submit}>
    <select name="choice" aria-label=${select.label} required>
      ${select.chosen === undefined && html`<option value="">${select.label}</option>`}
      ${select.choices.map(({ value, label }) => html`<option value=${value} selected=${value === select.chosen}>${label}</option>`)}
    </select>
    <button type="submit" class="press" aria-busy=${busy ? "true" : "false"} aria-disabled=${busy ? "true" : "false"}>${say("page.choice.choose")}</button>
  </form>`;
}
