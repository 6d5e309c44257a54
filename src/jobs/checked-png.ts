import { type ImageRequest, PICTURE_MAX_PIXELS } from "../domain/recipe.ts";
import { sniffImage } from "../lib/image-kind.ts";
import { pngSize, stripCheckedPng } from "../lib/png.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import { type Backend, BackendError } from "../ports/backend.ts";
import { sentence } from "../ports/backend-sentence.ts";
import { type PixelReader, Undecodable } from "./pixels/pixel-reader.ts";

/** Refused before it is decoded: a small file can hold a huge picture. */
const MAX_PIXELS = PICTURE_MAX_PIXELS;
const MAX_BYTES = 64 * 1024 * 1024;

interface Wanted extends Pick<ImageRequest, "widthPx" | "heightPx"> {
  /** The far end has sizes of its own: any it gives is taken. */
  readonly ownSize?: boolean | undefined;
}

interface CheckDeps {
  readonly yields: YieldQueue;
  readonly pixels: Pick<PixelReader, "read">;
  readonly signal: AbortSignal;
}

/**
 * What a backend gave as a whole PNG without text chunks, of the requested size or, as some servers enlarge, a larger one.
 * Other formats are converted losslessly.
 *
 * Whole is a PNG whose chunks are, to its end. What a model made is decoded beside: a stream that breaks off inside is
 * refused, and so is a picture of nothing but one colour.
 *
 * @throws BackendError "bad_response"
 */
export async function checkedPng(
  { name, drawnBy }: Pick<Backend, "name" | "drawnBy">,
  bytes: Uint8Array,
  request: Wanted,
  { yields, pixels, signal }: CheckDeps,
): Promise<Uint8Array> {
  const bad = (what: string, cause?: unknown) => new BackendError(name, "bad_response", what, { cause });
  if (bytes.length > MAX_BYTES) throw bad(`an image of ${bytes.length} bytes`);
  const mime = sniffImage(bytes);
  if (!mime) throw bad("bytes that are no PNG, JPEG or WebP");
  const sizeIs = ({ widthPx, heightPx }: Pick<ImageRequest, "widthPx" | "heightPx">) => {
    const fits = request.ownSize || (widthPx >= request.widthPx && heightPx >= request.heightPx);
    if (!fits || widthPx * heightPx > MAX_PIXELS)
      throw bad(`${widthPx}×${heightPx} instead of ${request.widthPx}×${request.heightPx}`);
  };
  await yields.next();
  const picture = mime === "image/png" ? strippedPng(bytes, bad) : bytes;
  if (mime === "image/png") {
    sizeIs(pngSize(picture));
    if (drawnBy === "program") return picture;
  }
  const read = await pixels.read(picture, ["flat"], { maxPixels: MAX_PIXELS, signal }).catch((cause: unknown) => {
    throw cause instanceof Undecodable ? bad("an image that cannot be decoded", cause) : cause;
  });
  sizeIs(read);
  if (drawnBy === "model" && read.seen.flat)
    throw new BackendError(name, "bad_response", "a picture of a single colour", {
      memberText: sentence("backend.error.one-colour"),
    });
  return read.png;
}

function strippedPng(bytes: Uint8Array, bad: (what: string, cause: unknown) => BackendError): Uint8Array {
  try {
    return stripCheckedPng(bytes);
  } catch (cause) {
    throw bad("an image that cannot be decoded", cause);
  }
}
