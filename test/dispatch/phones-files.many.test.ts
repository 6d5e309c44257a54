import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, expect, it } from "vitest";
import { Uploads } from "../../adapters/web/uploads.ts";
import { startingImage } from "../../src/dispatch/starting-image.ts";
import { GIVEN_IMAGE_MAX_BYTES, GIVEN_IMAGE_MAX_PIXELS } from "../../src/domain/given-image.ts";
import { imageKind } from "../../src/lib/image-kind.ts";
import { contextWith, fileOf } from "../commands/context.ts";
import { typed } from "../commands/parts.ts";
import { cases } from "../many.ts";
import { english } from "../words.ts";

// Files as phones and their apps send them, at every door that takes a picture. Discord, Telegram and the command line hand theirs
// to the same two: a picture to start from, and /info.

const folder = mkdtempSync(join(tmpdir(), "placard-phones-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const uploads = new Uploads(folder);

const DOORS: Readonly<Record<string, (bytes: Uint8Array) => Promise<string>>> = {
  "a picture to start from": async (bytes) => {
    const made = await startingImage(bytes);
    if (!made.ok) return english(made.problem).text;
    const { width, height, format } = await sharp(made.value).metadata();
    return `${format} ${width}×${height}`;
  },
  "the web chat's upload": async (bytes) => {
    const kept = await uploads.keep(bytes, "IMG_0001.jpg", "web:a");
    return kept.ok ? `${kept.value.mime} ${kept.value.widthPx}×${kept.value.heightPx}` : english(kept.problem).text;
  },
  "/info": async (bytes) => {
    const outcome = await typed("/info", contextWith({ attachments: [fileOf(bytes)] }));
    return outcome.do === "refuse" ? outcome.problem.text : outcome.do === "reply" ? outcome.view.text : outcome.do;
  },
};

const blank = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: "#406080" } });
const frames = (format: "gif" | "webp"): Promise<Buffer> =>
  Promise.all(
    ["red", "blue"].map((background) =>
      sharp({ create: { width: 320, height: 240, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  ).then((pages) =>
    sharp(pages, { join: { animated: true } })
      [format]()
      .toBuffer(),
  );
/** The head of a file whose codec is not here. */
const heic = Buffer.concat([
  Buffer.from("0000001866747970", "hex"),
  Buffer.from("heic\0\0\0\0mif1heic"),
  Buffer.alloc(400),
]);

const upright = { orientation: 6 } as const;
/** Phones hold their pictures turned: 3:4 is stored as 4:3. */
const FILES: Readonly<
  Record<string, { readonly bytes: () => Promise<Buffer>; readonly start: string; readonly kept: string }>
> = {
  "24 megapixels, upright": {
    bytes: () => blank(5712, 4284).withMetadata(upright).jpeg().toBuffer(),
    start: "png 1152×1536",
    kept: "image/jpeg 480×640",
  },
  "48 megapixels, upright": {
    bytes: () => blank(8064, 6048).toColourspace("b-w").withMetadata(upright).jpeg().toBuffer(),
    start: "png 1152×1536",
    kept: "image/jpeg 480×640",
  },
  AVIF: {
    bytes: () => blank(640, 480).avif({ effort: 0 }).toBuffer(),
    start: "png 640×480",
    kept: "image/avif 640×480",
  },
  "a GIF that moves": { bytes: () => frames("gif"), start: "png 320×240", kept: "image/gif 320×240" },
  "a WebP that moves": { bytes: () => frames("webp"), start: "png 320×240", kept: "image/webp 320×240" },
};

// Tens of megapixels take seconds to write and to read: the largest alone stands for them in `npm test`.
const tried = Object.entries(FILES).slice(cases(1, 0));
it.each(tried)("%s is taken at every door", async (_what, { bytes, start, kept }) => {
  const file = await bytes();
  const beforeBytes = process.memoryUsage.rss();
  expect(await DOORS["a picture to start from"]?.(file)).toBe(start);
  expect(await DOORS["the web chat's upload"]?.(file)).toBe(kept);
  expect(await DOORS["/info"]?.(file)).toMatch(/^This file says nothing about how it was made/u);
  // Whole, 24 megapixels in colour would take 73 MB, and the copy that is turned as much again.
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(100_000_000);
});

/** Files whose head tells other sides than they have: nothing of them is decoded. */
const large = await blank(64, 64).jpeg().toBuffer();
const frame = large.indexOf(Buffer.from("ffc0", "hex"));
large.writeUInt16BE(5600, frame + 5);
large.writeUInt16BE(9000, frame + 7);
const largeAvif = await blank(64, 64).avif({ effort: 0 }).toBuffer();
const sides = largeAvif.indexOf("ispe");
largeAvif.writeUInt32BE(4600, sides + 8);
largeAvif.writeUInt32BE(3000, sides + 12);

it.each(Object.keys(DOORS))("%s: what cannot be read is told how to come instead", async (door) => {
  const say = DOORS[door];
  expect(await say?.(heic)).toMatch(/^HEIC .*Most Compatible.*as a photo instead of a file.*screenshot/u);
  expect(await say?.(large)).toMatch(/at most 50 megapixels/u);
  expect(await say?.(largeAvif)).toMatch(/fewer in formats such as AVIF/u);
});

it("the largest of phones are within the limit", () => expect(8064 * 6048).toBeLessThan(GIVEN_IMAGE_MAX_PIXELS));

it("the page of the web chat has the same limit, and offers the same kinds", () => {
  const page = (file: string) => readFileSync(join(import.meta.dirname, `../../adapters/web/page/${file}`), "utf8");
  const [, megabytes] = /UPLOAD_MAX_MB = (\d+);/u.exec(page("attachment.js")) ?? [];
  expect(Number(megabytes) * 1024 * 1024).toBe(GIVEN_IMAGE_MAX_BYTES);
  // The last becomes one of the others before it is sent.
  expect(page("attachment.js")).toContain('"image/png,image/jpeg,image/webp,image/avif,image/gif,image/svg+xml"');
  for (const file of ["make/start-picture.js", "dialogs.js"]) expect(page(file)).toMatch(/accept=\$\{PICTURE_TYPES\}/u);
});

it.each([
  ["0000001c667479706d69663100000000617669666d696631", "avif"],
  ["00000018667479706865696300000000", "heic"],
  ["0000001866747970686569780000000068656978", "heic"],
  ["00000018667479706d73663100000000", "heic"],
  ["00000018667479706d703432000000006d703432", undefined],
  ["474946383961", "gif"],
  ["ffffffff66747970", undefined],
  ["", undefined],
])("%s begins a file of kind %s", (hex, kind) => expect(imageKind(Buffer.from(hex, "hex"))).toBe(kind));
