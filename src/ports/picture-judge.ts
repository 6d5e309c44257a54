import type { PictureVerdict } from "../domain/picture-verdict.ts";

/** Looks at finished pictures, where the installation has a classifier. */
export interface PictureJudge {
  judge(png: Uint8Array, signal: AbortSignal): Promise<PictureVerdict>;
}
