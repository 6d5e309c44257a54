import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { media, PICTURE, png, stored } from "./picture.ts";
import { acknowledged, PRIVATE, PUBLIC, started } from "./rig.ts";

describe("pictures", () => {
  it("fit the place: smaller where it takes less, and said", async () => {
    const world = await started({ events: { media } });
    world.guild.attachmentMaxBytes = Math.floor(png.length * 0.8);
    const target = await acknowledged(world);
    const ref = await world.adapter.post(target, { text: "Seed 7", image: PICTURE }, PUBLIC("j.1"));
    const shown = world.fake.message(ref.messageId);
    expect(shown?.files).toMatchObject([{ name: "placard-12.webp", mime: "image/webp", alt: "a red fox" }]);
    expect(shown?.text).toContain("Shown as WebP");
  });
  it("step down once more when Discord still finds them too large", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    // What the interaction said is no longer true.
    world.guild.attachmentMaxBytes = Math.floor(png.length * 0.5);
    await world.guild.member("carl");
    const big = await sharp(randomBytes(1800 * 1800 * 3), { raw: { width: 1800, height: 1800, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(big.length).toBeLessThan(10 * 1024 * 1024);
    world.guild.attachmentMaxBytes = 6_500_000;
    const events = { media: async () => ({ bytes: big, mime: "image/png", fileName: "big.png" }) };
    Object.assign(world.received.events, events);
    const ref = await world.adapter.post(target, { text: "Seed 7", image: PICTURE }, PUBLIC("j.1"));
    expect(world.fake.message(ref.messageId)?.files[0]?.mime).toBe("image/webp");
  });
  it("step down below what was refused, however far that is below the limit", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    // Far below 30 % of the 10 MB that the interaction promised.
    world.guild.attachmentMaxBytes = Math.floor(png.length * 0.55);
    const ref = await world.adapter.post(target, { text: "Seed 7", image: PICTURE }, PUBLIC("j.1"));
    const [file] = world.fake.message(ref.messageId)?.files ?? [];
    expect([file?.mime, (file?.bytes.length ?? Number.POSITIVE_INFINITY) <= world.guild.attachmentMaxBytes]).toEqual([
      "image/webp",
      true,
    ]);
  });
  it("are covered where the chat wants it", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const ref = await world.adapter.post(
      target,
      { text: "Seed 7", image: { ...PICTURE, spoiler: true } },
      PUBLIC("j.1"),
    );
    expect(world.fake.message(ref.messageId)?.files).toMatchObject([{ name: "SPOILER_placard-12.png", spoiler: true }]);
  });
  it("stand once in a gallery whose answer is written by an earlier process and this one", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const tiles = Array.from({ length: 9 }, (_, at) => ({ title: `#${at}`, text: "", image: PICTURE }));
    const ref = await world.adapter.post(target, { text: "History", tiles }, PUBLIC("r.1"));
    await world.adapter.stop();
    const next = await world.next();
    expect(await next.post(stored(target), { text: "History", tiles }, PUBLIC("r.1"))).toEqual(ref);
    expect(world.fake.message(ref.messageId)?.files).toHaveLength(9);
  });
  it("stand beside their texts in a gallery", async () => {
    const world = await started({ events: { media } });
    const target = await acknowledged(world);
    const tiles = [1, 2, 3].map((at) => ({
      title: `#${at}`,
      text: "x",
      image: { ...PICTURE, key: `picture/${at}` },
      fill: "/info",
    }));
    const ref = await world.adapter.post(target, { text: "Styles", tiles }, PRIVATE("r.1"));
    const seen = world.ann.sees(world.channel).find(({ id }) => id === ref.messageId);
    expect(seen?.files.map(({ shownIn, alt }) => [shownIn, alt])).toEqual(Array(3).fill(["embed", "a red fox"]));
    expect(seen?.text).toMatch(/<\/info:\d+>/);
  });
});

describe("nobody is called", () => {
  it("by a prompt full of mentions", async () => {
    const world = await started();
    const target = await acknowledged(world);
    const ref = await world.adapter.post(
      target,
      { text: `@everyone @here <@${world.bob.id}> <@&${world.guild.id}>` },
      PUBLIC("j.1"),
    );
    expect(world.fake.message(ref.messageId)?.pings).toEqual({ everyone: false, userIds: [], roleIds: [] });
  });
});
