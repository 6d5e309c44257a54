import { type Colour, channelsOf } from "../../lib/colour.ts";
import type { Texture } from "../composition/scene.ts";

/** Brightest grain, in 8-bit steps. It takes less contrast than `scene.ts` keeps in hand. */
const GRAIN_STEPS = 13;
/** Share of the area that worn ink leaves bare at full wear. */
const WEAR_SHARE = 0.02;
const MASK_CELL_PX = 48;

/**
 * Paper grain and worn ink, in place. Integer arithmetic only, so that it is the same everywhere.
 *
 * @param rgba widthPx × heightPx × 4 bytes
 */
export function roughen(
  rgba: Uint8Array,
  widthPx: number,
  heightPx: number,
  texture: Texture,
  paper: Colour,
  seed: number,
): void {
  const grain = Math.round(texture.grain * GRAIN_STEPS);
  const bare = Math.round(texture.wear * WEAR_SHARE * 65536);
  if (grain === 0 && bare === 0) return;
  const [red, green, blue] = channelsOf(paper);
  let state = (seed ^ 0x5bd1e995) >>> 0 || 1;
  for (let y = 0; y < heightPx; y++) {
    let at = y * widthPx * 4;
    const maskRow = Math.imul(Math.floor(y / MASK_CELL_PX) + 1, 0x9e3779b1) ^ seed;
    for (let x = 0; x < widthPx; x++, at += 4) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      // Ink wears in patches: a coarse mask decides how likely a speck is here.
      const mask =
        (Math.imul(maskRow ^ Math.imul(Math.floor(x / MASK_CELL_PX) + 7, 0x85ebca6b), 0xc2b2ae35) >>> 24) & 3;
      if ((state & 0xffff) < bare >> mask) {
        speck(rgba, at, x + 1 < widthPx, red, green, blue);
      } else if ((state & 0x700000) < 0x300000) {
        const step = ((((state >>> 24) & 0xff) * grain) >> 7) - grain;
        rgba[at] = clamp((rgba[at] ?? 0) + step);
        rgba[at + 1] = clamp((rgba[at + 1] ?? 0) + step);
        rgba[at + 2] = clamp((rgba[at + 2] ?? 0) + step);
      }
    }
  }
}

const clamp = (value: number): number => (value < 0 ? 0 : Math.min(value, 255));

function speck(rgba: Uint8Array, at: number, two: boolean, red: number, green: number, blue: number): void {
  for (let i = at; i <= at + (two ? 4 : 0); i += 4) {
    rgba[i] = ((rgba[i] ?? 0) + 3 * red) >> 2;
    rgba[i + 1] = ((rgba[i + 1] ?? 0) + 3 * green) >> 2;
    rgba[i + 2] = ((rgba[i + 2] ?? 0) + 3 * blue) >> 2;
  }
}
