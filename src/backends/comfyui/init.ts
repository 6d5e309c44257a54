import { createHash } from "node:crypto";
import sharp from "sharp";
import { BackendError } from "../../backend.ts";
import { NAME } from "./errors.ts";

const MAX_PIXELS = 40_000_000;

export interface Prepared {
  readonly png: Uint8Array;
  /** By content: the same picture twice is one file on the server, and never another one under the same name. */
  readonly name: string;
}

/**
 * The picture to start from, in the size of the result: upright, filling it, without alpha and metadata.
 *
 * @throws BackendError "rejected" when it cannot be read: ComfyUI would notice only at run time
 */
export async function prepared(bytes: Uint8Array, widthPx: number, heightPx: number): Promise<Prepared> {
  try {
    const png = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error" })
      .rotate()
      .resize(widthPx, heightPx, { fit: "cover" })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .png({ compressionLevel: 3 })
      .toBuffer();
    return named(png);
  } catch (cause) {
    throw new BackendError(NAME, "rejected", "the picture to start from cannot be decoded", {
      cause,
      memberText: "it cannot read the picture to start from: try a PNG or JPEG",
    });
  }
}

/** For a workflow that always starts from a picture: one that `change` 1 replaces altogether. */
export async function greyPicture(widthPx: number, heightPx: number): Promise<Prepared> {
  const create = { width: widthPx, height: heightPx, channels: 3, background: "#808080" } as const;
  return named(await sharp({ create }).png().toBuffer());
}

const named = (png: Uint8Array): Prepared => ({
  png,
  name: `start-${createHash("sha256").update(png).digest("hex").slice(0, 24)}.png`,
});
