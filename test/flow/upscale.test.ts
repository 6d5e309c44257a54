import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../../src/backends/fake/options.ts";
import { type FakeBackend, fakeBackend } from "../../src/backends/fake.ts";
import { ourRecipe } from "../../src/domain/recipe-text.ts";
import { readPngText } from "../../src/lib/png.ts";
import { barSetter } from "../fakes/setter.ts";
import { lineOf, root } from "./deciding.ts";
import { type Group, group } from "./harness.ts";
import { keptOf, ORDER } from "./lettered.ts";

const MODEL = { features: { enlarges: { model: "RealESRGAN_x4plus" } } };

/** A group in which ana has ordered one small picture of one backend. */
async function drawn(
  options: FakeOptions = {},
  more: { readonly order?: string; readonly backends?: () => FakeBackend[] } = {},
) {
  const backend = fakeBackend({ usedMs: 1000, ...options });
  const made = await group({ backends: more.backends ?? (() => [backend]), setter: () => barSetter });
  await made.chat.type("ana", more.order ?? "/rca a raised fist size:256x384");
  return { ...made, group: made, backend, first: await made.picture() };
}

const balanceOf = async ({ app, clock }: Group, name: string) => {
  const { store, installation } = app.services;
  return (await store.account(`loopback:${name}`, installation.allowance, clock.nowMs())).bucket.balanceGpuMs;
};

const sizeOf = async (bytes: Uint8Array | undefined) => {
  const { width, height } = await sharp(bytes).metadata();
  return `${width}×${height}`;
};

describe("Upscale", () => {
  it("makes a child of twice the size without a model, for nothing, and says so; it can be done until 4096", async () => {
    const { first, chat, picture, backend, group: made } = await drawn();
    const before = await balanceOf(made, "bo");
    await chat.press("bo", first.ref.messageId, "Upscale");
    const second = await picture(2);
    expect(second.view.text).toContain("from #1 by bo: enlarged ×2");
    expect(second.view.text).toContain("512×768 px, resampled: no new detail");
    expect(second.view.image).toMatchObject({ widthPx: 512, heightPx: 768 });
    const { original, row } = await keptOf(made.app, second);
    expect(await sizeOf(original)).toBe("512×768");
    expect(row).toMatchObject({
      memberId: "loopback:bo",
      number: 2,
      recipe: {
        backend: "fake",
        request: { widthPx: 256, heightPx: 384 },
        size: { widthPx: 512, heightPx: 768 },
        enlarged: { by: "resampling", from: { widthPx: 256, heightPx: 384 } },
      },
      order: { lineage: { kind: "upscale", parentNumber: 1 } },
    });
    const [written] = await readPngText(original ?? new Uint8Array(), ["placard"]);
    expect(ourRecipe(written?.text ?? "")).toEqual(row?.recipe);
    expect([backend.calls.length, await balanceOf(made, "bo")]).toEqual([1, before]);
    // What is drawn from it is drawn as large as pictures are drawn.
    await chat.press("bo", second.ref.messageId, "Reroll");
    const third = await picture(3);
    expect(await sizeOf((await keptOf(made.app, third)).original)).toBe("256×384");
    expect(third.view.text).not.toContain("resampled");
    expect(chat.violations).toEqual([]);
  });

  it("is done by a model where there is one, at its price, in its lane, and is no measure of how quickly it draws", async () => {
    const { first, chat, picture, backend, group: made } = await drawn(MODEL);
    const { store, installation } = made.app.services;
    const speed = await store.speed("fake");
    await chat.press("bo", first.ref.messageId, "Upscale");
    const second = await picture(2);
    expect(second.view.text).toContain("512×768 px, made larger by the model fake 1: the test backend fake");
    expect(backend.calls[1]?.initBytes).toBeGreaterThan(0);
    const { row } = await keptOf(made.app, second);
    expect(row?.recipe).toMatchObject({
      enlarged: { by: "model", model: "fake 1", backend: "fake" },
      reproducible: true,
    });
    // Not by what is left: on a busy machine the allowance grows meanwhile.
    const { recent } = await store.account("loopback:bo", installation.allowance, made.clock.nowMs());
    expect(recent.map(({ usedGpuMs }) => usedGpuMs)).toEqual([1000]);
    expect(await store.speed("fake")).toEqual(speed);
    expect((await store.speed("fake enlarging"))?.perMegapixelStepMs).toBeCloseTo(1000 / (0.512 * 0.768), 0);
  });

  it("falls back to resampling where the model fails, refuses, or is away, free of charge, and says why", async () => {
    let mood: FakeOptions["mood"] = "ok";
    const {
      first,
      chat,
      picture,
      group: made,
    } = await drawn({ ...MODEL, mood: () => (typeof mood === "string" ? mood : "ok") });
    const before = await balanceOf(made, "bo");
    for (const [at, each] of (["rejected", "garbage", "offline"] as const).entries()) {
      mood = each;
      await chat.press("bo", first.ref.messageId, "Upscale");
      const { view } = await picture(2 + at);
      expect(view.text).toContain("resampled: no new detail");
      expect(view.text).toContain("the test backend fake ");
    }
    expect(await balanceOf(made, "bo")).toBe(before);
  });

  it("sets the words that stand on it anew, over the larger picture without them", async () => {
    const { first, chat, picture, group: made } = await drawn({}, { order: `${ORDER} size:256x256` });
    const before = await keptOf(made.app, first);
    await chat.press("bo", first.ref.messageId, "Upscale");
    const after = await keptOf(made.app, await picture(2));
    expect([await sizeOf(after.original), await sizeOf(after.plain)]).toEqual(["512×512", "512×512"]);
    const [small, large] = [before.set?.parts[0], after.set?.parts[0]];
    expect(after.set).toMatchObject({ widthPx: 512, heightPx: 512 });
    expect(large?.box).toEqual({
      x: 2 * (small?.box.x ?? 1),
      y: 2 * (small?.box.y ?? 1),
      w: 2 * (small?.box.w ?? 1),
      h: 2 * (small?.box.h ?? 1),
    });
    expect(after.row?.recipe.request.lettering).toEqual(before.row?.recipe.request.lettering);
    // Sharp to the pixel: a resampled edge would have grey beside it.
    const edge = await sharp(after.original)
      .extract({ left: 10, top: (large?.box.y ?? 0) - 1, width: 1, height: 2 })
      .removeAlpha()
      .raw()
      .toBuffer();
    const bare = await sharp(after.plain)
      .extract({ left: 10, top: (large?.box.y ?? 0) - 1, width: 1, height: 1 })
      .removeAlpha()
      .raw()
      .toBuffer();
    expect([...edge]).toEqual([...bare, 255, 255, 255]);
  });

  it("is put to the vote where the group votes on what it costs, and not where it costs nothing", async () => {
    const { first, chat, picture, group: made } = await drawn({ ...MODEL, facts: { where: "remote" } });
    await chat.type("root", "/settings spend:vote vote_on:upscale", root);
    await chat.press("bo", first.ref.messageId, "Upscale");
    const line = await lineOf(made, /^bo wants to have a picture made/);
    expect(made.pictures()).toHaveLength(1);
    await chat.press("root", line.ref.messageId, "Vote", root);
    expect((await picture(2)).view.text).toContain("made larger by the model");
    // Nothing may leave the house here: it costs nothing.
    await chat.type("root", "/settings remote:forbidden", root);
    await chat.press("bo", first.ref.messageId, "Upscale");
    const { text } = (await picture(3)).view;
    expect(text).toContain("resampled");
    expect(text).toContain("the test backend fake");
  });
});
