import type { Pixels } from "./pixels.ts";

/** Of 255: what encoders and dithering make of one colour. */
const NEAR = 2;
/** What averaging may add, at both ends. */
const ROUNDED = 2;

/**
 * Whether all pixels are one colour, each channel within 2/255 of it, or nothing but transparent: a model that broke (a VAE
 * in half precision, a filter that paints over) gives such, and it is no picture.
 */
export function isFlat({ data, channels }: Pixels): boolean {
  const hasAlpha = channels === 2 || channels === 4;
  if (hasAlpha && rangeOf(data, channels, channels - 1, NEAR).high <= NEAR) return true;
  for (let channel = 0; channel < channels; channel += 1) {
    const { low, high } = rangeOf(data, channels, channel, 2 * NEAR);
    if (high - low > 2 * NEAR) return false;
  }
  return true;
}

/** Certain from an average of the picture: what is far apart there is no nearer in the pixels. */
export const isNotFlat = ({ data, channels }: Pixels): boolean => {
  const enough = 2 * NEAR + ROUNDED;
  return Array.from({ length: channels }, (_, channel) => rangeOf(data, channels, channel, enough)).some(
    ({ low, high }) => high - low > enough,
  );
};

/** The least and the greatest of one channel; as far as it was read where they are more than `enough` apart. */
function rangeOf(
  data: Uint8Array,
  channels: number,
  channel: number,
  enough: number,
): { readonly low: number; readonly high: number } {
  let low = 255;
  let high = 0;
  for (let at = channel; at < data.length && high - low <= enough; at += channels) {
    const value = data[at] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
