import sharp from "sharp";
import type { LetteringPart, SetLettering } from "../../src/domain/lettering.ts";
import type { Setter } from "../../src/jobs/lettering/setter.ts";

const LINE = 16;

/** Bars instead of letters, one a line of the words, as wide as they are long: at the top, or at the bottom. A box for a logo. */
export const barSetter: Setter = {
  async over(picture, words, signal) {
    const image = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    signal.throwIfAborted();
    const { width: widthPx, height: heightPx, channels } = image.info;
    const set =
      "set" in words
        ? words.set
        : "label" in words
          ? cornerOf(words.label.text, widthPx, heightPx)
          : setOf(words.layer, widthPx, heightPx, words.logo);
    for (const { box } of set.parts)
      for (let y = box.y; y < box.y + box.h; y += 1)
        image.data.fill(255, (y * widthPx + box.x) * channels, (y * widthPx + box.x + box.w) * channels);
    const raw = { width: widthPx, height: heightPx, channels };
    return { png: await sharp(image.data, { raw }).png({ compressionLevel: 1 }).toBuffer(), set };
  },
  close: async () => {},
};

/** At the lower right, as wide as its words are long. */
function cornerOf(text: string, widthPx: number, heightPx: number): SetLettering {
  const w = text.length * 4;
  const plate = { kind: "plate", box: { x: widthPx - w, y: heightPx - 8, w, h: 8 }, fill: "#ffffff" } as const;
  return { set: 1, widthPx, heightPx, place: "bottom", outlines: [], parts: [plate] };
}

function setOf(
  { words, place, logo }: Extract<Parameters<Setter["over"]>[1], { readonly layer: object }>["layer"],
  widthPx: number,
  heightPx: number,
  logoBytes: Uint8Array | undefined,
): SetLettering {
  const lines = words.flatMap(({ text, level }) => text.split("\n").map((line) => ({ text: line, level })));
  const top = place === "top" ? 0 : heightPx - lines.length * LINE;
  const parts = lines.map(
    ({ text, level }, at): LetteringPart => ({
      kind: "line",
      text,
      level,
      box: { x: 0, y: top + at * LINE, w: Math.min(widthPx, text.length * 8), h: LINE - 4 },
      capPx: LINE - 4,
      fill: "#ffffff",
      glyphs: [],
    }),
  );
  const box = { x: widthPx - LINE, y: 0, w: LINE, h: LINE };
  const stamp: readonly LetteringPart[] = logo && logoBytes ? [{ kind: "logo", box, key: logo.key }] : [];
  return {
    set: 1,
    widthPx,
    heightPx,
    place: place === "top" ? "top" : "bottom",
    outlines: [],
    parts: [...parts, ...stamp],
  };
}
