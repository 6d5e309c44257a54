import type { CreateRaw, Metadata, Sharp } from "sharp";
import { sniffImage } from "./image-kind.ts";
import { decodablePng } from "./png.ts";
import { imageOfPixels, loadSharp } from "./sharp.ts";

const DECODE_MAX_S = 10;
/** The largest takes some 200 MB. */
const DECODING_MAX = 1;
const WAITING_MAX = 8;
/** Few lines of 850,000 pixels took 500 MB to make smaller. */
const SIDE_MAX_PX = 20_000;
/** 40 megapixels in four channels. */
const WHOLE_MAX_BYTES = 160_000_000;

/** Too many pictures of members wait to be read: each that waits holds its bytes. */
export class TooManyImages extends Error {
  override readonly name = "TooManyImages";
}

/** More pixels than the limit, or in a format that takes too much memory at its size. */
export class TooLargeImage extends Error {
  override readonly name = "TooLargeImage";
}

// Of the process, for its memory is: the core and every platform decode from the same.
let decoding = 0;
const waiting: (() => void)[] = [];

/**
 * A picture from elsewhere: the first frame of what is announced to have at most `maxPixels`, decoded off this thread within 10 s.
 * A file of kilobytes can hold gigabytes. What is damaged rejects when it is read.
 */
export const foreignImage = (bytes: Uint8Array, maxPixels: number): Sharp =>
  loadSharp()(decodable(bytes), { limitInputPixels: maxPixels, failOn: "error" }).timeout({ seconds: DECODE_MAX_S });

/** What was decoded by `foreignImage`, 8 bits a channel, as a PNG. */
export const pngOfPixels = (data: Uint8Array, raw: CreateRaw): Promise<Buffer> =>
  imageOfPixels(data, raw).png().toBuffer();

/**
 * Does something with a member's picture when its turn comes: few are decoded at once.
 *
 * @throws TooManyImages; TooLargeImage; Error for what is damaged or too slow
 */
export async function withMembersImage<T>(
  bytes: Uint8Array,
  maxPixels: number,
  work: (image: Sharp) => Promise<T>,
): Promise<T> {
  if (decoding >= DECODING_MAX) {
    if (waiting.length >= WAITING_MAX) throw new TooManyImages("too many pictures wait to be read");
    // The turn passes on directly, so that nobody comes between.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else decoding += 1;
  try {
    const told = await foreignImage(bytes, maxPixels).metadata().catch(largerThanTold);
    if (Math.max(told.width, told.height) > SIDE_MAX_PX || wholeBytes(told) > WHOLE_MAX_BYTES)
      throw new TooLargeImage("a picture that has to be held as a whole, and is too large for that");
    return await work(foreignImage(bytes, maxPixels));
  } finally {
    const next = waiting.shift();
    if (next) next();
    else decoding -= 1;
  }
}

/** sharp has words for it, and no code. */
function largerThanTold(error: unknown): never {
  throw error instanceof Error && /pixel limit/u.test(error.message)
    ? new TooLargeImage(error.message, { cause: error })
    : error;
}

const NO_PICTURE = Buffer.from("no picture");

function decodable(bytes: Uint8Array): Uint8Array {
  if (sniffImage(bytes) !== "image/png") return bytes;
  try {
    return decodablePng(bytes);
  } catch {
    // A PNG that is cut short: it rejects when it is read, as everything damaged does.
    return NO_PICTURE;
  }
}

/** What the decoder holds at once: a few lines of most files, all of those that come in passes, are turned, or are coded as films. */
function wholeBytes({ width, height, channels, depth, isProgressive, orientation, format }: Metadata): number {
  const bytes = width * height * channels * (depth === "uchar" ? 1 : 2);
  switch (format) {
    case "heif":
      // As planes, as pixels, and what is between: 18 bytes a pixel were measured, 25 for those of 10 bits.
      return bytes * 4;
    case "gif":
      return width * height * 4;
    case "webp":
      return bytes;
    default:
      // What comes in passes is held twice: as it is coded, and as pixels.
      if (isProgressive === true) return bytes * 2;
      return (orientation ?? 1) > 1 ? bytes : 0;
  }
}
