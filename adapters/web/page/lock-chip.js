import { sourceOf } from "./picture-source.js";
import { html, useState } from "./vendor/htm-preact.js";
import { directionOf, say } from "./words.js";

/** @import { Group } from "./group.js" */
/** @import { Acts } from "./message.js" */

/** Where a failed press of it is noted. */
const LOCK_NOTE = "lock";
const THUMB_PX = 26;

/** What is locked for the next pictures, above the message field. @param {{ group: Group, acts: Acts }} props */
export function LockChip({ group, acts }) {
  const [busy, setBusy] = useState(false);
  const { lock } = group;
  const why = group.presses.failed.get(LOCK_NOTE);
  if (!lock) return "";
  const { scope, seed, byName, picture, unlockToken } = lock;
  const what = picture ? `#${picture.number}` : say("page.lock.seed", { seed });
  const said = scope === "me" ? say("page.lock.mine", { what }) : say("page.lock.everyone", { what, name: byName });
  const press = async () => {
    if (busy || unlockToken === undefined) return;
    setBusy(true);
    await acts.press(unlockToken, undefined, LOCK_NOTE);
    setBusy(false);
  };
  const key = picture?.imageKey;
  return html`<div class="lockrow" role="group" aria-label=${say("page.lock.label")}>
    <div class="lockchip">
      ${key !== undefined && html`<img alt="" width=${THUMB_PX} height=${THUMB_PX} ...${sourceOf({ key, alt: "", widthPx: 320, heightPx: 320 }, `${THUMB_PX}px`)} />`}
      <span class="glyph lock" aria-hidden="true"></span>
      <span class="what" dir=${directionOf(said)} title=${said}>${said}</span>
      ${unlockToken !== undefined && html`<button type="button" class="close" aria-label=${say("page.lock.off", { what })} aria-busy=${busy ? "true" : "false"} onClick=${press}>×</button>`}
    </div>
    ${why !== undefined && html`<p class="problem" role="alert">${why}</p>`}
  </div>`;
}
