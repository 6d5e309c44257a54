import { html, useState } from "../vendor/htm-preact.js";
import { say } from "../words.js";
import { Shown } from "./pictures.js";
import { Zoom } from "./zoom.js";

/** @import { ShownMeetingPicture } from "../../../../src/ports/meeting-screens.ts" */
/** @import { Pictures } from "./pictures.js" */

/** Pictures to look at, whole. @param {{ shown: readonly ShownMeetingPicture[], pictures: Pictures }} props */
export function Pictured({ shown, pictures }) {
  const [zoomed, setZoomed] = useState(/** @type {ShownMeetingPicture | undefined} */ (undefined));
  return html`<div class="pick4">${shown.map((picture) => {
    const name = `#${picture.number}`;
    return html`<div class="pk" key=${picture.imageId}>
        <button type="button" class="choose look" aria-label=${say("page.chat.enlarge", { title: name })} onClick=${() => setZoomed(picture)}><span class="framed"><${Shown} pictures=${pictures} image=${picture.image} cssPx=${220} /></span></button>
        <p class="ft"><b dir="ltr">${name}</b> <span class="quiet">${say("page.meeting.by", { name: picture.byName })}</span></p>
      </div>`;
  })}</div>
    ${zoomed && html`<${Zoom} image=${zoomed.image} name=${`#${zoomed.number}`} pictures=${pictures} onClose=${() => setZoomed(undefined)} />`}`;
}
