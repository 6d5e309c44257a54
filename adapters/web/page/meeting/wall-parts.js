import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { widthOf } from "./grid.js";
import { Timer } from "./time.js";

/** @import { ShownMeeting } from "../../../../src/ports/meeting-screens.ts" */
/** @import { QrShape } from "../../qr.ts" */
/** @import { WireJoin } from "../../wire.ts" */

/** Titles longer than these are set smaller: see wall.css. */
const [LONG, LONGER] = [26, 60];
const DOTS_MAX = 40;

/** @param {string} title */
export const lengthOf = (title) => (widthOf(title) > LONGER ? "longer" : widthOf(title) > LONG ? "long" : "");

/** Dark on light in every theme, with 4 modules of quiet around it. @param {{ shape: QrShape, address: string }} props */
export const Qr = ({ shape: { modules, path }, address }) =>
  html`<svg class="qrcode" role="img" aria-label=${say("wall.qr", { address })} viewBox=${`0 0 ${modules} ${modules}`} shape-rendering="crispEdges"><path d=${path} /></svg>`;

/** @param {{ meeting: ShownMeeting, aheadMs: number, small?: boolean, children?: unknown }} props small: what matters stands below it */
export function Head({ meeting, aheadMs, small = false, children }) {
  const { at, agenda, timer } = meeting;
  const title = agenda[at]?.title ?? meeting.title;
  return html`<header>
    <span class="step">${say("wall.step", { n: at + 1, all: agenda.length })}</span>
    <h1 class=${`${small ? "small" : ""} ${lengthOf(title)}`} dir="auto">${title}</h1>
    ${children}
    <${Timer} timer=${timer} aheadMs=${aheadMs} kind="time" />
  </header>`;
}

/** @param {{ join: WireJoin | undefined }} props */
export function Door({ join }) {
  if (!join) return "";
  return html`${join.qr && html`<div class="qr"><${Qr} shape=${join.qr} address=${join.address ?? ""} /></div>`}
    <div class=${join.address ? "door" : "door nowhere"}><p class="q">${join.address ? html`<bdi>${join.address}</bdi>` : join.how}</p><p class="code" dir="ltr">${join.code}</p></div>`;
}

/** How many have voted, and nothing else. @param {{ meeting: ShownMeeting }} props */
export function Voted({ meeting }) {
  const { voted, all } = votedOf(meeting);
  return html`<div class="voted"><p>${say("wall.have-voted", { voted, all })}</p>
    ${all <= DOTS_MAX && html`<div class="dots" aria-hidden="true">${Array.from({ length: all }, (_, n) => html`<i key=${n} class=${n < voted ? "on" : ""}></i>`)}</div>`}</div>`;
}

/** @param {ShownMeeting} meeting */
export function votedOf({ decision, present }) {
  const voted = decision?.voted ?? 0;
  return { voted, all: Math.max(voted, present.length) };
}

/** A box that takes what room there is, and knows how much that is. @param {{ kind: string, children: (room: { readonly widthPx: number, readonly heightPx: number }) => unknown }} props */
export function Room({ kind, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [room, setRoom] = useState({ widthPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = () => {
      const style = getComputedStyle(element);
      const widthPx =
        element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      const heightPx =
        element.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom);
      setRoom((before) =>
        before.widthPx === widthPx && before.heightPx === heightPx ? before : { widthPx, heightPx },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return html`<div class=${kind} ref=${box}>${room.heightPx > 0 && children(room)}</div>`;
}
