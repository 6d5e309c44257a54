import { expect, it } from "vitest";
import { discordWorld, press, SOON } from "./discord-world.ts";

it("on Discord what is held has no file for anybody; those who may look see it alone, and a moderator who runs nothing lets it through", async () => {
  const world = await discordWorld();
  const { bob, channel, guild, fake } = world;
  const keeper = guild.member("kim", { roles: [guild.role("Keepers", "ManageMessages")] });
  const [carl, dora] = [guild.member("carl"), guild.member("dora")];
  const asked = await world.draw(bob, "a red fox");
  const shown = await world.picture();
  await (await carl.slash(channel, "hide", { picture: "1" })).acknowledged();
  const hidden = await (await dora.slash(channel, "hide", { picture: "1" })).acknowledged();
  await expect.poll(() => hidden.reply?.text, SOON).toContain("#1 is hidden");
  await expect.poll(() => fake.message(shown.id)?.text, SOON).toContain("waits for a moderator");
  const held = () => fake.message(shown.id)!;
  expect([held().files, held().text.includes("fox"), asked.reply?.id]).toEqual([[], false, shown.id]);
  const refused = await press(carl, held(), "Look");
  await expect.poll(() => refused.reply?.text, SOON).toContain("Only who asked for it and moderators");
  const looked = await press(bob, held(), "Look");
  await expect.poll(() => looked.reply?.files.length, SOON).toBe(1);
  expect(looked.reply?.ephemeral).toBe(true);
  const list = await (await keeper.slash(channel, "moderation")).acknowledged();
  await expect.poll(() => list.reply?.text, SOON).toContain("1 order waits for a moderator");
  expect([list.reply?.ephemeral, list.reply?.files]).toEqual([true, []]);
  await press(keeper, held(), "Release");
  await expect.poll(() => fake.message(shown.id)?.files.length, SOON).toBe(1);
});
