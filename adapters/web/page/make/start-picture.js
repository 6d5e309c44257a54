import { PICTURE_TYPES } from "../attachment.js";
import { html, useRef } from "../vendor/htm-preact.js";
import { say } from "../words.js";

/** @import { Upload } from "../../../../src/ports/group-log.ts" */

/**
 * The picture to start from. What is dropped or pasted anywhere in the form comes here as well: see `panel.js`.
 *
 * @param {{ upload: Upload | undefined, busy: boolean, over: boolean, onFile: (file: File) => void, onRemove: () => void }} props
 */
export function StartPicture({ upload, busy, over, onFile, onRemove }) {
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const camera = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {Event} event */
  const picked = (event) => {
    const field = /** @type {HTMLInputElement} */ (event.currentTarget);
    const file = field.files?.[0];
    // The same file can be picked again after it was taken away.
    field.value = "";
    if (file) onFile(file);
  };
  if (busy) return html`<p class="drop given" role="status">${say("page.composer.uploading")}</p>`;
  if (upload)
    return html`<p class="drop given"><img src=${`/uploads/${upload.id}`} alt="" /><bdi>${upload.name}</bdi><button type="button" class="close" aria-label=${say("page.composer.remove-attached")} onClick=${onRemove}>×</button></p>`;
  return html`<div class=${over ? "drop over" : "drop"}>
    <input ref=${picker} type="file" hidden accept=${PICTURE_TYPES} onChange=${picked} />
    <input ref=${camera} type="file" hidden accept="image/*" capture="environment" onChange=${picked} />
    <button type="button" class="from" onClick=${() => picker.current?.click()}><span class="glyph attach"></span><span>${say("page.make.start")}</span> <small>${say("page.make.drop")}</small></button>
    <button type="button" class="icon photo" aria-label=${say("page.make.photo")} title=${say("page.make.photo")} onClick=${() => camera.current?.click()}><span class="glyph camera"></span></button>
  </div>`;
}
