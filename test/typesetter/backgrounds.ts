import { readFile } from "node:fs/promises";
import sharp from "sharp";

/** Pictures that words are set over, by what is hard about them. PNGs of about `sidePx`. */
export const BACKGROUNDS: Readonly<Record<string, (sidePx: number) => Promise<Buffer>>> = {
  "a face, large": photo("hopper"),
  "a face, high up": photo("collins"),
  "a face in profile, no colour": photo("cameraman"),
  "a cat's face": photo("cat"),
  "dark, lights below": photo("rocket"),
  "warm, round": photo("coffee"),
  "light paper": (side) => drawn(side, side, "#f3efe6", grain(side, "#e6dfd0")),
  "dark, nearly nothing": (side) => drawn(side, side, "#11151c", grain(side, "#171d27")),
  "busy, all colours": (side) => drawn(side, side, "#3a3a3a", crowd(side)),
  "low contrast": (side) => drawn(side, side, "#8b8f8e", fog(side)),
  gradient: (side) => drawn(side, side, "url(#sky)", ""),
  "black beside white": (side) =>
    drawn(
      side,
      Math.round(side * 1.25),
      "#fbfbfb",
      `<rect width="${side / 2}" height="${side * 1.25}" fill="#0b0b0b"/>${stripes(side)}`,
    ),
};

/** Those with a face, and where on them eyes, nose and mouth are, as shares of the sides. Marked by hand. */
export const FACES: Readonly<Record<string, Readonly<Record<"x" | "y" | "w" | "h", number>>>> = {
  "a face, large": { x: 0.38, y: 0.26, w: 0.28, h: 0.25 },
  "a face, high up": { x: 0.37, y: 0.16, w: 0.145, h: 0.15 },
  "a face in profile, no colour": { x: 0.4, y: 0.19, w: 0.12, h: 0.14 },
};

function photo(name: string): (sidePx: number) => Promise<Buffer> {
  return async (side) => {
    const file = await readFile(new URL(`../fixtures/photos/${name}.webp`, import.meta.url));
    return sharp(file).resize(side, side, { fit: "inside" }).toColourspace("srgb").png().toBuffer();
  };
}

function drawn(w: number, h: number, ground: string, inside: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><defs><linearGradient id="sky" x1="0" y1="0" x2="0.3" y2="1"><stop offset="0" stop-color="#1d2b64"/><stop offset="0.5" stop-color="#b0507a"/><stop offset="1" stop-color="#fbd786"/></linearGradient></defs><rect width="${w}" height="${h}" fill="${ground}"/>${inside}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Numbers that look drawn by chance and are always the same. */
function* numbers(): Generator<number, never> {
  let state = 20_250_501;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

function many(count: number, one: (next: () => number) => string): string {
  const chance = numbers();
  return Array.from({ length: count }, () => one(() => chance.next().value)).join("");
}

const grain = (side: number, colour: string): string =>
  many(
    160,
    (next) => `<circle cx="${next() * side}" cy="${next() * side}" r="${next() * side * 0.012}" fill="${colour}"/>`,
  );

const HUES = ["#d62828", "#f4f1de", "#222222", "#1d4e89", "#f2b134", "#3b7a57", "#e8e8e8", "#7a3b69", "#0b0b0b"];
const crowd = (side: number): string =>
  many(900, (next) => {
    const [x, y, r] = [next() * side, next() * side, side * (0.008 + next() * 0.03)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="${HUES[Math.floor(next() * HUES.length)]}"/>`;
  });

const fog = (side: number): string =>
  many(40, (next) => {
    const grey = 125 + Math.floor(next() * 40);
    return `<ellipse cx="${next() * side}" cy="${next() * side}" rx="${side * 0.25}" ry="${side * 0.1}" fill="rgb(${grey},${grey + 4},${grey + 2})" opacity="0.5"/>`;
  });

const stripes = (side: number): string =>
  many(
    12,
    (next) =>
      `<rect x="${next() * side}" y="${next() * side * 1.25}" width="${side * 0.2}" height="${side * 0.012}" fill="#d62828"/>`,
  );

/** Of eyes, nose and mouth, in percent. */
export function faceShare(
  changed: Uint8Array,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
  face?: (typeof FACES)[string],
): number {
  if (!face) return 0;
  let [inFace, all] = [0, 0];
  for (let y = Math.round(face.y * heightPx); y < (face.y + face.h) * heightPx; y++)
    for (let x = Math.round(face.x * widthPx); x < (face.x + face.w) * widthPx; x++) {
      all++;
      inFace += changed[y * widthPx + x] ?? 0;
    }
  return Math.round((100 * inFace) / all);
}
