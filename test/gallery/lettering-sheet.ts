import { writeFileSync } from "node:fs";
import sharp, { type OverlayOptions } from "sharp";
import { letteringLayerSchema } from "../../src/domain/lettering.ts";
import { letter } from "../../src/typesetter/overlay/letter.ts";
import { wordsOf } from "../../src/typesetter/overlay/words.ts";
import { BACKGROUNDS } from "../typesetter/backgrounds.ts";
import { SIX_SCRIPTS } from "../typesetter/script-words.ts";

// node test/gallery/lettering-sheet.ts [FILE [SIDE]]: twelve pictures, a row each, under words in six scripts at three places.
const [file = "test/gallery/lettering.webp", side = "128"] = process.argv.slice(2);
const TILE_PX = Number(side);
const GAP_PX = 4;
const PICTURE_PX = 768;
const PLACES = ["top", "middle", "bottom"] as const;

const placed: OverlayOptions[] = [];
let top = GAP_PX;
for (const make of Object.values(BACKGROUNDS)) {
  const picture = new Uint8Array(await make(PICTURE_PX));
  let column = 0;
  let rowPx = 0;
  for (const typed of Object.values(SIX_SCRIPTS))
    for (const place of PLACES) {
      const layer = letteringLayerSchema.parse({ lettering: 1, words: wordsOf(typed), place });
      const { png } = await letter({ picture, words: { layer } });
      const { data, info } = await sharp(png).resize({ width: TILE_PX }).png().toBuffer({ resolveWithObject: true });
      placed.push({ input: data, left: GAP_PX + column * (TILE_PX + GAP_PX), top });
      rowPx = Math.max(rowPx, info.height);
      column++;
    }
  top += rowPx + GAP_PX;
}
const width = Object.keys(SIX_SCRIPTS).length * PLACES.length * (TILE_PX + GAP_PX) + GAP_PX;
const sheet = await sharp({ create: { width, height: top, channels: 3, background: "#ffffff" } })
  .composite(placed)
  .webp({ quality: 36 })
  .toBuffer();
writeFileSync(file, sheet);
process.stdout.write(`${placed.length} pictures, ${sheet.length} bytes: ${file}\n`);
