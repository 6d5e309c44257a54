import { mkdirSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { loadBackends, OWN_PARTS } from "../app/load.ts";
import { createModules } from "../app/modules.ts";
import { loadStyles } from "../app/style-gallery.ts";
import type { ImageRequest } from "../domain/recipe.ts";
import { type Style, styleSchema } from "../domain/style.ts";
import { finalPromptOf } from "../features/draw/order.ts";
import { lookingOnly } from "./doctor/looking.ts";
import { GALLERY_PROMPTS, GALLERY_SEEDS } from "./gallery-prompts.ts";

/**
 * Writes the contact sheets that docs/pictures/sketch.md shows: twelve prompts, four seeds each, and every style of
 * styles.json with the seeds 1 to 12. `npm run gallery [prompts|styles [FILE]]`; default: both.
 */
const [wanted, given] = process.argv.slice(2);
const GAP_PX = 10;

interface Sheet {
  readonly file: string;
  readonly columns: number;
  readonly tileWidthPx: number;
  /** Of WebP, 1 to 100. */
  readonly quality: number;
  readonly pictures: readonly { readonly prompt: string; readonly style: Style; readonly seed: number }[];
}

const noStyle = styleSchema.parse({ id: "sketch", title: "Sketch" });
const sketches = (await loadBackends(OWN_PARTS)).filter(({ file }) => file === "sketch");
const [sketch] = await createModules(
  sketches,
  {},
  () => lookingOnly({}, [noStyle]),
  (_part, sentence) => console.error(sentence),
);

async function drawn(style: Style, request: ImageRequest): Promise<Uint8Array> {
  const { signal } = new AbortController();
  for await (const event of sketch?.generate({ request, style, signal }) ?? [])
    if (event.type === "image") return event.bytes;
  throw new Error("the sketch drew nothing");
}

async function tileOf({ prompt, style, seed }: Sheet["pictures"][number], tileWidthPx: number) {
  const { scale, cfg, steps, width, height } = style.defaults;
  const png = await drawn(style, {
    prompt,
    finalPrompt: finalPromptOf(prompt, style, scale),
    styleId: style.id,
    loraScale: scale,
    guidance: cfg,
    trueCfg: 1,
    steps,
    seed,
    widthPx: width,
    heightPx: height,
  });
  return sharp(png).resize({ width: tileWidthPx }).png().toBuffer({ resolveWithObject: true });
}

async function write({ file, columns, tileWidthPx, quality, pictures }: Sheet): Promise<void> {
  const placed: { readonly input: Buffer; readonly left: number; readonly top: number }[] = [];
  let top = GAP_PX;
  for (let row = 0; row * columns < pictures.length; row++) {
    let heightPx = 0;
    for (const [column, picture] of pictures.slice(row * columns, (row + 1) * columns).entries()) {
      const { data, info } = await tileOf(picture, tileWidthPx);
      placed.push({ input: data, left: GAP_PX + column * (tileWidthPx + GAP_PX), top });
      heightPx = Math.max(heightPx, info.height);
    }
    top += heightPx + GAP_PX;
  }
  mkdirSync("test/gallery", { recursive: true });
  const width = columns * (tileWidthPx + GAP_PX) + GAP_PX;
  const sheet = await sharp({ create: { width, height: top, channels: 3, background: "#ffffff" } })
    .composite(placed)
    .webp({ quality })
    .toBuffer();
  writeFileSync(file, sheet);
  console.log(`${placed.length} posters, ${sheet.length} bytes: ${file}`);
}

const { styles } = await loadStyles("styles.json");
const STYLE_SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const sheets: Readonly<Record<string, Sheet>> = {
  prompts: {
    file: given ?? "test/gallery/contact-sheet.webp",
    columns: 8,
    tileWidthPx: 208,
    quality: 82,
    pictures: GALLERY_PROMPTS.flatMap((prompt) => GALLERY_SEEDS.map((seed) => ({ prompt, style: noStyle, seed }))),
  },
  styles: {
    file: given ?? "test/gallery/styles.webp",
    columns: STYLE_SEEDS.length,
    tileWidthPx: 120,
    quality: 44,
    pictures: styles.flatMap((style) =>
      STYLE_SEEDS.map((seed) => ({ prompt: style.examples.at(seed % 2) ?? style.title, style, seed })),
    ),
  },
};
const chosen = wanted === undefined ? Object.values(sheets) : [sheets[wanted]];
for (const sheet of chosen) {
  if (sheet) await write(sheet);
  else console.error(`no sheet ${wanted}; there are: ${Object.keys(sheets).join(", ")}`);
}
await sketch?.close();
