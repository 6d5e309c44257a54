import { Icon } from "./icons.js";
import { html, useLayoutEffect, useRef, useState } from "./vendor/htm-preact.js";

/** @import { IconName } from "./icons.js" */

/**
 * @typedef {{ readonly icon: IconName, readonly label: string, readonly danger?: boolean } & (
 *   { readonly run: () => unknown } | { readonly href: string })} MenuItem
 * @typedef {readonly MenuItem[]} MenuPart
 */

/** Between the menu and what it was opened from, and the edges of the window. */
const GAP_PX = 6;
/** As card.css has it: narrower ones get a sheet at the foot of the screen. */
const PHONE = "(max-width: 640px)";

/**
 * A button that opens a list of what can be done: beside it, and on a phone at the foot of the screen. The browser keeps the focus
 * inside, closes it with Escape and gives the focus back.
 *
 * @param {{ label: string, title?: string, kind?: string, parts: readonly MenuPart[], children?: unknown }} props title: of what is opened; default: the label
 */
export function MenuButton({ label, title = label, kind = "", parts, children }) {
  // Which time it is open, 0: it is not. A browser tells late that a menu was closed: whoever pressed again by then has the next one.
  const [open, setOpen] = useState(0);
  const opener = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const full = parts.filter((part) => part.length > 0);
  if (full.length === 0) return "";
  return html`<button type="button" class=${`press ${kind}`} ref=${opener} aria-haspopup="menu" aria-expanded=${open > 0 ? "true" : "false"} aria-label=${children ? label : undefined} onClick=${() => setOpen(open + 1)}>${children ?? label}${!children && html`<${Icon} name="down" kind="s end" />`}</button>
    ${open > 0 && html`<${Menu} key=${open} title=${title} parts=${full} opener=${opener} onClose=${() => setOpen((now) => (now === open ? 0 : now))} />`}`;
}

/** @param {{ title: string, parts: readonly MenuPart[], opener: { readonly current: HTMLElement | null }, onClose: () => void }} props */
function Menu({ title, parts, opener, onClose }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const dialog = box.current;
    const from = opener.current?.getBoundingClientRect();
    if (!dialog || !from) return undefined;
    dialog.showModal();
    if (!matchMedia(PHONE).matches) place(dialog, from, opener.current?.classList.contains("last") ?? false);
    items(dialog)[0]?.focus();
    const moved = () => dialog.close();
    addEventListener("resize", moved);
    return () => removeEventListener("resize", moved);
  }, []);
  /** @param {KeyboardEvent} event */
  const typed = (event) => {
    const all = items(box.current);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  /** @param {MouseEvent} event */
  const outside = (event) => {
    if (event.target === box.current) box.current?.close();
  };
  /** @param {MenuItem} item */
  const chosen = (item) => {
    box.current?.close();
    if ("run" in item) void item.run();
  };
  return html`<dialog class="popup" ref=${box} aria-label=${title} onClose=${onClose} onClick=${outside} onKeyDown=${typed}>
    <div role="menu" aria-label=${title}>
      ${parts.map(
        (part, index) => html`${index > 0 && html`<hr />`}
          ${part.map((item) => html`<${Item} key=${item.label} item=${item} onChosen=${() => chosen(item)} />`)}`,
      )}
    </div>
  </dialog>`;
}

/** @param {{ item: MenuItem, onChosen: () => void }} props */
function Item({ item, onChosen }) {
  const { icon, label, danger } = item;
  const inside = html`<${Icon} name=${icon} /><span>${label}</span>`;
  const kind = danger ? "danger" : "";
  return "href" in item
    ? html`<a role="menuitem" class=${kind} href=${item.href} download tabindex="-1" onClick=${onChosen}>${inside}</a>`
    : html`<button type="button" role="menuitem" class=${kind} tabindex="-1" onClick=${onChosen}>${inside}</button>`;
}

/** @param {HTMLElement | null} menu @returns {readonly HTMLElement[]} */
const items = (menu) =>
  menu ? [.../** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll("[role=menuitem]"))] : [];

/** Below what it was opened from, or above where there is more room. @param {HTMLElement} menu @param {DOMRect} from @param {boolean} atEnd what opened it is the last of its row */
function place(menu, from, atEnd) {
  const { width, height } = menu.getBoundingClientRect();
  const below = from.bottom + GAP_PX + height <= innerHeight - GAP_PX;
  const above = Math.max(GAP_PX, from.top - GAP_PX - height);
  const rtl = document.documentElement.dir === "rtl";
  const [start, end] = rtl ? [from.right - width, from.left] : [from.left, from.right - width];
  menu.style.top = `${below ? from.bottom + GAP_PX : above}px`;
  menu.style.left = `${Math.max(GAP_PX, Math.min(atEnd ? end : start, innerWidth - width - GAP_PX))}px`;
}
