import sharp from "sharp";
import { expect } from "vitest";
import type { App } from "../../src/app/app.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { SetLettering } from "../../src/domain/lettering.ts";
import { decodeMediaKey } from "../../src/views/media-key.ts";
import { type GroupOptions, group } from "./harness.ts";

export const ORDER = '/rca a raised fist that says "Rent strike" letter:yes';

/** A group in which ana has ordered a lettered picture. */
export async function lettered(options: GroupOptions = {}) {
  const backend = fakeBackend();
  const made = await group({ backends: () => [backend], ...options });
  await made.chat.type("ana", ORDER);
  return { ...made, group: made, backend, first: await made.picture() };
}

export const sketchBackend = () =>
  fakeBackend({ name: "sketch", facts: { typeset: true, where: "here", costWeight: 0 } });

interface Shown {
  readonly view: { readonly image?: { readonly key: string } };
}

/** Every file of the picture that a message shows, and its row. */
export async function keptOf({ services: { files, store } }: App, { view }: Shown) {
  const key = decodeMediaKey(view.image?.key ?? "");
  if (key?.of !== "picture") throw new Error("no picture in this message");
  const { imageId } = key;
  const [original, plain, set, row] = await Promise.all([
    files.original(imageId),
    files.plain(imageId),
    files.lettering(imageId),
    store.picture(imageId),
  ]);
  return { imageId, original, plain, set, row };
}

export const wordsIn = (set: SetLettering | undefined): string | undefined =>
  set?.parts.flatMap((part) => (part.kind === "line" ? [part.text] : [])).join(" ");

export async function pixelsOf(bytes: Uint8Array | undefined) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height };
}

/** How many pixels differ, and how many of those lie farther from the set words than their outline may reach. */
export async function difference(
  one: Uint8Array | undefined,
  other: Uint8Array | undefined,
  sets: readonly (SetLettering | undefined)[],
) {
  const [a, b] = [await pixelsOf(one), await pixelsOf(other)];
  expect([b.widthPx, b.heightPx]).toEqual([a.widthPx, a.heightPx]);
  const reach = Math.min(a.widthPx, a.heightPx) * 0.03;
  const boxes = sets.flatMap((set) => set?.parts.map(({ box }) => box) ?? []);
  const isNear = (x: number, y: number) =>
    boxes.some(
      (box) => x >= box.x - reach && x <= box.x + box.w + reach && y >= box.y - reach && y <= box.y + box.h + reach,
    );
  // Where everything is near the words nothing would lie outside.
  const free = [0.05, 0.25, 0.5, 0.75, 0.95].flatMap((v) =>
    [0.05, 0.25, 0.5, 0.75, 0.95].filter((u) => !isNear(u * a.widthPx, v * a.heightPx)),
  );
  expect(free.length).toBeGreaterThan(5);
  let all = 0;
  let outside = 0;
  for (let at = 0; at < a.data.length; at += 3) {
    const same = [0, 1, 2].every((channel) => a.data[at + channel] === b.data[at + channel]);
    if (same) continue;
    all += 1;
    if (!isNear((at / 3) % a.widthPx, Math.floor(at / 3 / a.widthPx))) outside += 1;
  }
  return { all, outside };
}
