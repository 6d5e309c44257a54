import { readFile } from "node:fs/promises";
import { basename, resolve, sep } from "node:path";
import sharp from "sharp";
import { imageIdOf } from "../domain/ids.ts";
import type { Style } from "../domain/style.ts";
import { stripPng } from "../lib/png.ts";
import type { Media } from "../ports/chat.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import { decodeMediaKey, gridCell } from "../views/media-key.ts";

const THUMB_WIDTH_PX = 320;
const MAX_PIXELS = 16_000_000;
const PREVIEW_MAX_BYTES = 8 * 1024 * 1024;
/** Thumbnails and grids are made on demand; this many stay in memory. */
const KEPT = 200;

/**
 * Resolves the keys of views to bytes. Deleted pictures are gone at once, whatever the disk still holds.
 *
 * @param drawStyle draws a style's example where its gallery names no picture file
 */
export function createMediaSource(deps: {
  readonly store: Pick<Store, "picture" | "picturesOf">;
  readonly files: PictureFiles;
  readonly styles: ReadonlyMap<string, Style>;
  readonly previewFolder: string;
  readonly drawStyle: (style: Style) => Promise<Uint8Array | undefined>;
  /** The newest unfinished picture of a running job. */
  readonly previewOf: (jobId: string) => { readonly jpeg: Uint8Array } | undefined;
}): (key: string) => Promise<Media | undefined> {
  const kept = new Map<string, Promise<Media | undefined>>();

  const alive = async (imageId: string): Promise<Uint8Array | undefined> => {
    const picture = await deps.store.picture(imageId);
    return picture && !picture.deleted ? deps.files.original(imageId) : undefined;
  };
  const thumb = (bytes: Uint8Array) =>
    sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .resize({ width: THUMB_WIDTH_PX, withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  const keep = (key: string, make: () => Promise<Media | undefined>) => {
    const known = kept.get(key);
    if (known) return known;
    const made = make();
    kept.set(key, made);
    made.then(
      (media) => media ?? kept.delete(key),
      () => kept.delete(key),
    );
    const oldest = kept.keys().next();
    if (kept.size > KEPT && oldest.done !== true) kept.delete(oldest.value);
    return made;
  };

  async function grid(jobId: string): Promise<Media | undefined> {
    const pictures = (await deps.store.picturesOf(jobId)).filter((picture) => !picture.deleted);
    const tiles = (await Promise.all(pictures.map(({ index }) => deps.files.original(imageIdOf(jobId, index))))).filter(
      (bytes) => bytes !== undefined,
    );
    const first = pictures[0];
    if (!first || tiles.length !== pictures.length) return undefined;
    const { widthPx, heightPx } = gridCell(first.order.request);
    const columns = Math.min(2, tiles.length);
    const cells = await Promise.all(
      tiles.map((bytes) => sharp(bytes, { limitInputPixels: MAX_PIXELS }).resize(widthPx, heightPx).toBuffer()),
    );
    const bytes = await sharp({
      create: {
        width: widthPx * columns,
        height: heightPx * Math.ceil(tiles.length / columns),
        channels: 3,
        background: "#000",
      },
    })
      .composite(
        cells.map((input, at) => ({ input, left: (at % columns) * widthPx, top: Math.floor(at / columns) * heightPx })),
      )
      .png()
      .toBuffer();
    return { bytes, mime: "image/png", fileName: `placard-${first.number}-grid.png` };
  }

  async function preview(style: Style): Promise<Media | undefined> {
    const file =
      style.preview === undefined || /^[a-z]+:/i.test(style.preview)
        ? undefined
        : resolve(deps.previewFolder, style.preview);
    // Only files beside the gallery: a gallery file from elsewhere must not show this machine's pictures.
    const own = file?.startsWith(resolve(deps.previewFolder) + sep)
      ? await readFile(file).catch(() => undefined)
      : undefined;
    const bytes = own && own.length <= PREVIEW_MAX_BYTES ? own : await deps.drawStyle(style);
    return bytes && { bytes: await thumb(bytes), mime: "image/webp", fileName: `${basename(style.id)}.webp` };
  }

  return async (text) => {
    const key = decodeMediaKey(text);
    if (!key) return undefined;
    switch (key.of) {
      case "preview": {
        // An older version gives the newest: by the time it is asked for, the picture has moved on.
        const found = deps.previewOf(key.jobId);
        return found && { bytes: found.jpeg, mime: "image/jpeg", fileName: "placard-unfinished.jpg" };
      }
      case "grid": {
        // Checked before the cache: a deleted picture must be gone at once.
        const pictures = await deps.store.picturesOf(key.jobId);
        return pictures.some((picture) => !picture.deleted) ? keep(text, () => grid(key.jobId)) : undefined;
      }
      case "style": {
        const style = deps.styles.get(key.styleId);
        return style && keep(text, () => preview(style));
      }
      case "picture": {
        const bytes = await alive(key.imageId);
        if (!bytes) return undefined;
        const number = (await deps.store.picture(key.imageId))?.number ?? 0;
        switch (key.variant) {
          case "original":
            return { bytes, mime: "image/png", fileName: `placard-${number}.png` };
          case "posted":
            return { bytes: stripPng(bytes), mime: "image/png", fileName: `placard-${number}.png` };
          case "thumb":
            return keep(text, async () => ({
              bytes: await thumb(bytes),
              mime: "image/webp",
              fileName: `placard-${number}.webp`,
            }));
        }
      }
    }
  };
}
