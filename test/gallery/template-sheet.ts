import { writeFileSync } from "node:fs";
import sharp, { type OverlayOptions } from "sharp";
import { loadTemplates } from "../../src/app/template-gallery.ts";
import { examplesOf, promptOfTemplate } from "../../src/domain/template.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { requestOf } from "../typesetter/layouts.ts";

// node test/gallery/template-sheet.ts [FILE]: every template with its own examples, as the sketch draws it.
const [file = "test/gallery/templates.webp"] = process.argv.slice(2);
const TILE_PX = 300;
const GAP_PX = 8;
const COLUMNS = 5;
const SIZES = { poster: [832, 1216], slide: [1344, 768], square: [1024, 1024] } as const;

const placed: OverlayOptions[] = [];
const { templates } = await loadTemplates();
for (const [index, template] of templates.entries()) {
  const [widthPx, heightPx] = SIZES[template.shape];
  const request = requestOf(promptOfTemplate(template, examplesOf(template)), { widthPx, heightPx, seed: 3 });
  const { png } = await draw({ request, trigger: "", initBytes: undefined });
  const { data } = await sharp(png)
    .resize(TILE_PX, TILE_PX * 1.46, { fit: "contain", background: "#dddddd" })
    .png()
    .toBuffer({ resolveWithObject: true });
  placed.push({
    input: data,
    left: GAP_PX + (index % COLUMNS) * (TILE_PX + GAP_PX),
    top: GAP_PX + Math.floor(index / COLUMNS) * (TILE_PX * 1.46 + GAP_PX),
  });
}
const width = COLUMNS * (TILE_PX + GAP_PX) + GAP_PX;
const height = Math.ceil(templates.length / COLUMNS) * (TILE_PX * 1.46 + GAP_PX) + GAP_PX;
const sheet = await sharp({ create: { width, height, channels: 3, background: "#dddddd" } })
  .composite(placed)
  .webp({ quality: 60 })
  .toBuffer();
writeFileSync(file, sheet);
process.stdout.write(`${placed.length} posters, ${sheet.length} bytes: ${file}\n`);
