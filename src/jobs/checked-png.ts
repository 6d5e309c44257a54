import type { ImageRequest } from "../domain/recipe.ts";
import { foreignImage } from "../lib/foreign-image.ts";
import { pngSize, sniffImage, stripPng } from "../lib/png.ts";
import type { YieldQueue } from "../lib/yield-queue.ts";
import { BackendError } from "../ports/backend.ts";

/** libvips refuses larger pictures before it decodes them: a small file can hold a huge one. */
const MAX_PIXELS = 16_000_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * What a backend gave as a whole PNG without text chunks, of the requested size. Other formats are converted losslessly.
 *
 * @throws BackendError "bad_response"
 */
export async function checkedPng(
  backend: string,
  bytes: Uint8Array,
  request: Pick<ImageRequest, "widthPx" | "heightPx">,
  yields: YieldQueue,
): Promise<Uint8Array> {
  const bad = (what: string, cause?: unknown) => new BackendError(backend, "bad_response", what, { cause });
  if (bytes.length > MAX_BYTES) throw bad(`an image of ${bytes.length} bytes`);
  const mime = sniffImage(bytes);
  if (!mime) throw bad("bytes that are no PNG, JPEG or WebP");
  const { png, widthPx, heightPx } = await decoded(bytes, mime, yields).catch((cause: unknown) => {
    throw bad("an image that cannot be decoded", cause);
  });
  if (widthPx !== request.widthPx || heightPx !== request.heightPx)
    throw bad(`${widthPx}×${heightPx} instead of ${request.widthPx}×${request.heightPx}`);
  return png;
}

interface Decoded {
  readonly png: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** @throws Error for what is damaged */
async function decoded(bytes: Uint8Array, mime: string, yields: YieldQueue): Promise<Decoded> {
  const image = foreignImage(bytes, MAX_PIXELS);
  if (mime !== "image/png") {
    const { data, info } = await image.png().toBuffer({ resolveWithObject: true });
    return { png: data, widthPx: info.width, heightPx: info.height };
  }
  // Every pixel is decoded for the one that is kept: a damaged file fails, and no second picture of megabytes is made.
  await image.resize(1, 1, { fit: "fill" }).raw().toBuffer();
  const size = pngSize(bytes);
  await yields.next();
  return { png: stripPng(bytes), ...size };
}
