import type { Rect } from "../composition/tree.ts";

/** Eight bits a channel, not premultiplied. */
export interface LogoPixels {
  readonly rgba: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Of 255: as good as white, as JPEG leaves it. */
const WHITE_MIN = 238;
/** Of the pixels at the edge, so many are alike where it is a box. */
const UNIFORM_SHARE = 0.98;
/** Apart by so much a pixel is no background any more; between, it shines through. */
const BACKGROUND_WITHIN = 26;
const OPAQUE_FROM = 190;
/** What is fainter is no ink. */
const SEEN_ALPHA = 12;

/**
 * Without the white box that a logo came in: only where all of its border is white, and only from there inwards. Colours and
 * boxes of any other colour are the logo's own.
 */
export function withoutWhiteBox(pixels: LogoPixels): LogoPixels {
  if (!isWhiteBox(pixels)) return pixels;
  const { widthPx, heightPx } = pixels;
  const rgba = new Uint8Array(pixels.rgba);
  const queue = new Int32Array(widthPx * heightPx);
  const seen = new Uint8Array(widthPx * heightPx);
  let end = 0;
  const visit = (at: number): void => {
    if (seen[at] === 1) return;
    seen[at] = 1;
    const far = whiteness(pixels.rgba, at);
    if (far >= OPAQUE_FROM) return;
    fade(rgba, at, far);
    // Through the soft edge of the ink, and not into it.
    if (far <= BACKGROUND_WITHIN) queue[end++] = at;
  };
  for (const at of borderOf(pixels)) visit(at);
  for (let from = 0; from < end; from++) {
    const at = queue[from] ?? 0;
    const x = at % widthPx;
    if (x > 0) visit(at - 1);
    if (x < widthPx - 1) visit(at + 1);
    if (at >= widthPx) visit(at - widthPx);
    if (at < widthPx * (heightPx - 1)) visit(at + widthPx);
  }
  // A white logo on white: nothing would be left.
  return inkOf({ ...pixels, rgba }) ? { ...pixels, rgba } : pixels;
}

/** How far from white, 0 to 255. */
const whiteness = (rgba: Uint8Array, at: number): number =>
  255 - Math.min(rgba[at * 4] ?? 0, rgba[at * 4 + 1] ?? 0, rgba[at * 4 + 2] ?? 0);

/** Takes the white out of a pixel: on white it looks as before. */
function fade(rgba: Uint8Array, at: number, far: number): void {
  const alpha = far <= BACKGROUND_WITHIN ? 0 : far;
  for (let channel = 0; channel < 3; channel++) {
    const value = rgba[at * 4 + channel] ?? 0;
    rgba[at * 4 + channel] = alpha === 0 ? 0 : Math.max(0, Math.round(255 - ((255 - value) * 255) / alpha));
  }
  rgba[at * 4 + 3] = alpha;
}

function isWhiteBox(pixels: LogoPixels): boolean {
  const border = borderOf(pixels);
  const white = border.filter((at) => pixels.rgba[at * 4 + 3] === 255 && whiteness(pixels.rgba, at) <= 255 - WHITE_MIN);
  return white.length >= border.length * UNIFORM_SHARE;
}

function borderOf({ widthPx, heightPx }: LogoPixels): readonly number[] {
  const across = Array.from({ length: widthPx }, (_, x) => [x, (heightPx - 1) * widthPx + x]);
  const down = Array.from({ length: heightPx }, (_, y) => [y * widthPx, y * widthPx + widthPx - 1]);
  return [...across, ...down].flat();
}

/** Around all that is seen; `undefined`: nothing is. */
export function inkOf({ rgba, widthPx, heightPx }: LogoPixels): Rect | undefined {
  let [left, top, right, bottom] = [widthPx, heightPx, -1, -1];
  for (let y = 0, at = 3; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, at += 4)
      if ((rgba[at] ?? 0) >= SEEN_ALPHA) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  return right < 0 ? undefined : { x: left, y: top, w: right - left + 1, h: bottom - top + 1 };
}

export function croppedTo({ rgba, widthPx }: LogoPixels, { x, y, w, h }: Rect): LogoPixels {
  const cropped = new Uint8Array(w * h * 4);
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * widthPx + x) * 4;
    cropped.set(rgba.subarray(from, from + w * 4), row * w * 4);
  }
  return { rgba: cropped, widthPx: w, heightPx: h };
}

/** As a renderer gives them. */
export function unpremultiplied(rgba: Uint8Array): Uint8Array {
  const plain = new Uint8Array(rgba);
  for (let at = 0; at < plain.length; at += 4) {
    const alpha = plain[at + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++)
      plain[channel] = Math.min(255, Math.round(((plain[channel] ?? 0) * 255) / alpha));
  }
  return plain;
}
