import { writeFileSync } from "node:fs";
import sharp, { type OverlayOptions } from "sharp";
import { loadTemplates } from "../../src/app/template-gallery.ts";
import type { Branding } from "../../src/domain/lettering.ts";
import { examplesOf, type FilledSlots, promptOfTemplate } from "../../src/domain/template.ts";
import { makeLogo } from "../../src/typesetter/logo/make-logo.ts";
import { letter } from "../../src/typesetter/overlay/letter.ts";
import { layerOfPrompt } from "../../src/typesetter/overlay/words.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { BACKGROUNDS } from "../typesetter/backgrounds.ts";
import { requestOf } from "../typesetter/layouts.ts";

// node test/gallery/brand-sheet.ts [FILE [SIDE]]: three brands, two rows each: as the sketch draws them, and over a photograph.
const [file = "test/gallery/brands.webp", side = "220"] = process.argv.slice(2);
const TILE_PX = Number(side);
const GAP_PX = 6;
const SIZES = { poster: [832, 1216], slide: [1344, 768], square: [1024, 1024] } as const;

const svg = (body: string, view = "0 0 200 200"): Uint8Array =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}">${body}</svg>`);
const BRANDS = [
  {
    colours: { ink: "#f4f1e8", ground: "#12343b" },
    font: "slab",
    logo: svg('<circle cx="100" cy="100" r="90" fill="#f4f1e8"/><path d="M60 120L100 50l40 70z" fill="#c8102e"/>'),
  },
  {
    colours: { ink: "#1a1a1a", ground: "#ffdd00" },
    font: "grotesk",
    logo: svg(
      '<path d="M0 0h60v60h-60zM80 0h60v60h-60zM160 0h60v60h-60z" fill="#1a1a1a"/><path d="M0 75h220v18h-220z" fill="#d3261c"/>',
      "0 0 220 93",
    ),
  },
  {
    colours: { ink: "#39ff14", ground: "#6a0dad" },
    font: "marker",
    logo: svg('<path d="M100 5l28 62 67 7-50 46 14 67-59-34-59 34 14-67-50-46 67-7z" fill="#ff00aa"/>'),
  },
] as const;
const ARABIC: FilledSlots = {
  title: "لا لرفع الإيجارات",
  when: "السبت 14:00",
  where: "ساحة السوق",
  link: "example.org/rally",
};

const { templates } = await loadTemplates();
const chosen = ["rally", "meeting", "agenda", "quote", "benefit"].flatMap(
  (id) => templates.find((template) => template.id === id) ?? [],
);
const columns = [
  ...chosen.map((template) => ({ template, filled: examplesOf(template) })),
  ...chosen.slice(0, 1).map((template) => ({ template, filled: ARABIC })),
];
const photos = Object.values(BACKGROUNDS);

const placed: OverlayOptions[] = [];
let row = 0;
const rowPx = Math.round(TILE_PX * 1.3);
for (const [at, { colours, font, logo: source }] of BRANDS.entries()) {
  const logo = await makeLogo(source);
  if (!logo.ok) throw new Error(logo.fault);
  const { png, widthPx, heightPx } = logo;
  const brand: Branding = { colours: { ...colours }, font, logo: { key: "logo/0000000000000000", widthPx, heightPx } };
  for (const over of [false, true]) {
    for (const [column, { template, filled }] of columns.entries()) {
      const [w, h] = SIZES[template.shape];
      const prompt = promptOfTemplate(template, filled);
      const layer = layerOfPrompt(prompt);
      if (!layer) throw new Error(prompt);
      const background = photos[(at * 5 + column * 3) % photos.length];
      const picture = over && background ? await background(Math.max(w, h)) : undefined;
      const made = picture
        ? await letter({
            picture: new Uint8Array(await sharp(picture).resize(w, h).png().toBuffer()),
            words: { layer: { ...layer, ...brand } },
            logo: png,
          })
        : await draw({
            request: { ...requestOf(prompt, { widthPx: w, heightPx: h, seed: 3 + at }), brand },
            trigger: "",
            initBytes: undefined,
            logo: png,
          });
      const tile = await sharp(made.png).resize(TILE_PX, rowPx, { fit: "contain", background: "#dddddd" }).toBuffer();
      placed.push({ input: tile, left: GAP_PX + column * (TILE_PX + GAP_PX), top: GAP_PX + row * (rowPx + GAP_PX) });
    }
    row++;
  }
}
const width = columns.length * (TILE_PX + GAP_PX) + GAP_PX;
const height = row * (rowPx + GAP_PX) + GAP_PX;
const sheet = await sharp({ create: { width, height, channels: 3, background: "#dddddd" } })
  .composite(placed)
  .webp({ quality: 60 })
  .toBuffer();
writeFileSync(file, sheet);
process.stdout.write(`${placed.length} posters, ${sheet.length} bytes: ${file}\n`);
