import { foreignImage } from "../../lib/foreign-image.ts";
import { BackendError } from "../../ports/backend.ts";
import { sentence } from "../../ports/backend-sentence.ts";

/** The core stores smaller ones; this is the second lock. */
const MAX_PIXELS = 40_000_000;

/**
 * A starting picture as engines take it: PNG of exactly this size, three channels. What is too wide or too high is cut off
 * evenly, nothing is stretched.
 *
 * @throws BackendError "rejected" when it cannot be decoded
 */
export const fittedPicture = (backend: string, bytes: Uint8Array, size: PictureSize): Promise<Buffer> =>
  fitted(backend, () => fittedImage(bytes, size).png().toBuffer());

/** As `fittedPicture`, as plain RGB bytes, row by row. */
export const fittedPixels = (backend: string, bytes: Uint8Array, size: PictureSize): Promise<Buffer> =>
  fitted(backend, () => fittedImage(bytes, size).raw().toBuffer());

/** A picture as it is, PNG, made smaller where a side is longer than that. @throws BackendError as `fittedPicture` */
export const wholePicture = (backend: string, bytes: Uint8Array, sideMaxPx: number): Promise<Buffer> =>
  fitted(backend, () =>
    foreignImage(bytes, MAX_PIXELS)
      .resize({ width: sideMaxPx, height: sideMaxPx, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .png()
      .toBuffer(),
  );

interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

const fittedImage = (bytes: Uint8Array, { widthPx, heightPx }: PictureSize) =>
  foreignImage(bytes, MAX_PIXELS)
    .resize(widthPx, heightPx, { fit: "cover" })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb");

async function fitted(backend: string, read: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await read();
  } catch {
    // sharp's own message can hold paths.
    throw new BackendError(backend, "rejected", "the starting picture cannot be decoded", {
      memberText: sentence("backend.error.start-unreadable"),
    });
  }
}
