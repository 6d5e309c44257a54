import { foreignImage } from "../../src/lib/foreign-image.ts";
import { withXmpOf } from "../../src/lib/xmp-mark.ts";
import type { Media } from "../../src/ports/chat.ts";

const MAX_PIXELS = 40_000_000;
/** Of its width: shapes and colours are left, nothing that could be recognised. */
const BLUR = 1 / 12;

/**
 * A picture nobody can make out. Discord covers files, but not the small pictures of a gallery.
 *
 * @returns `undefined` for what is no picture: rather none than one uncovered
 */
export async function blurred({ bytes, fileName }: Media): Promise<Media | undefined> {
  try {
    const image = foreignImage(bytes, MAX_PIXELS);
    const { width } = await image.metadata();
    const blurred = await image
      .blur(Math.max(1, width * BLUR))
      .webp({ quality: 60 })
      .toBuffer()
      .then((made) => withXmpOf(bytes, made));
    return { bytes: blurred, mime: "image/webp", fileName: `${fileName.replace(/\.[a-z0-9]+$/, "")}.webp` };
  } catch {
    return undefined;
  }
}
