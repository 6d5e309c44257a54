import type { Looker, Seen } from "./lookers.ts";

/** Main thread to worker. A worker has one order at a time. */
export interface PixelOrder {
  /** In a buffer of its own, which the worker may free. */
  readonly picture: Uint8Array;
  readonly maxPixels: number;
  readonly lookers: readonly Looker[];
  /** It comes back as a PNG. */
  readonly asPng: boolean;
}

/** Worker to main thread, once for each order. */
export type PixelAnswer =
  | {
      readonly type: "read";
      readonly widthPx: number;
      readonly heightPx: number;
      readonly seen: Partial<Seen>;
      readonly png?: Uint8Array;
      readonly heldBytes: number;
    }
  | { readonly type: "undecodable"; readonly why: string; readonly heldBytes: number };
