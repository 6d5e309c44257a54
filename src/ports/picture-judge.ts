import type { PictureVerdict } from "../domain/picture-verdict.ts";

/** Looks at what is in a picture. */
export interface PictureJudge {
  /** @throws the signal's reason; Error where it could not look */
  judge(png: Uint8Array, signal: AbortSignal): Promise<PictureVerdict>;
}
