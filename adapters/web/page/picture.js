import { firstUrl, mediaUrl, sourceOf } from "./picture-source.js";
import { html, useState } from "./vendor/htm-preact.js";
import { say } from "./words.js";

/** @import { Acts } from "./message.js" */
/** @import { ShownImage } from "../../../src/ports/view.ts" */

/** As view.css has it: what is left of a phone beside the card's edges, the widest card, and the tallest picture. */
const CARD_WIDTH = "100vw - 54px, 558px";
const TALLEST = "min(60vh, 600px)";
/** As card.css has it. */
const TALLEST_IN_CARD = "min(56vh, 420px)";
/** Of the galleries: two columns on a phone. */
const TILE_WIDTH = "min(45vw, 180px)";

/** @param {ShownImage} image */
const ratioOf = ({ widthPx, heightPx }) => widthPx / Math.max(1, heightPx);

/** @param {ShownImage} image @param {string} tallest */
const widthInCard = (image, tallest) =>
  `min(${CARD_WIDTH}, ${image.widthPx}px, calc(${ratioOf(image).toFixed(4)} * ${tallest}))`;

/** Takes its final size before it is loaded, so that nothing jumps. @param {ShownImage} image */
const boxFor = (image) => ({ "--width": `${image.widthPx}px`, "--ratio": `${ratioOf(image)}` });

/**
 * A picture of a card, or with `title` a tile of a gallery, which is enlarged among the others there. `inCard`: of a job. `unfinished`: it is replaced every moment, and has no copies.
 *
 * @param {{ image: ShownImage, acts: Acts, title?: string, among?: readonly ShownImage[], inCard?: boolean, unfinished?: boolean }} props
 */
export function Picture({ image, acts, title, among, inCard = false, unfinished = false }) {
  const [lost, setLost] = useState("");
  const [loaded, setLoaded] = useState(false);
  const [covered, setCovered] = useState(image.spoiler === true);
  const box = title === undefined ? boxFor(image) : {};
  if (lost === image.key) return html`<p class="lost">${say("page.chat.gone", { alt: image.alt })}</p>`;
  if (covered)
    return html`<button type="button" class="picture covered" style=${box} onClick=${() => setCovered(false)}>${say("page.chat.covered")}</button>`;
  const source = unfinished
    ? { src: mediaUrl(image.key) }
    : sourceOf(image, title === undefined ? widthInCard(image, inCard ? TALLEST_IN_CARD : TALLEST) : TILE_WIDTH);
  // Once something of it was there, that stays until the next has come.
  const first = !loaded && !unfinished && title === undefined;
  return html`<button type="button" class="picture" style=${box} aria-label=${say("page.chat.enlarge", { title: title ?? image.alt })} onClick=${() => acts.enlarge(image, among)}>
    ${first && html`<img class="first" loading="lazy" fetchpriority="high" src=${firstUrl(image.key)} alt="" />`}
    <img loading="lazy" decoding="async" alt=${image.alt} width=${image.widthPx} height=${image.heightPx} ...${source} onLoad=${() => setLoaded(true)} onError=${() => setLost(image.key)} />
  </button>`;
}
