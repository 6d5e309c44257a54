import sharp from "sharp";
import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import type { Picture } from "../../src/domain/job.ts";
import { jobWith, orderWith, pictureOf } from "../commands/context.ts";
import { decisionOf, optionOf, outcomeOf } from "../commands/decisions.ts";

const KEY = `picks/${"d".repeat(16)}`;

/** A wide and a tall candidate, the second of which wins. */
function source() {
  const pictures: Picture[] = [
    [512, 256],
    [256, 512],
  ].map(([widthPx = 0, heightPx = 0], at) =>
    pictureOf(jobWith({ order: orderWith({ widthPx, heightPx }) }), 0, {
      number: 12 + at,
      imageId: `${String(at).repeat(16)}.0`,
    }),
  );
  const options = pictures.map(({ number, imageId }) => ({ id: optionOf(number), imageId }));
  const won = outcomeOf([optionOf(13)], {});
  const media = createMediaSource({
    store: {
      picture: async (imageId) => pictures.find((each) => each.imageId === imageId),
      picturesOf: async () => [],
      decision: async () => decisionOf("pick", { state: "passed", options, outcome: won }),
    },
    nowMs: () => 0,
    files: {
      original: async (imageId: string) => (imageId.startsWith("0") ? tinyPng(512, 256, "a") : tinyPng(256, 512, "b")),
    } as never,
    styles: new Map(),
    previewFolder: ".",
    drawStyle: async () => undefined,
    drawTemplate: async () => undefined,
    drawBrand: async () => undefined,
    documentOf: async () => undefined,
    previewOf: async () => undefined,
    seenBy: () => undefined,
    warm: { take: () => undefined },
  });
  return { media, pictures };
}

async function pixels(bytes: Uint8Array | undefined) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  return { ...info, at };
}

it("shows each candidate whole, beside each other, and frames the winner once it won", async () => {
  const { media } = source();
  const open = await pixels((await media(KEY))?.bytes);
  expect([open.width, open.height]).toEqual([1024, 512]);
  // Above the wide one and beside the tall one is plain ground: nothing was cut off to fill the cells.
  expect([open.at(256, 5), open.at(516, 256)]).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(open.at(256, 256)).not.toEqual([0, 0, 0]);
  const won = await pixels((await media(`${KEY}/won`))?.bytes);
  expect([won.at(2, 2), won.at(514, 2)]).toEqual([
    [0, 0, 0],
    [200, 16, 46],
  ]);
});

it("shows what is left at once when a candidate was deleted, and nothing when all were", async () => {
  const { media, pictures } = source();
  expect((await media(KEY, { shownPx: 200 }))?.mime).toBe("image/webp");
  const [first, second] = pictures;
  if (!first || !second) throw new Error("no pictures");
  const deleted = { atMs: 1, byName: "Ana" };
  pictures[0] = { ...first, deleted };
  expect((await pixels((await media(KEY))?.bytes)).width).toBe(256);
  pictures[1] = { ...second, deleted };
  expect(await media(KEY)).toBeUndefined();
});
