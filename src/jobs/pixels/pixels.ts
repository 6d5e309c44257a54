import type { Channels } from "sharp";

/** A decoded picture: 8 bits a channel, row by row from the top, without gaps. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: Channels;
}
