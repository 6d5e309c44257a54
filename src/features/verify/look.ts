import { givenImageAs } from "../../domain/given-image.ts";
import type { Result } from "../../domain/problem.ts";
import { FINGERPRINT_SMALL, fingerprintOf } from "../../lib/fingerprint.ts";

/** What a member's picture looks like, as `Store.pictureLike` takes it. */
export const lookOf = (bytes: Uint8Array): Promise<Result<string>> =>
  givenImageAs(bytes, async (image) => {
    const { data, info } = await image
      .rotate()
      .resize(FINGERPRINT_SMALL)
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return fingerprintOf({ data, widthPx: info.width, heightPx: info.height, channels: info.channels });
  });
