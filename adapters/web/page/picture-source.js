/** @import { ShownImage } from "../../../src/ports/view.ts" */

/** The widths of copies that the server makes: COPY_WIDTHS_PX in limits.ts. The first stands there until another has come. */
const COPY_WIDTHS_PX = [48, 320, 480, 640, 960, 1280, 1920];
/** Nobody sees more than two pixels of the screen for one of the page, and they cost twice as much. */
const DENSITY_MAX = 2;

/** The picture as it is. @param {string} key */
export const mediaUrl = (key) => `/media/${key.split("/").map(encodeURIComponent).join("/")}`;

/** The file with its recipe, to be kept. @param {string} key */
export const originalUrl = (key) => `${mediaUrl(key)}?w=original`;

/** @param {string} key @param {number} widthPx one of COPY_WIDTHS_PX */
const copyUrl = (key, widthPx) => `${mediaUrl(key)}?w=${widthPx}`;

/** 1 KB, to be seen at once. @param {string} key */
export const firstUrl = (key) => copyUrl(key, COPY_WIDTHS_PX[0] ?? 48);

/** Whoever saves data gets one pixel for one. */
function densityOf() {
  // Only some browsers tell.
  const { connection } = /** @type {{ readonly connection?: { readonly saveData?: boolean } }} */ (navigator);
  return Math.min(devicePixelRatio || 1, connection?.saveData ? 1 : DENSITY_MAX);
}

/**
 * What an `img` needs to load the copy of a picture that fits: a browser chooses by `sizes` times its pixels a CSS pixel, so what
 * it would take beyond DENSITY_MAX is taken off the width here.
 *
 * @param {ShownImage} image @param {string} width how wide it is shown, as CSS writes it, e.g. `min(100vw, 40rem)`
 */
export function sourceOf({ key, widthPx }, width) {
  const smaller = COPY_WIDTHS_PX.slice(1).filter((px) => px < widthPx);
  // The next one above has the picture's own width: nothing is made larger than it is.
  const whole = COPY_WIDTHS_PX.find((px) => px >= widthPx) ?? COPY_WIDTHS_PX.at(-1) ?? widthPx;
  const srcset = [
    ...smaller.map((px) => `${copyUrl(key, px)} ${px}w`),
    ...(smaller.includes(whole) ? [] : [`${copyUrl(key, whole)} ${Math.min(whole, widthPx)}w`]),
  ];
  const taken = densityOf() / (devicePixelRatio || 1);
  return {
    srcset: srcset.join(", "),
    sizes: taken === 1 ? width : `calc(${taken.toFixed(3)} * ${width})`,
    src: copyUrl(key, 640),
  };
}
