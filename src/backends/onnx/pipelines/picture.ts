import type { NoiseSource } from "../noise/source.ts";
import type { Stopwatch } from "../stopwatch.ts";

/** A picture to start from. */
interface StartPicture {
  /** Its RGB bytes, row by row, in the size that will be made. */
  readonly rgb: (size: { readonly widthPx: number; readonly heightPx: number }) => Promise<Uint8Array>;
  /** 0 keeps it, 1 ignores it. */
  readonly strength: number;
}

/** What every kind of model is asked for. */
export interface PictureOrder {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly steps: number;
  /** Distilled guidance; models without it take no notice. */
  readonly guidance: number;
  /** Classifier-free guidance; above 1 each step takes two runs. */
  readonly trueCfg: number;
  readonly noise: NoiseSource;
  readonly start?: StartPicture;
  /** By the network's input, one for each LoRA it was loaded with. */
  readonly loraScales: Readonly<Record<string, number>>;
}

export interface MadePicture {
  /** RGB bytes, row by row. */
  readonly rgb: Uint8ClampedArray<ArrayBuffer>;
  readonly widthPx: number;
  readonly heightPx: number;
  /** As the network had them before the first and after the last step. */
  readonly initial: Float32Array;
  readonly latents: Float32Array;
  readonly timesteps: Float32Array;
  readonly sigmas?: Float32Array;
  /** Steps left out at the beginning. */
  readonly firstStep: number;
}

/** What happens between the runs of a picture's networks, which block their process. */
export interface Between {
  readonly signal: AbortSignal;
  readonly watch: Stopwatch;
  /**
   * After step `at` of `of`, from 1 on.
   * @param clean makes what the picture looks like so far, as latents [channels, rows, columns]
   */
  step(at: number, of: number, clean: () => CleanLatents): Promise<void>;
  /** What the latents became: from it previews learn. */
  decoded(clean: CleanLatents, rgb: Uint8ClampedArray): void;
}

export interface CleanLatents {
  readonly values: Float32Array;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/** The picture to start from is to be kept as it is: no step would be left. */
export class NoStepLeft extends Error {
  override readonly name = "NoStepLeft";
}
