import { sourceOf } from "./picture-source.js";
import { add } from "./wall-element.js";
import { say } from "./words.js";

/** @import { ShownImage, ShownView } from "../../../src/ports/view.ts" */

/** As wall.css has it: the width without the margins, the height without the line below, and what is between pictures. */
const [WIDE_VW, HIGH_VH, GAP_VH] = [92, 82, 2];

/** @param {ShownImage} image */
const ratioOf = ({ widthPx, heightPx }) => widthPx / Math.max(1, heightPx);

/** In how many columns so many are shown largest. @param {number} count @param {number} ratio of the widest */
function columnsFor(count, ratio) {
  const [wide, high] = [innerWidth * WIDE_VW, innerHeight * HIGH_VH];
  /** @param {number} columns */
  const widthIn = (columns) => Math.min(wide / columns, (high / Math.ceil(count / columns)) * ratio);
  const all = Array.from({ length: count }, (_, at) => at + 1);
  return all.reduce((best, columns) => (widthIn(columns) > widthIn(best) ? columns : best), 1);
}

/** How wide each of them is, as CSS writes it. @param {number} count @param {number} columns @param {number} ratio */
function widthOnWall(count, columns, ratio) {
  const rows = Math.ceil(count / columns);
  const wide = `(${WIDE_VW}vw - ${(columns - 1) * GAP_VH}vh) / ${columns}`;
  const high = `${ratio.toFixed(4)} * (${HIGH_VH}vh - ${(rows - 1) * GAP_VH}vh) / ${rows}`;
  return `min(calc(${wide}), calc(${high}))`;
}

/** One picture, or those of a batch with room between them, whole, and the line below. */
export class Stage {
  /** @param {Element} root */
  constructor(root) {
    this.element = add("main", "stage", root);
    const show = add("div", "show", this.element);
    this.layers = [add("div", "layer", show), add("div", "layer", show)];
    for (const layer of this.layers) layer.hidden = true;
    const line = add("footer", "line", this.element);
    const caption = add("div", "caption", line);
    this.prompt = add("p", "prompt", caption);
    this.maker = add("p", "maker", caption);
    this.prompt.dir = this.maker.dir = "auto";
    const middle = add("div", "middle", line);
    this.paused = add("span", "paused", middle);
    this.paused.textContent = say("wall.paused");
    this.paused.hidden = true;
    this.ticks = add("div", "ticks", middle);
    this.ticks.role = "img";
    this.keys = add("p", "keys", line);
    this.key = "";
    this.front = 0;
  }

  /** @param {ShownView | undefined} view with a picture @param {string} maker */
  async show(view, maker) {
    const image = view?.image;
    if (!image) {
      for (const layer of this.layers) this.#leave(layer);
      this.key = "";
      this.prompt.textContent = this.maker.textContent = "";
      return;
    }
    if (image.key === this.key) return;
    this.key = image.key;
    const [next, last] = [this.layers[1 - this.front], this.layers[this.front]];
    if (!next || !last) return;
    next.hidden = false;
    const images = this.#fill(next, image, view.album && view.album.length > 1 ? view.album : [image]);
    // Shown only when it can be painted whole: a projector must not see half a picture.
    await Promise.all(images.map((each) => each.decode().catch(() => {})));
    if (this.key !== image.key) return;
    next.classList.add("shown");
    this.#leave(last);
    this.front = 1 - this.front;
    this.prompt.textContent = image.alt;
    this.maker.textContent = maker;
  }

  /** @param {HTMLElement} layer @param {ShownImage} whole @param {readonly ShownImage[]} images its parts */
  #fill(layer, whole, images) {
    const ratio = Math.max(...images.map(ratioOf));
    const columns = columnsFor(images.length, ratio);
    const width = widthOnWall(images.length, columns, ratio);
    layer.style.setProperty("--columns", `${columns}`);
    layer.style.setProperty("--each", width);
    layer.style.setProperty("--ratio", `${ratio}`);
    layer.replaceChildren();
    const several = images.length > 1;
    if (several) Object.assign(layer, { role: "img", ariaLabel: whole.alt });
    return images.map((image) => {
      const shown = /** @type {HTMLImageElement} */ (add("img", "", layer));
      Object.assign(shown, sourceOf(image, width));
      shown.alt = several ? "" : image.alt;
      return shown;
    });
  }

  /** Out of sight and of what is read aloud; it fades from where it is. @param {HTMLElement} layer */
  #leave(layer) {
    layer.classList.remove("shown");
    layer.role = layer.ariaLabel = null;
    for (const image of layer.querySelectorAll("img")) image.alt = "";
  }

  /** @param {number} at from 0; -1: none is shown @param {number} all */
  count(at, all) {
    this.ticks.hidden = all < 2 || at < 0;
    this.ticks.ariaLabel = say("wall.position", { n: at + 1, all });
    this.ticks.replaceChildren(
      ...Array.from({ length: all }, (_, n) => {
        const tick = document.createElement("i");
        tick.className = n === at ? "on" : "";
        return tick;
      }),
    );
  }
}
