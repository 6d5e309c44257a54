import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import { imageIdOf, jobIdOf } from "../../src/domain/ids.ts";
import { withPngText } from "../../src/lib/png.ts";

const imageId = imageIdOf(jobIdOf("u"), 0);
const posted = tinyPng(64, 64, "x");

/** A picture that was made just now. */
function source(deleted: boolean) {
  const read: string[] = [];
  let warm: Uint8Array | undefined = posted;
  const media = createMediaSource({
    // Of a picture no more is asked.
    store: {
      picture: async () => ({ number: 12, deleted, recipe: { backend: "comfyui", request: {} } }) as never,
      picturesOf: async () => [],
      decision: async () => undefined,
    },
    nowMs: Date.now,
    files: {
      sealed: async () => undefined,
      original: async (id: string) => {
        read.push(id);
        return withPngText(posted, [{ keyword: "placard", text: "{}" }]);
      },
    } as never,
    styles: new Map(),
    previewFolder: ".",
    drawStyle: async () => undefined,
    drawTemplate: async () => undefined,
    drawBrand: async () => undefined,
    documentOf: async () => undefined,
    previewOf: async () => undefined,
    seenBy: () => undefined,
    warm: {
      take() {
        const taken = warm;
        warm = undefined;
        return taken;
      },
    },
  });
  return { media, read };
}

it("gives what was written just now from memory, once, and the very same from the disk", async () => {
  const { media, read } = source(false);
  const first = await media(`picture/${imageId}/posted`);
  expect(first).toMatchObject({ mime: "image/png", fileName: "placard-12.png" });
  expect(read).toEqual([]);
  const second = await media(`picture/${imageId}/posted`);
  expect(read).toEqual([imageId]);
  expect(second).toEqual({ ...first, bytes: expect.anything() });
  expect(Buffer.from(second?.bytes ?? []).equals(Buffer.from(first?.bytes ?? []))).toBe(true);
});

it("gives the original from the disk: what is warm has no recipe", async () => {
  const { media, read } = source(false);
  const original = await media(`picture/${imageId}/original`);
  expect(read).toEqual([imageId]);
  expect(original?.bytes.length).toBeGreaterThan(posted.length);
});

it("gives nothing of a deleted picture, warm as it is", async () => {
  const { media, read } = source(true);
  expect(await media(`picture/${imageId}/posted`)).toBeUndefined();
  expect(read).toEqual([]);
});
