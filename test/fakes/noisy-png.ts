import sharp from "sharp";

/** Of each channel, so that a picture of 1024² has 0.9 MB. */
const NOISE = 2;

/**
 * A PNG as heavy as what models make: soft shapes under grain that no compression makes smaller, 0.9 MB at 1024². The same
 * bytes for the same size.
 */
export async function noisyPng(widthPx: number, heightPx: number): Promise<Buffer> {
  const pixels = Buffer.alloc(widthPx * heightPx * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    // A linear congruential generator: quick, and enough for grain.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const [x, y] = [Math.floor(at / 3) % widthPx, Math.floor(at / 3 / widthPx)];
    const shape = 120 + 60 * Math.sin(x / 90 + (at % 3)) + 50 * Math.cos(y / 70);
    pixels[at] = Math.floor(shape) + ((state >>> 24) % NOISE);
  }
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
}
