import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { imageIdOf } from "../../src/domain/ids.ts";
import { ourRecipe, RECIPE_KEYWORD } from "../../src/domain/recipe-text.ts";
import { readPngText } from "../../src/lib/png.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { group } from "./harness.ts";

const GROUND = { r: 244, g: 234, b: 213 };
const poster = await sharp({ create: { width: 320, height: 480, channels: 3, background: GROUND } })
  .composite([{ input: { create: { width: 100, height: 100, channels: 3, background: "red" } }, left: 30, top: 30 }])
  .png()
  .toBuffer();

const backend = (): Backend => ({
  ...fakeBackend(),
  drawnBy: "model",
  async *generate() {
    yield { type: "image", bytes: poster, model: "dev", ownSize: true, notes: [] };
  },
});

/** Around all pixels that are not the poster's; `undefined`: none. */
async function changedIn(bytes: Uint8Array) {
  const [whole, before] = await Promise.all(
    [bytes, poster].map((each) => sharp(each).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
  );
  if (!whole || !before) throw new Error("no picture");
  const { width, height } = whole.info;
  expect([width, height]).toEqual([before.info.width, before.info.height]);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 0; at < whole.data.length; at += 1) {
    if (whole.data[at] === before.data[at]) continue;
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right === 0 ? undefined : { left, top, right, bottom };
}

async function recipeIn(png: Uint8Array) {
  const [said] = await readPngText(png, [RECIPE_KEYWORD]);
  return said && ourRecipe(said.text);
}

describe("a label in a corner", () => {
  it("stands on what is posted and downloaded from then on, in no stored picture, and changes nothing else", async () => {
    const { app, chat, picture } = await group({ backends: () => [backend()] });
    const seen = async (n: number) => {
      await chat.type("ana", "/rca a red fox");
      const { ref } = await picture(n);
      const found = await app.services.store.jobByMessage(ref.place, ref.messageId);
      const imageId = imageIdOf(found?.job.jobId ?? "", 0);
      const media = async (variant: string) => (await app.media(`picture/${imageId}/${variant}`))?.bytes ?? Buffer.of();
      const kept = (await app.services.files.original(imageId)) ?? Buffer.of();
      expect(await changedIn(kept)).toBeUndefined();
      return { posted: await media("posted"), original: await media("original"), kept };
    };
    const plain = await seen(1);
    expect(await changedIn(plain.posted)).toBeUndefined();
    await chat.type("root", "/settings label:text", { admin: true });
    const worded = await seen(2);
    const words = await changedIn(worded.posted);
    expect(words?.right).toBeGreaterThan(300);
    expect(words?.bottom).toBeGreaterThan(460);
    expect(words?.left).toBeGreaterThan(160);
    expect(words?.top).toBeGreaterThan(430);
    expect(await changedIn(worded.original)).toEqual(words);
    expect(await recipeIn(worded.original)).toMatchObject({ model: "dev" });
    expect(await recipeIn(worded.original)).toEqual(await recipeIn(worded.kept));
    expect(await recipeIn(worded.posted)).toBeUndefined();
    await chat.type("root", "/settings label:icon", { admin: true });
    const letters = await changedIn((await seen(3)).posted);
    expect(letters?.left).toBeGreaterThan((words?.left ?? 320) + 20);
    await chat.type("root", "/settings label:off", { admin: true });
    expect(await changedIn((await seen(4)).posted)).toBeUndefined();
  });
});
