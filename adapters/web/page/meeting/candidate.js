import { Icon } from "../icons.js";
import { html, useRef } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Shown } from "./pictures.js";

/** @import { Option } from "../decisions/choice.js" */
/** @import { Pictures } from "./pictures.js" */

const LONG_MS = 500;
const MOVED_PX = 10;

/**
 * The whole of it is pressed and counts at once; held down, it is enlarged, as by the small button.
 *
 * @param {{ option: Option, on: boolean, shut: boolean, pictures: Pictures, onPress: () => void, onZoom: () => void }} props
 */
export function Candidate({ option, on, shut, pictures, onPress, onZoom }) {
  const { image, label, count } = option;
  const held = useRef({ timer: 0, long: false, x: 0, y: 0 });
  const letGo = () => clearTimeout(held.current.timer);
  /** @param {PointerEvent} event */
  const down = ({ clientX, clientY, button }) => {
    letGo();
    if (button !== 0) return;
    held.current = { long: false, x: clientX, y: clientY, timer: window.setTimeout(long, LONG_MS) };
  };
  const long = () => {
    held.current.long = true;
    onZoom();
  };
  /** A finger that scrolls holds nothing down. @param {PointerEvent} event */
  const moved = ({ clientX, clientY }) => {
    if (Math.hypot(clientX - held.current.x, clientY - held.current.y) > MOVED_PX) letGo();
  };
  const press = () => {
    letGo();
    if (held.current.long) held.current.long = false;
    else onPress();
  };
  return html`<div class=${on ? "pk on" : "pk"}>
    <button type="button" class="choose" aria-pressed=${on ? "true" : "false"} aria-disabled=${shut ? "true" : "false"} onClick=${press} onPointerDown=${down} onPointerMove=${moved} onPointerUp=${letGo}
      onPointerCancel=${letGo} onPointerLeave=${letGo} onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}>
      <span class="framed">${image && html`<${Shown} pictures=${pictures} image=${image} cssPx=${220} />`}</span>
      <span class="ft"><b dir="auto">${label}</b>${count !== undefined && html`<span class="cn">${count}</span>`}<span class="tick" aria-hidden="true">${on && html`<${Icon} name="check" kind="s" />`}</span></span>
    </button>
    <button type="button" class="zoom" aria-label=${say("page.chat.enlarge", { title: label })} onClick=${onZoom}><${Icon} name="size" /></button>
  </div>`;
}
