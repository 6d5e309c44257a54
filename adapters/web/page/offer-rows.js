import { Icon } from "./icons.js";
import { PressButton } from "./press.js";
import { html } from "./vendor/htm-preact.js";

/** @import { IconName } from "./icons.js" */
/** @import { Acts } from "./message.js" */
/** @import { ShownOfferRow } from "../../../src/ports/view.ts" */

/** @type {Readonly<Record<string, IconName>>} */
const OFFER_ICONS = { sketch: "edit", steps: "sliders", size: "size", count: "count", later: "clock" };

/** The free one first and asked for in red. @param {{ offers: readonly ShownOfferRow[], acts: Pick<Acts, "press"> }} props */
export function OfferRows({ offers, acts }) {
  return html`<div class="offers">${offers.map(
    (
      { kind, title, about, price, token },
      index,
    ) => html`<${PressButton} key=${kind} button=${{ label: title, token }} plain kind=${index === 0 && kind === "sketch" ? "offer first" : "offer"} acts=${acts}>
        <${Icon} name=${OFFER_ICONS[kind] ?? "edit"} /><span><strong>${title}</strong><small>${about}</small></span><em>${price}</em>
      <//>`,
  )}</div>`;
}
