import { sourceOf } from "./picture-source.js";
import { add } from "./wall-element.js";
import { say } from "./words.js";

/** @import { ShownImage } from "../../../src/ports/view.ts" */

/** As wall.css has it: the height without the line below, and the width without the margins. @param {ShownImage} image */
const widthOnWall = ({ widthPx, heightPx }) =>
  `min(92vw, calc(${(widthPx / Math.max(1, heightPx)).toFixed(4)} * 82vh))`;

/** One picture, whole, and the line below it. */
export class Stage {
  /** @param {Element} root */
  constructor(root) {
    this.element = add("main", "stage", root);
    const show = add("div", "show", this.element);
    this.layers = [add("img", "layer", show), add("img", "layer", show)].map(
      (image) => /** @type {HTMLImageElement} */ (image),
    );
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

  /** @param {ShownImage | undefined} image @param {string} maker */
  async show(image, maker) {
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
    Object.assign(next, sourceOf(image, widthOnWall(image)));
    next.alt = image.alt;
    // Shown only when it can be painted whole: a projector must not see half a picture.
    await next.decode().catch(() => {});
    if (this.key !== image.key) return;
    next.classList.add("shown");
    this.#leave(last);
    this.front = 1 - this.front;
    this.prompt.textContent = image.alt;
    this.maker.textContent = maker;
  }

  /** Out of sight and of what is read aloud; it fades from where it is. @param {HTMLImageElement} layer */
  #leave(layer) {
    layer.classList.remove("shown");
    layer.alt = "";
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
