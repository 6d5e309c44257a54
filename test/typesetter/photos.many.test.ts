import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { cases } from "../many.ts";
import { compositionOf, requestOf } from "./layouts.ts";
import { changed, decoded } from "./pictures.ts";

const photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#8899aa" } })
  .composite([
    { input: Buffer.from('<svg width="120" height="120"><circle cx="60" cy="60" r="50"/></svg>'), left: 20, top: 20 },
  ])
  .png()
  .toBuffer();

describe("a photo", () => {
  const change = { init: { key: "k", strength: 0.1 } };
  it.each(LAYOUTS.filter((_, at) => at % cases(4, 1) === 0).map(({ name }) => [name]))(
    "%s: is screened in two of the poster's inks",
    async (layout) => {
      const request = requestOf('"NEW WORDS"', { widthPx: 256, heightPx: 320, ...change });
      const { page } = compositionOf(request, true, layout);
      const placed = page.photo;
      if (!placed) throw new Error("no place for a photo");
      expect(placed.rect.w * placed.rect.h).toBeGreaterThan(256 * 320 * 0.06);
      const at = async (bytes: Uint8Array) =>
        decoded((await draw({ request, trigger: "", initBytes: bytes, layout })).png);
      const negative = await sharp(photo).negate().png().toBuffer();
      // What is dark in the photo is ink in the picture: another photo is another picture.
      expect(changed(await at(photo), await at(negative))).toBeGreaterThan(0.01);
    },
  );
});
