import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { createMediaSource } from "../../src/dispatch/media-source.ts";
import type { Picture } from "../../src/domain/job.ts";
import type { Withheld } from "../../src/domain/withheld.ts";
import { encodeMediaKey } from "../../src/views/media-key.ts";
import { jobWith, NOW_MS, pictureOf } from "../commands/context.ts";

const TOKEN = "2.seen.abcdefghijklmnop.0..AAAAAAAAAAA";
const job = jobWith();

function source(deleted?: Picture["deleted"]) {
  const picture = pictureOf(job, 0, deleted ? { deleted } : {});
  return createMediaSource({
    store: { picture: async () => picture, picturesOf: async () => [picture], decision: async () => undefined },
    nowMs: () => NOW_MS,
    files: { original: async () => tinyPng(512, 768, "x") } as never,
    styles: new Map(),
    previewFolder: ".",
    drawStyle: async () => undefined,
    drawTemplate: async () => undefined,
    drawBrand: async () => undefined,
    previewOf: async () => ({ jpeg: new Uint8Array([1]) }),
    documentOf: async () => undefined,
    seenBy: (token) => (token === TOKEN ? picture.imageId : undefined),
    warm: { take: () => undefined },
  });
}
const away = (state: Withheld["state"]) => ({
  atMs: NOW_MS,
  byName: "",
  withheld: { state, why: { kind: "all" as const } },
});
const held = encodeMediaKey({ of: "held", token: TOKEN });

it("gives what waits for a moderator by no key that others have, not even unfinished", async () => {
  const media = source(away("held"));
  const { imageId, jobId } = pictureOf(job);
  for (const variant of ["posted", "thumb", "original", "plain"] as const)
    expect(await media(encodeMediaKey({ of: "picture", imageId, variant })), variant).toBeUndefined();
  expect(await media(encodeMediaKey({ of: "grid", jobId }))).toBeUndefined();
  expect(await media(encodeMediaKey({ of: "preview", jobId, version: 1 }))).toBeUndefined();
  expect(await media("held/2.seen.abcdefghijklmnop.0..BBBBBBBBBBB")).toBeUndefined();
  expect((await media(held))?.mime).toBe("image/webp");
});

it("gives it to nobody any more once it is refused or withdrawn, and by its own key once it is shown", async () => {
  for (const state of ["refused", "withdrawn"] as const) expect(await source(away(state))(held), state).toBeUndefined();
  expect(await source({ atMs: NOW_MS, byName: "Ana" })(held)).toBeUndefined();
  expect(await source()(held)).toBeUndefined();
});
