import type { Branding, LetteringLayer } from "../../domain/lettering.ts";
import type { Size } from "../../domain/size.ts";
import { type Colour, channelsOf, mixColours } from "../../lib/colour.ts";
import { pngOfPixels } from "../../lib/foreign-image.ts";
import { createSerial } from "../../lib/serial.ts";
import { blankImage } from "../../lib/sharp.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";
import { layerToSet } from "./lettered-picture.ts";
import type { Setter } from "./setter.ts";

/** Letters of many scripts instead of words: whoever looks at it may read any language. */
const WORDS: LetteringLayer["words"] = [
  { text: ["Aa", "Éé", "Жж", "123"].join(" "), level: "title" },
  { text: ["Ññ", "Ωω", "سلام", "你好"].join(" "), level: "subtitle" },
];
const PAPER = "#ece7dc";
/** As light and dark as a photograph. */
const SKY = ["#dfe6ea", "#3c4a52"] as const;

/** Draws what a brand looks like, on its own ground and on a picture; one at a time, for anybody may ask. */
export function createBrandSample(deps: {
  readonly setter: Pick<Setter, "over">;
  readonly files: Pick<PictureFiles, "logo">;
}) {
  const oneByOne = createSerial();
  const never = new AbortController().signal;

  async function draw(brand: Branding, { widthPx, heightPx }: Size): Promise<Uint8Array> {
    const half = { width: widthPx / 2, height: heightPx };
    const ground = brand.colours?.ground ?? PAPER;
    const parts: Uint8Array[] = [];
    for (const base of [await shaded(ground, ground, half), await shaded(...SKY, half)]) {
      const layer = { lettering: 1, words: WORDS, place: "middle", ...brand } as const satisfies LetteringLayer;
      parts.push((await deps.setter.over(base, await layerToSet(layer, deps.files), never)).png);
    }
    return blankImage({ width: widthPx, height: heightPx, channels: 3, background: ground })
      .composite(parts.map((input, at) => ({ input: Buffer.from(input), left: at * half.width, top: 0 })))
      .png()
      .toBuffer();
  }
  return (brand: Branding, size: Size): Promise<Uint8Array> => oneByOne.run(() => draw(brand, size));
}

/** From one colour at the top to another at the foot. */
function shaded(top: Colour, foot: Colour, { width, height }: { readonly width: number; readonly height: number }) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = channelsOf(mixColours(top, foot, y / Math.max(1, height - 1)));
    for (let at = y * width * 3, end = at + width * 3; at < end; at += 3) data.set(row, at);
  }
  return pngOfPixels(data, { width, height, channels: 3 });
}
