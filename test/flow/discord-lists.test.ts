import { describe, expect, it } from "vitest";
import { styleSchema } from "../../src/domain/style.ts";
import type { FakeMember } from "../fakes/discord/member.ts";
import { type DiscordWorld, discordWorld, SOON } from "./discord-world.ts";

const lastSeen = ({ channel }: DiscordWorld, member: FakeMember) => member.sees(channel).at(-1);

describe("two members who look around in a channel", () => {
  it("use a picture of anybody's, and read recipes from the menu of a message", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox");
    const made = await world.picture();
    const recipe = await world.bob.menu(made, "Show recipe").acknowledged();
    await expect.poll(() => recipe.reply?.text, SOON).toContain("Prompt: a red fox");

    // Of our own picture the whole recipe is known: it is changed, not only looked at.
    const change = await world.bob.menu(made, "Use this picture").acknowledged();
    expect(change.modal?.fields[0]?.value).toBe("a red fox");

    const { bytes } = made.files[0]!;
    const photo = await world.bob.says(world.channel, "our march", {
      files: [{ name: "march.png", mime: "image/png", bytes }],
    });
    const use = await world.ann.menu(photo, "Use this picture").acknowledged();
    expect(use.modal?.title).toBe("Use this picture");
    // Sent before the picture is here: it is fetched while the member fills in the form.
    world.fake.fails({ on: "download", fault: { kind: "delay", delayMs: 700 } });
    world.ann.submits(use, { prompt: "a poster of it", change: "0.5" });
    const child = await world.picture(2);
    expect(child.text).toContain("started from an attached picture, change 0.5");

    const none = await world.ann
      .menu(await world.bob.says(world.channel, "no picture here"), "Use this picture")
      .acknowledged();
    await expect.poll(() => none.reply?.text ?? lastSeen(world, world.ann)?.text, SOON).toMatch(/picture/);
    expect(none.ackEphemeral).toBe(true);
  });

  it("turn pages of the gallery in place, with pictures beside the texts", async () => {
    const styles = Array.from({ length: 30 }, (_, at) =>
      styleSchema.parse({ id: `style${at}`, title: `Style ${at}`, examples: ["x"] }),
    );
    const world = await discordWorld({ styles });
    const asked = await (await world.ann.slash(world.channel, "styles")).acknowledged();
    await expect.poll(() => asked.reply?.embeds.length, SOON).toBe(9);
    expect(asked.reply?.text).toMatch(/Page 1 of 4[\s\S]*<\/style0:\d+>/);
    await world.ann.press(asked.reply!, "More").acknowledged();
    await expect.poll(() => asked.reply?.text, SOON).toContain("Page 2 of 4");
    expect(world.ann.sees(world.channel)).toHaveLength(1);
    // More than 25 styles do not fit into a list: they are suggested from.
    const found = await world.ann.types(world.channel, "imagine", "style", "style 29", { prompt: "x" });
    expect(found?.[0]).toEqual({ name: "Style 29", value: "style29" });
  });

  it("follow the rules of their server: roles by name, channels, ages, covered pictures, originals", async () => {
    const world = await discordWorld({ roles: ["Printers"] });
    const { guild, fake, channel } = world;
    const carl = guild.member("carl", { roles: world.roles });
    const dora = guild.member("dora", { roles: world.roles, accountMadeAtMs: fake.clock.nowMs() - 3_600_000 });
    const rules = {
      generate_roles: "Printers",
      channels: "posters",
      min_account_days: "7",
      spoiler: "yes",
      original: "always",
    };
    const set = await (await world.ann.slash(channel, "settings", rules)).acknowledged();
    await expect.poll(() => set.reply?.text, SOON).toContain("changed the settings of this community");

    for (const [member, place, why] of [
      [world.bob, channel, /Printers/],
      [dora, channel, /7 days/],
      [carl, guild.channel("lobby"), /posters/],
    ] as const) {
      const asked = await (await member.slash(place, "rca", { prompt: "a red fox" })).acknowledged();
      await expect.poll(() => asked.reply?.text, SOON).toMatch(why);
      expect(asked.ackEphemeral).toBe(true);
    }

    await world.draw(carl, "a red fox");
    const made = await world.picture();
    expect(made.files).toMatchObject([{ spoiler: true, alt: "AI picture: a red fox" }]);
    const originals = () =>
      channel.messages.filter(({ files }) => files.some(({ bytes }) => Buffer.from(bytes).includes("a red fox")));
    await expect.poll(() => originals().length, SOON).toBe(1);
    expect(originals()[0]?.id).not.toBe(made.id);
    expect(originals()[0]?.files).toMatchObject([{ spoiler: true, alt: "AI picture: a red fox" }]);
  });

  it("change the settings by a form, with lists to choose from", async () => {
    const world = await discordWorld();
    const asked = await (await world.ann.slash(world.channel, "settings")).acknowledged();
    await expect.poll(() => asked.reply?.buttons.map(({ label }) => label), SOON).toContain("Pictures");
    const form = await world.ann.press(asked.reply!, "Pictures").acknowledged();
    expect(form.modal?.fields.map(({ customId }) => customId)).toEqual([
      "style",
      "size",
      "spoiler",
      "original",
      "retention_days",
    ]);
    const spoiler = form.modal?.fields.find(({ customId }) => customId === "spoiler");
    expect(spoiler?.options.map(({ value, selected }) => [value, selected])).toEqual([
      ["yes", false],
      ["no", false],
      ["default", true],
    ]);
    const sent = world.ann.submits(form, { spoiler: ["yes"], retention_days: "30" });
    await expect.poll(() => sent.reply?.text, SOON).toMatch(/Pictures are covered: Yes, until a member uncovers them/);
    await world.draw(world.bob, "a red fox");
    expect((await world.picture()).files[0]?.spoiler).toBe(true);
  });

  it("read what is wrong privately, all of it, with the next step", async () => {
    const world = await discordWorld();
    const wrong = await world.draw(world.ann, "a red fox", { seed: "many", size: "huge" });
    await expect.poll(() => wrong.reply?.text, SOON).toMatch(/seed:[\s\S]*many/);
    expect(wrong.ackEphemeral).toBe(true);
    expect(world.bob.sees(world.channel)).toEqual([]);
  });

  it("work in a thread, a forum's post and direct messages", async () => {
    const world = await discordWorld();
    const thread = await world.channel.thread("the march", { by: world.ann });
    const post = await world.guild.forum("ideas").thread("a banner", { by: world.ann });
    for (const place of [thread, post]) {
      await (await world.ann.slash(place, "rca", { prompt: "a banner" })).acknowledged();
      await world.picture(1, place);
    }
    const direct = await (await world.bob.slash(world.bob.dms, "rca", { prompt: "a boat" })).acknowledged();
    await expect.poll(() => direct.reply?.files.length, SOON).toBe(1);
    expect(world.channel.messages).toEqual([]);
  });
});
