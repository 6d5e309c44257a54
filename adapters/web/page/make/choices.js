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
 * One of several. `picture` absent: there is nothing to show of it. `about`: more than its title, to be read out.
 *
 * @typedef {{ readonly id: string, readonly title: string, readonly about?: string,
 *   readonly picture?: { readonly key: string, readonly widthPx: number, readonly heightPx: number } }} Tile
 */

/**
 * Pictures to choose from in a row, cut at the edge so that it is seen to go on; or all of them below each other.
 *
 * @param {{ name: string, title: string, all: string, tiles: readonly Tile[], chosen: string, onChoose: (id: string) => void }} props
 *   all: on what shows all of them
 */
export function Tiles({ name, title: what, all: showAll, tiles, chosen, onChoose }) {
  const [all, setAll] = useState(false);
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => showChosen(row.current), [tiles.length, all]);
  return html`<fieldset class=${`of-${name}`} aria-labelledby=${`make-${name}s`}>
    <div class="lab"><span id=${`make-${name}s`}>${what}</span><button type="button" class="link all" aria-expanded=${all ? "true" : "false"} aria-controls=${`make-${name}-tiles`} onClick=${() => setAll(!all)}>${showAll}</button></div>
    <div id=${`make-${name}-tiles`} class=${all ? "stiles all" : "stiles"} ref=${row}>
      ${tiles.map(
        ({ id, title, about, picture }) => html`<label class="stile" key=${id} title=${about}>
        <input type="radio" name=${name} value=${id} checked=${id === chosen} onChange=${() => onChoose(id)} />
        <span class=${picture ? "fr" : "fr own"}>${picture ? html`<img src=${mediaUrl(picture.key)} alt="" width=${picture.widthPx} height=${picture.heightPx} loading="lazy" decoding="async" />` : html`<span class="glyph brush"></span>`}</span>
        <span class="nm" dir="auto">${title}</span>
      </label>`,
      )}
    </div>
  </fieldset>`;
}

/** @param {{ styles: WireMake["styles"], chosen: string, onChoose: (id: string) => void }} props */
export function Styles({ styles, chosen, onChoose }) {
  const tiles = styles.map(({ id, title }) => ({
    id,
    title,
    picture: { key: `style/${id}`, widthPx: TILE_WIDTH_PX, heightPx: TILE_HEIGHT_PX },
  }));
  return html`<${Tiles} name="style" title=${say("page.make.style")} all=${say("page.make.all-styles")} tiles=${tiles} chosen=${chosen} onChoose=${onChoose} />`;
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
