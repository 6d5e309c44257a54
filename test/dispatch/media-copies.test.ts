import sharp from "sharp";
import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { withPngText } from "../../src/lib/png.ts";
import { xmpOf } from "../../src/lib/xmp-mark.ts";
import { unmarked, withJpegManifest, withManifest } from "../unmarked.ts";

const jobId = jobIdOf("u");
const imageId = imageIdOf(jobId, 0);
const original = withPngText(tinyPng(512, 768, "x"), [{ keyword: "placard", text: "what its maker typed" }]);

/** One picture, and how often its file was read. */
function source(file: Uint8Array = original, sealed?: Uint8Array) {
  const picture = {
    number: 12,
    deleted: false as unknown,
    index: 0,
    order: { request: { widthPx: 512, heightPx: 768 } },
    recipe: { backend: "comfyui", request: {} },
  };
  let reads = 0;
  const media = createMediaSource({
    // Of a picture no more is asked.
    store: {
      picture: async () => picture as never,
      picturesOf: async () => [picture as never],
      decision: async () => undefined,
    },
    nowMs: Date.now,
    files: {
      original: async () => {
        reads += 1;
        return file;
      },
      sealed: async () => sealed,
    } as never,
    styles: new Map([["rca", { id: "rca" } as never]]),
    previewFolder: ".",
    drawStyle: async () => tinyPng(64, 64, "style"),
    drawTemplate: async () => undefined,
    drawBrand: async () => undefined,
    documentOf: async () => undefined,
    previewOf: async () => ({ jpeg: new Uint8Array([1, 2, 3]) }),
    seenBy: () => undefined,
    warm: { take: () => undefined },
  });
  return { media, reads: () => reads, remove: () => (picture.deleted = { byName: "Ada" }) };
}

it.each([
  [`picture/${imageId}/posted`, 320, 320, "placard-12.webp"],
  [`picture/${imageId}/thumb`, 480, 480, "placard-12.webp"],
  // Nothing is made larger than it is.
  [`picture/${imageId}/posted`, 1920, 512, "placard-12.webp"],
  [`grid/${jobId}`, 48, 48, "placard-12-grid.webp"],
])("gives %s at %d px as a WebP of %d, without the recipe", async (key, shownPx, widthPx, fileName) => {
  const { media } = source();
  const copy = await media(key, { shownPx });
  expect(copy).toMatchObject({ mime: "image/webp", fileName });
  const bytes = copy?.bytes ?? new Uint8Array();
  expect(await sharp(bytes).metadata()).toMatchObject({ format: "webp", width: widthPx });
  expect(Buffer.from(bytes).includes("maker")).toBe(false);
  expect(xmpOf(bytes)).toContain("/trainedAlgorithmicMedia");
});

it.each([
  [`picture/${imageId}/original`, "image/png"],
  [`preview/${jobId}/3`, "image/jpeg"],
  ["style/rca", "image/webp"],
])("gives %s as it is, however small it is shown", async (key, mime) => {
  const { media } = source();
  const whole = await media(key);
  expect(whole?.mime).toBe(mime);
  expect(await media(key, { shownPx: 48 })).toEqual(whole);
});

it("makes each copy once, for all who ask at once and later, and none of a deleted picture", async () => {
  const { media, reads, remove } = source();
  const key = `picture/${imageId}/posted`;
  const [first, second] = await Promise.all([media(key, { shownPx: 320 }), media(key, { shownPx: 320 })]);
  expect(await media(key, { shownPx: 320 })).toBe(first);
  expect(second).toBe(first);
  expect(reads()).toBe(1);
  expect(await media(key, { shownPx: 640 })).not.toBe(first);
  expect(reads()).toBe(2);
  remove();
  for (const gone of [key, `grid/${jobId}`]) expect(await media(gone, { shownPx: 320 })).toBeUndefined();
});

it("gives the file with the recipe of what is asked for as posted or small, and a sheet as it is", async () => {
  const { media } = source();
  for (const variant of ["posted", "thumb", "original"]) {
    const found = await media(`picture/${imageId}/${variant}`, "original");
    expect(found).toMatchObject({ mime: "image/png", fileName: "placard-12.png" });
    expect(unmarked(found?.bytes).equals(Buffer.from(original))).toBe(true);
    expect(xmpOf(found?.bytes ?? original)).toContain("/trainedAlgorithmicMedia");
  }
  expect(await media(`grid/${jobId}`, "original")).toBe(await media(`grid/${jobId}`));
});

it("gives what is posted with the mark and without the recipe, as it was made under the mark", async () => {
  const { media } = source();
  const posted = (await media(`picture/${imageId}/posted`))?.bytes ?? original;
  expect(Buffer.from(posted).includes("maker")).toBe(false);
  expect(xmpOf(posted)).toContain("/trainedAlgorithmicMedia");
  expect(unmarked(posted).equals(Buffer.from(tinyPng(512, 768, "x")))).toBe(true);
  expect(xmpOf((await media("style/rca"))?.bytes ?? original)).toContain("/algorithmicMedia");
});

it("leaves an original that a far end has signed as it is, and posts it with the mark", async () => {
  const { media } = source(withManifest(original));
  const whole = (await media(`picture/${imageId}/original`))?.bytes ?? original;
  expect(Buffer.from(whole).equals(withManifest(original))).toBe(true);
  const posted = (await media(`picture/${imageId}/posted`))?.bytes ?? original;
  expect(Buffer.from(posted).includes("caBX")).toBe(false);
  expect(xmpOf(posted)).toContain("/trainedAlgorithmicMedia");
});

it("gives the file that a far end has sealed as it came, where ours had to be made of it", async () => {
  const sealed = withJpegManifest(Buffer.from("ffd8ffd9", "hex"));
  const { media } = source(original, sealed);
  expect(await media(`picture/${imageId}/original`)).toEqual({
    bytes: sealed,
    mime: "image/jpeg",
    fileName: "placard-12.jpg",
  });
  expect((await media(`picture/${imageId}/posted`))?.mime).toBe("image/png");
});
