import { Icon } from "../icons.js";
import { html } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Timer } from "./time.js";

/** @import { Connection } from "../connection.js" */
/** @import { ShownSeat } from "../../../../src/ports/meeting-screens.ts" */
/** @import { IconName } from "../icons.js" */
/** @import { ScreenEvent } from "../../wire.ts" */
/** @import { Tab } from "./tabs.js" */

/** @param {{ shown: ShownSeat, aheadMs: number, asChair: boolean }} props */
export function Head({ shown, aheadMs, asChair }) {
  const { title, agenda, at, timer, state } = shown;
  const item = agenda[at];
  const place = { n: at + 1, all: agenda.length };
  const where = asChair ? say("page.meeting.chair-at", place) : say("page.meeting.at", { title, ...place });
  const over = state === "ended" || !item;
  return html`<header class="head">
    <div><p class="quiet">${over ? say(asChair ? "page.meeting.tab.chair" : "page.meeting.title") : where}</p><h1 dir="auto">${over ? title : item.title}</h1></div>
    ${!over && html`<${Timer} timer=${timer} aheadMs=${aheadMs} kind="clock" />`}
  </header>`;
}

/** @param {{ connection: Connection<ScreenEvent> }} props */
export function Lost({ connection }) {
  const { state, why } = connection;
  if (state === "paused")
    return html`<p class="banner" role="status">${why} <button type="button" class="press" onClick=${() => connection.resume()}>${say("page.frame.resume")}</button></p>`;
  if (state === "connected" || state === "connecting") return html`<p class="banner none" role="status"></p>`;
  return html`<p class="banner" role="status">${why || say("page.meeting.lost")}</p>`;
}

/** @type {Readonly<Record<Tab, IconName>>} */
const ICONS = { chair: "sliders", vote: "vote", make: "edit", agenda: "agenda" };
/** @type {Readonly<Record<Tab, () => string>>} */
const NAMES = {
  chair: () => say("page.meeting.tab.chair"),
  vote: () => say("page.vote.vote"),
  make: () => say("page.meeting.tab.make"),
  agenda: () => say("page.meeting.tab.agenda"),
};

/** @param {{ tabs: readonly Tab[], tab: Tab, onTab: (tab: Tab) => void }} props */
export const Tabs = ({ tabs, tab, onTab }) =>
  html`<nav class="tabs" aria-label=${say("page.meeting.title")}>${tabs.map(
    (each) =>
      html`<button type="button" key=${each} class="tab" aria-current=${each === tab ? "page" : undefined} onClick=${() => onTab(each)}><${Icon} name=${ICONS[each]} />${NAMES[each]()}</button>`,
  )}</nav>`;
