import { Icon } from "./icons.js";
import { MenuButton } from "./menu.js";
import { PressButton } from "./press.js";
import { html, useState } from "./vendor/htm-preact.js";
import { directionOf, say } from "./words.js";

/** @import { CardAction, ShownButton, ShownTile, ShownView } from "../../../src/ports/view.ts" */
/** @import { CardProps } from "./card.js" */
/** @import { Acts } from "./message.js" */

/** @param {readonly ShownButton[]} buttons @param {CardAction} does */
const buttonIn = (buttons, does) => buttons.find((button) => button.does === does);

/** Where a picture will be that nobody is shown yet. @param {{ title: string }} props */
const Covered = ({ title }) =>
  html`<div class="shot"><span><${Icon} name="hide" kind="s" /><bdi dir=${directionOf(title)}>${title}</bdi></span></div>`;

/** For those who decide. @param {{ buttons: readonly ShownButton[], acts: Acts, children?: unknown }} props */
function Decide({ buttons, acts, children }) {
  const [look, release, refuse] = [
    buttonIn(buttons, "look"),
    buttonIn(buttons, "release"),
    buttonIn(buttons, "refuse"),
  ];
  return html`<div class="acts">
    ${look && html`<${PressButton} button=${look} acts=${acts}><${Icon} name="show" kind="s" />${look.label}<//>`}
    ${release && html`<${PressButton} button=${release} acts=${acts} />`}
    ${refuse && html`<${PressButton} button=${refuse} kind="danger" acts=${acts} />`}
    ${children}
  </div>`;
}

/**
 * A job's message while a moderator decides: for its author, for those who decide, and one line for all others.
 *
 * @param {CardProps & { isOwner: boolean }} props
 */
export function HeldCard({ view, viewer, acts, isOwner }) {
  const { card } = view;
  if (card?.state !== "held") return "";
  const buttons = view.buttons?.flat() ?? [];
  if (!isOwner && !viewer.admin)
    return html`<div class="pic queued gone"><p class="facts" dir=${directionOf(card.facts)}>${card.facts}</p></div>`;
  const [look, edit, withdraw] = [buttonIn(buttons, "look"), buttonIn(buttons, "edit"), buttonIn(buttons, "withdraw")];
  const told = isOwner ? [card.note, ...(viewer.admin ? [card.why] : [])] : [card.why];
  return html`<div class="pic held">
    <${Covered} title=${isOwner ? say("page.held.title") : say("page.held.by", { name: card.owner.name })} />
    <div class="says"><p class="words" dir=${directionOf(card.words)}>${card.words}</p>
      ${told.map((line) => html`<p class="facts" dir=${directionOf(line)}>${line}</p>`)}</div>
    ${viewer.admin && html`<${Decide} buttons=${buttons} acts=${acts} />`}
    ${
      isOwner &&
      html`<div class="acts">
      ${!viewer.admin && look && html`<${PressButton} button=${look} acts=${acts}><${Icon} name="show" kind="s" />${look.label}<//>`}
      ${edit && html`<${PressButton} button=${edit} acts=${acts} />`}
      ${withdraw && html`<${PressButton} button=${withdraw} kind="ghost" acts=${acts} />`}
    </div>`
    }
  </div>`;
}

/** The list of a moderator: what waits, and what was done last. @param {{ view: ShownView, acts: Acts }} props */
export function Moderation({ view, acts }) {
  const [waiting = "", ...done] = view.text.split("\n");
  return html`<section class="moderation" aria-label=${say("page.moderation.open")}>
    <h2 dir=${directionOf(waiting)}>${waiting}</h2>
    ${view.tiles && html`<ul>${view.tiles.map((tile) => html`<${Waiting} key=${tile.title} tile=${tile} acts=${acts} />`)}</ul>`}
    ${done.length > 0 && html`<div class="done">${done.map((line) => html`<p class="fine" dir=${directionOf(line)}>${line}</p>`)}</div>`}
  </section>`;
}

/** @param {{ tile: ShownTile, acts: Acts }} props */
function Waiting({ tile, acts: ofPage }) {
  // Pressed here it is decided, by this press or by somebody before.
  const [ruled, setRuled] = useState(false);
  /** @type {Acts} */
  const acts = {
    ...ofPage,
    press: async (token, values) => {
      await ofPage.press(token, values);
      if (token === buttonIn(buttons, "release")?.token) setRuled(true);
    },
  };
  const buttons = tile.buttons ?? [];
  const other = buttons.filter(({ does }) => does === undefined);
  return html`<li class="pic held">
    <${Covered} title=${tile.title} />
    <div class="says"><p class="facts" dir=${directionOf(tile.text)}>${tile.text}</p></div>
    ${
      ruled
        ? html`<p class="ruled" role="status"><${Icon} name="check" kind="s" />${buttonIn(buttons, "release")?.label}</p>`
        : html`<${Decide} buttons=${buttons} acts=${acts}>
      ${other.length > 0 && html`<${MenuButton} kind="sq last" label=${say("page.moderation.more", { title: tile.title })} parts=${[other.map((button) => ({ icon: "people", label: button.label, danger: true, run: () => acts.press(button.token) }))]}><${Icon} name="more" /><//>`}
    <//>`
    }
  </li>`;
}
