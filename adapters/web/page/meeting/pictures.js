import { ApiError, send } from "../api.js";
import { html, useEffect, useState } from "../vendor/htm-preact.js";

/** @import { ShownImage } from "../../../../src/ports/view.ts" */

/** Of COPY_WIDTHS_PX in limits.ts those that walls and phones ask for. */
const WIDTHS_PX = [320, 640, 1280, 1920];
const DENSITY_MAX = 2;
/** More are let go of, the oldest first. */
const KEPT_MAX = 120;
const AGAIN_MS = 1500;
const TRIES = 4;

/** @typedef {{ readonly wallKey: string } | { readonly seat: string }} By */

/** @param {number} cssPx */
const widthFor = (cssPx) => {
  const needed = cssPx * Math.min(DENSITY_MAX, devicePixelRatio || 1);
  return WIDTHS_PX.find((px) => px >= needed) ?? 1920;
};

/** Pictures of a meeting. Asked for by what opened this page and not by an address: a seat belongs in no history and no log. */
export class Pictures {
  /** @param {By} by */
  constructor(by) {
    this.by = by;
    /** By key and width. @type {Map<string, Promise<string>>} */
    this.asked = new Map();
    /** @type {Map<string, string>} */
    this.there = new Map();
  }

  /** Its address, where it was loaded before. @param {string} key @param {number} cssPx */
  ready(key, cssPx) {
    return this.there.get(`${key} ${widthFor(cssPx)}`);
  }

  /** @param {string} key @param {number} cssPx so wide it is shown, at most @returns {Promise<string>} its address in this page */
  load(key, cssPx) {
    const shownPx = widthFor(cssPx);
    const name = `${key} ${shownPx}`;
    const known = this.asked.get(name);
    if (known) return known;
    const loading = this.#load(key, shownPx).then((address) => {
      this.there.set(name, address);
      return address;
    });
    this.asked.set(name, loading);
    // What did not come is asked for again, when it is wanted again.
    loading.catch(() => this.asked.delete(name));
    if (this.asked.size > KEPT_MAX) this.#letGo();
    return loading;
  }

  /** @param {string} key @param {number} shownPx */
  async #load(key, shownPx) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await send("/api/meeting/image", { key, by: this.by, shownPx });
        return URL.createObjectURL(await response.blob());
      } catch (error) {
        const gone = error instanceof ApiError && error.status >= 400 && error.status !== 429;
        if (gone || attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * attempt));
      }
    }
  }

  #letGo() {
    const [oldest] = this.asked.keys();
    if (oldest === undefined) return;
    this.asked.delete(oldest);
    const address = this.there.get(oldest);
    this.there.delete(oldest);
    // What is on the screen stays there: it was read already.
    if (address) URL.revokeObjectURL(address);
  }
}

/**
 * One picture, with its alt text in its place until it is there.
 *
 * @param {{ pictures: Pictures, image: ShownImage, cssPx: number, alt?: string }} props
 */
export function Shown({ pictures, image, cssPx, alt = image.alt }) {
  const [address, setAddress] = useState(() => pictures.ready(image.key, cssPx));
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let live = true;
    setLost(false);
    setAddress(pictures.ready(image.key, cssPx));
    pictures.load(image.key, cssPx).then(
      (there) => live && setAddress(there),
      () => live && setLost(true),
    );
    return () => {
      live = false;
    };
  }, [image.key, cssPx]);
  return html`<img class=${lost ? "shown lost" : "shown"} src=${address} alt=${alt} width=${image.widthPx} height=${image.heightPx} decoding="async" draggable=${false} />`;
}
