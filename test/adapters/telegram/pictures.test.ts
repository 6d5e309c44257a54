import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../adapters/telegram/limits.ts";
import { createPictures } from "../../../adapters/telegram/pictures.ts";
import { marked, saidOf } from "../../../src/domain/marked.ts";

const IMAGE = { key: "k", alt: "a fox", widthPx: 64, heightPx: 64 };
const picturesOf = (bytes: Uint8Array, mime: string) =>
  createPictures(async () => ({ bytes, mime, fileName: "placard-1.png" }));

describe("pictures", () => {
  const noise = (sidePx: number) =>
    sharp(randomBytes(sidePx * sidePx * 3), { raw: { width: sidePx, height: sidePx, channels: 3 } });

  it.each([
    ["goes as it is when it fits", 64, "png", "placard-1.png"],
    ["becomes a JPEG when it is more than Telegram takes", 1900, "png", "placard-1.jpg"],
    ["becomes a JPEG when it is of another kind", 64, "webp", "placard-1.jpg"],
  ] as const)("a photo %s", async (_what, sidePx, format, name) => {
    const bytes = await noise(sidePx).toFormat(format).toBuffer();
    expect(bytes.length > LIMITS.photoMaxBytes).toBe(sidePx > 64);
    expect((await picturesOf(bytes, `image/${format}`).photo(IMAGE)).filename).toBe(name);
  });

  it("are marked as what they were made of when they are coded again, alone and on a sheet", async () => {
    const bytes = marked(await noise(64).webp().toBuffer(), "trainedAlgorithmicMedia");
    const { photo, sheet } = picturesOf(bytes, "image/webp");
    for (const file of [await photo(IMAGE), await sheet([IMAGE, IMAGE])])
      expect(saidOf((await file?.toRaw()) as Uint8Array)).toBe("trainedAlgorithmicMedia");
  });

  it("a file of more than Telegram takes is refused before it is sent", async () => {
    const { document } = picturesOf(Buffer.alloc(LIMITS.documentMaxBytes + 1), "image/png");
    await expect(document("k", "x.png")).rejects.toMatchObject({ name: "ChatError", code: "too_large" });
  });
});
