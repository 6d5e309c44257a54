import { Dialog } from "../dialogs.js";
import { html } from "../vendor/htm-preact.js";
import { useBack } from "./layers.js";
import { Shown } from "./pictures.js";

/** @import { ShownImage } from "../../../../src/ports/view.ts" */
/** @import { Pictures } from "./pictures.js" */

/** One picture, as large as the screen. @param {{ image: ShownImage, name: string, pictures: Pictures, onClose: () => void }} props */
export function Zoom({ image, name, pictures, onClose }) {
  useBack(onClose);
  return html`<${Dialog} title=${name} kind="viewer" onClose=${onClose}>
    <div class="showing zoomed" style=${{ "--ratio": `${image.widthPx / Math.max(1, image.heightPx)}` }}><${Shown} pictures=${pictures} image=${image} cssPx=${innerWidth} /></div>
    <p class="alt" dir="auto">${image.alt}</p>
  <//>`;
}
