import sharp from "sharp";
import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createSetter } from "../../src/jobs/lettering/setter.ts";
import { inAGroup, picture, said } from "../adapters/telegram/app.ts";
import { as, ask, joinAs, say } from "../adapters/web-client.ts";
import { openSketch } from "../backends/sketch-rig.ts";
import { logoSeen } from "../referees/logo.ts";
import { discordWorld, SOON } from "./discord-world.ts";
import { group } from "./harness.ts";
import { keptOf } from "./lettered.ts";
import { world } from "./web-group.ts";

// A brand on each platform, and what stands on the pictures: judged by their pixels.

const star = (fill: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><path d="M100 5l28 62 67 7-50 46 14 67-59-34-59 34 14-67-50-46 67-7z" fill="${fill}"/></svg>`,
  );
const POSTER = "/poster template:rally title:No rent rise when:Saturday 14:00 link:example.org/rally";
const BRANDS = [
  { name: "light on dark", ink: "#f4f1e8", ground: "#12343b", logo: "#f4f1e8", font: "slab" },
  { name: "dark on light", ink: "#1a1a1a", ground: "#ffdd00", logo: "#1a1a1a", font: "grotesk" },
  { name: "garish", ink: "#39ff14", ground: "#6a0dad", logo: "#ff00aa", font: "marker" },
] as const;

it.each(BRANDS)(
  "$name: logo and colours are on the model's picture and on the sketch's, and can be seen",
  async (brand) => {
    const setter = createSetter();
    const drawn = await openSketch();
    const made = await group({ backends: () => [fakeBackend(), drawn], setter: () => setter });
    const { chat } = made;
    const { ink, ground, font } = brand;
    const attachments = [{ name: "star.svg", mime: "image/svg+xml", bytes: star(brand.logo) }];
    await chat.type("ana", `/brand ink:${ink} ground:${ground} font:${font}`, { admin: true, attachments });
    await chat.type("ana", POSTER);
    await made.picture(2);
    for (const shown of made.pictures()) {
      const { original, row } = await keptOf(made.app, shown);
      const seen = await logoSeen(original, { shape: star(brand.logo), colour: brand.logo, ink, ground });
      expect(seen.pixels, row?.recipe.backend).toBeGreaterThan(400);
      // WCAG 2.2, 1.4.11.
      expect(seen.contrast, row?.recipe.backend).toBeGreaterThanOrEqual(3);
      expect(seen.brandShare, row?.recipe.backend).toBeGreaterThan(0.01);
      expect(row?.recipe.missed ?? []).not.toContainEqual(expect.objectContaining({ id: "lettering.missed.logo" }));
    }
    await made.stop();
  },
);

it("Discord: set with a file, a poster, its info, and taken back by buttons", async () => {
  const { ann, bob, channel, app, ...made } = await discordWorld();
  const bytes = await sharp(star("#c8102e")).png().toBuffer();
  const logo = { name: "star.png", mime: "image/png", bytes };
  const sees = () => ann.sees(channel).at(-1);
  await ann.slash(channel, "brand", { ink: "#111111", ground: "dark orange", logo });
  await expect.poll(() => sees()?.text, SOON).toContain("changed how posters of this");
  expect(sees()?.buttons.map(({ label }) => label)).toEqual(["Colours and font", "Without logo", "Reset"]);
  await bob.slash(channel, "poster", { template: "rally", title: "No rent rise" });
  const poster = await made.picture();
  await ann.slash(channel, "info", { picture: "1" });
  await expect.poll(() => sees()?.text, SOON).toContain("#111111 on #ff8c00 · with logo");
  const set = ann.sees(channel).find(({ text }) => text.includes("changed how posters"));
  if (!set) throw new Error("it was there a moment ago");
  ann.press(set, "Without logo");
  await expect.poll(() => ann.sees(channel).filter(({ text }) => text.includes("changed how")).length, SOON).toBe(2);
  ann.press(set, "Reset");
  await expect.poll(() => app.services.memory.brand(`discord:${made.guild.id}`), SOON).toEqual({});
  expect(poster.text).toContain("No rent rise");
});

it("Telegram: a file with its caption, a form, and back", async () => {
  const { fake, ann, anns, bot, group: chat } = await inAGroup();
  anns.document(star("#c8102e"), { fileName: "star.svg", caption: "/brand ink:#111111 ground:gelb" });
  await said(anns, "changed how posters of this chat look");
  anns.say("/poster template:rally title:No rent rise");
  await picture(anns, "No rent rise");
  ann.private.say("/start");
  anns.say("/info 1");
  await said(ann.private, "with logo");
  anns.say("/settings brand none");
  const changes = () => anns.fromBot().filter(({ text }) => text.includes("changed how posters")).length;
  await expect.poll(changes, SOON).toBe(2);
  expect(await bot.app.services.memory.brand(`telegram:${chat.id}`)).toEqual({});
  fake.expectNoComplaints();
});

it("the web chat: an upload with /brand, a poster, and back", async () => {
  const { web, viewsOf } = await world();
  const ada = await joinAs(web, "Ada");
  const kept = await ask(web, "/api/uploads", {
    bytes: await sharp(star("#c8102e")).png().toBuffer(),
    headers: as(ada),
  });
  const { upload } = (await kept.json()) as { upload: { id: string } };
  await say(web, ada, "/brand ink:#111111 ground:#ffdd00", { uploadId: upload.id });
  const views = () => viewsOf(ada);
  await expect.poll(async () => (await views()).at(-1)?.text).toContain("changed how posters of this chat look");
  const image = (await views()).at(-1)?.image;
  const sample = await ask(web, `/media/${image?.key}`, { headers: as(ada) });
  expect([sample.status, sample.headers.get("content-type")]).toEqual([200, "image/png"]);
  await say(web, ada, "/poster template:rally title:No rent rise");
  await expect.poll(async () => (await views()).some(({ tone, image: shown }) => tone === "good" && shown)).toBe(true);
  await say(web, ada, "/brand none");
  await expect.poll(async () => (await views()).at(-1)?.fields?.map(({ value }) => value)).toContain("None");
});
