import { mkdirSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { loadBackends, OWN_PARTS } from "../app/load.ts";
import { createModules } from "../app/modules.ts";
import type { ImageRequest } from "../domain/recipe.ts";
import { styleSchema } from "../domain/style.ts";
import { lookingOnly } from "./doctor/looking.ts";
import { GALLERY_PROMPTS, GALLERY_SEEDS } from "./gallery-prompts.ts";

/** Writes the contact sheet that docs/pictures/sketch.md shows: twelve prompts, four seeds each. `npm run gallery [FILE]` */
const file = process.argv[2] ?? "test/gallery/contact-sheet.webp";
const COLUMNS = 8;
const TILE = { widthPx: 208, heightPx: 304 };
const GAP_PX = 10;

const style = styleSchema.parse({ id: "sketch", title: "Sketch" });
const sketches = (await loadBackends(OWN_PARTS)).filter(({ file }) => file === "sketch");
const [sketch] = await createModules(
  sketches,
  {},
  () => lookingOnly({}, [style]),
  (_part, sentence) => console.error(sentence),
);

async function drawn(request: ImageRequest): Promise<Uint8Array> {
  const { signal } = new AbortController();
  for await (const event of sketch?.generate({ request, style, signal }) ?? [])
    if (event.type === "image") return event.bytes;
  throw new Error("the sketch drew nothing");
}

const pictures = GALLERY_PROMPTS.flatMap((prompt) => GALLERY_SEEDS.map((seed) => ({ prompt, seed })));
const tiles: Buffer[] = [];
for (const { prompt, seed } of pictures) {
  const png = await drawn({
    prompt,
    finalPrompt: prompt,
    styleId: style.id,
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps: 28,
    seed,
    widthPx: 832,
    heightPx: 1216,
  });
  tiles.push(await sharp(png).resize(TILE.widthPx, TILE.heightPx).png().toBuffer());
}

await sketch?.close();

const rows = Math.ceil(tiles.length / COLUMNS);
mkdirSync("test/gallery", { recursive: true });
const sheet = await sharp({
  create: {
    width: COLUMNS * (TILE.widthPx + GAP_PX) + GAP_PX,
    height: rows * (TILE.heightPx + GAP_PX) + GAP_PX,
    channels: 3,
    background: "#ffffff",
  },
})
  .composite(
    tiles.map((input, index) => ({
      input,
      left: GAP_PX + (index % COLUMNS) * (TILE.widthPx + GAP_PX),
      top: GAP_PX + Math.floor(index / COLUMNS) * (TILE.heightPx + GAP_PX),
    })),
  )
  .webp({ quality: 82 })
  .toBuffer();
writeFileSync(file, sheet);
console.log(`${tiles.length} posters, ${sheet.length} bytes: ${file}`);
