import { mediaUrl } from "../picture-source.js";
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { language, say } from "../words.js";

/** @import { WireMake } from "../../wire.ts" */

/** The longer side of a shape's sign. */
const SIGN_PX = 28;
/** The same area for all would make a banner wider than its chip: none is wider than this. */
const SIGN_AREA_PX = 340;
/** As the gallery draws them, so that a row has its height before a picture is there. */
const [TILE_WIDTH_PX, TILE_HEIGHT_PX] = [512, 640];
/** Of the tile beside the chosen one, so that it is seen to go on. */
const BESIDE_PX = 22;
const NUMBER = new Intl.NumberFormat(language);

/**
 * The styles as pictures in a row, cut at the edge so that it is seen to go on; or all of them below each other.
 *
 * @param {{ styles: WireMake["styles"], chosen: string, onChoose: (id: string) => void }} props
 */
export function Styles({ styles, chosen, onChoose }) {
  const [all, setAll] = useState(false);
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => showChosen(row.current), [styles, all]);
  return html`<fieldset aria-labelledby="make-styles">
    <div class="lab"><span id="make-styles">${say("page.make.style")}</span><button type="button" class="link all" aria-expanded=${all ? "true" : "false"} aria-controls="make-tiles" onClick=${() => setAll(!all)}>${say("page.make.all-styles")}</button></div>
    <div id="make-tiles" class=${all ? "stiles all" : "stiles"} ref=${row}>
      ${styles.map(
        ({ id, title }) => html`<label class="stile" key=${id}>
        <input type="radio" name="style" value=${id} checked=${id === chosen} onChange=${() => onChoose(id)} />
        <span class="fr"><img src=${mediaUrl(`style/${id}`)} alt="" width=${TILE_WIDTH_PX} height=${TILE_HEIGHT_PX} loading="lazy" decoding="async" /></span>
        <span class="nm" dir="auto">${title}</span>
      </label>`,
      )}
    </div>
  </fieldset>`;
}

/** What was chosen before is seen when the form opens: the row moves, and nothing else. @param {HTMLElement | null} row */
function showChosen(row) {
  const tile = row?.querySelector("input:checked")?.closest("label")?.getBoundingClientRect();
  if (!row || !tile) return;
  const { left, right } = row.getBoundingClientRect();
  if (tile.right > right) row.scrollLeft += tile.right - right + BESIDE_PX;
  else if (tile.left < left) row.scrollLeft += tile.left - left - BESIDE_PX;
}

/** @param {{ shapes: WireMake["shapes"], chosen: string | undefined, onChoose: (name: string) => void }} props */
export function Shapes({ shapes, chosen, onChoose }) {
  return html`<fieldset>
    <legend>${say("page.make.shape")}</legend>
    <div class="six">
      ${shapes.map(({ name, title, widthPx, heightPx }) => {
        const scale = Math.min(Math.sqrt(SIGN_AREA_PX / (widthPx * heightPx)), SIGN_PX / Math.max(widthPx, heightPx));
        const sign = { width: `${Math.round(widthPx * scale)}px`, height: `${Math.round(heightPx * scale)}px` };
        return html`<label class="sz" key=${name}>
        <input type="radio" name="shape" value=${name} checked=${name === chosen} onChange=${() => onChoose(name)} />
        <span class="gl" aria-hidden="true"><i style=${sign}></i></span><span>${title}</span>
      </label>`;
      })}
    </div>
  </fieldset>`;
}

/** @param {{ most: number, count: number, onChoose: (count: number) => void }} props */
export function Count({ most, count, onChoose }) {
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  return html`<fieldset class="seg">
    <legend class="sr">${say("page.make.how-many")}</legend>
    ${counts.map((n) => html`<label key=${n}><input type="radio" name="count" value=${n} checked=${n === count} onChange=${() => onChoose(n)} />${NUMBER.format(n)}</label>`)}
  </fieldset>`;
}
