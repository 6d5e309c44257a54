import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { styleSchema } from "../../src/domain/style.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { FakeMember } from "../fakes/discord/member.ts";
import { type DiscordWorld, discordWorld, held, press, SOON } from "./discord-world.ts";

const lastSeen = ({ channel }: DiscordWorld, member: FakeMember) => member.sees(channel).at(-1);

describe("two members in a channel", () => {
  it("go from a word to a picture in one message, with its place, its bar and its buttons", async () => {
    const gate = held();
    const world = await discordWorld({ backends: gate.backend });
    const first = await world.draw(world.ann, "a *red* fox", { seed: "7" });
    const second = await world.draw(world.bob, "a blue boat");
    await expect.poll(() => second.reply?.text, SOON).toMatch(/queued/);
    await expect.poll(() => first.reply?.text, SOON).toMatch(/▱ 0 %/);
    gate.letGo();
    const done = await world.picture(2);
    expect(world.channel.messages).toHaveLength(2);
    expect(first.reply).toMatchObject({
      id: world.pictures()[0]?.id,
      files: [{ alt: "a *red* fox", mime: "image/png" }],
    });
    expect(first.reply?.buttons.map(({ label }) => label)).toEqual([
      "Reroll",
      "Lock seed",
      "Vary subtle",
      "Vary strong",
      "Edit",
      "Info",
      "Original",
      "Delete",
    ]);
    expect(first.reply?.text).toContain(String.raw`a \*red\* fox`);
    expect(first.reply?.text).toContain("seed 7");
    expect(done.id).toBe(second.reply?.id);
    for (const ms of world.fake.ackMs) expect(ms).toBeLessThan(2500);
  });

  it("see it grow: its step and its unfinished picture, every two seconds at most, and never two pictures", async () => {
    const slow = (clock: Clock) => [fakeBackend({ clock, previews: true, steps: 20, delayMs: 5000 })];
    const world = await discordWorld({ backends: slow });
    const asked = await world.draw(world.ann, "a red fox", { steps: 20 });
    await world.picture();
    const versions = world.fake.versions(asked.reply!);
    const growing = versions.filter(({ files }) => files[0]?.alt === "unfinished: a red fox");
    expect(growing.length).toBeGreaterThan(0);
    for (const { text, files } of growing) {
      expect(text).toMatch(/step \d+ of 20\n▰+▱* \d+ %/);
      expect(files).toHaveLength(1);
    }
    const atMs = growing.map(({ editedAtMs }) => editedAtMs ?? 0);
    for (const [at, ms] of atMs.entries()) if (at > 0) expect(ms - (atMs[at - 1] ?? 0)).toBeGreaterThan(1500);
    expect(asked.reply?.files).toMatchObject([{ alt: "a red fox" }]);
  });

  it("vote for a reroll; the child is a message of its own and says whose it is", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox");
    const parent = await world.picture();
    const carl = world.guild.member("carl");
    await press(world.bob, parent, "Reroll");
    await expect.poll(() => world.fake.message(parent.id)?.buttons[0]?.label, SOON).toBe("Reroll 1/2");
    await press(carl, world.fake.message(parent.id)!, "Reroll 1/2");
    const child = await world.picture(2);
    expect(child.id).not.toBe(parent.id);
    expect(child.text).toContain("rerolled by vote from");
    expect(world.fake.message(parent.id)?.files).toHaveLength(1);
  });

  it("edit by a form, lock a seed, look at the recipe, take the original", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox", { seed: "7" });
    const parent = await world.picture();
    const edit = await press(world.bob, parent, "Edit");
    expect(edit.modal?.fields.map(({ customId, value }) => [customId, value])).toEqual([
      ["prompt", "a red fox"],
      ["cfg", "3"],
      ["steps", "4"],
      ["seed", "7"],
      ["scale", "1"],
    ]);
    const wrong = await world.bob.submits(edit, { prompt: "a green hill", cfg: "99", steps: "many" }).acknowledged();
    await expect.poll(() => wrong.reply?.text, SOON).toMatch(/^2 things to mend:\n• cfg: .*99\n• steps: .*many\n/);
    expect(wrong.reply?.text).toContain("Change it and send it again: press Edit, change a field, send the form.");
    expect(wrong.ackEphemeral).toBe(true);
    // What was typed is not lost with the form.
    const again = await press(world.bob, wrong.reply!, "Open the form again");
    expect(again.modal?.title).toBe("Edit #1");
    expect(again.modal?.fields.map(({ value }) => value)).toEqual(["a green hill", "99", "many", "7", "1"]);
    world.bob.submits(again, { prompt: "a blue boat", cfg: "2", steps: "4" });
    const child = await world.picture(2);
    expect(child.text).toMatch(/a blue boat[\s\S]*seed 7 [\s\S]*cfg 2/);

    await press(world.bob, child, "Lock seed");
    await expect.poll(() => lastSeen(world, world.bob)?.text, SOON).toContain("Seed 7 is locked for you");
    expect(lastSeen(world, world.ann)?.text).not.toContain("locked for you");

    await press(world.bob, child, "Info");
    await expect.poll(() => lastSeen(world, world.bob)?.text, SOON).toContain("Picture #2");
    expect(lastSeen(world, world.bob)).toMatchObject({ ephemeral: true });
    expect(lastSeen(world, world.bob)?.text).toContain("Prompt: a blue boat");

    await press(world.bob, child, "Original");
    await expect.poll(() => lastSeen(world, world.bob)?.files[0]?.name, SOON).toBe("placard-2.png");
    expect(Buffer.from(lastSeen(world, world.bob)!.files[0]!.bytes).includes("a blue boat")).toBe(true);
    // The posted copy carries no recipe.
    expect(Buffer.from(child.files[0]!.bytes).includes("a blue boat")).toBe(false);
  });

  it("delete and bring back, as far as they may", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox");
    const made = await world.picture();
    await press(world.bob, made, "Delete");
    await expect.poll(() => lastSeen(world, world.bob)?.ephemeral, SOON).toBe(true);
    expect(world.fake.message(made.id)?.files).toHaveLength(1);
    const mod = world.guild.member("mod", { permissions: ["ManageMessages"] });
    await press(mod, made, "Delete");
    await expect.poll(() => world.fake.message(made.id)?.text, SOON).toContain("was deleted by mod");
    await press(mod, world.fake.message(made.id)!, "Undo");
    await expect.poll(() => world.fake.message(made.id)?.files.length, SOON).toBe(1);
    await press(world.ann, made, "Delete");
    await expect.poll(() => world.fake.message(made.id)?.files.length, SOON).toBe(0);
    await press(world.ann, world.fake.message(made.id)!, "Undo");
    await expect.poll(() => world.fake.message(made.id)?.files.length, SOON).toBe(1);
  });

  it("are told what a press did where the picture is only shown again", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox");
    const made = await world.picture();
    const shown = await (await world.bob.slash(world.channel, "show", { picture: "1" })).acknowledged();
    await expect.poll(() => shown.reply?.files.length, SOON).toBe(1);
    const vote = await press(world.bob, shown.reply!, "Reroll");
    await expect.poll(() => lastSeen(world, world.bob)?.text, SOON).toBe("Your vote for a reroll counts: 1 of 2.");
    expect(vote.ackEphemeral).toBe(true);
    await press(world.ann, shown.reply!, "Delete");
    await expect.poll(() => shown.reply?.text, SOON).toMatch(/was deleted by ann\. If it is brought back, \/show 1 /);
    expect(shown.reply?.files).toEqual([]);
    await press(world.ann, shown.reply!, "Undo");
    await expect.poll(() => lastSeen(world, world.ann)?.text, SOON).toBe("It is brought back, in its own message.");
    await expect.poll(() => world.fake.message(made.id)?.files.length, SOON).toBe(1);
    // Under its own message everybody sees it.
    await press(world.bob, made, "Reroll 1/2");
    await expect.poll(() => world.fake.message(made.id)?.buttons[0]?.label, SOON).toBe("Reroll");
    expect(world.bob.sees(world.channel).filter(({ ephemeral }) => ephemeral)).toHaveLength(1);
  });

  it("pick from a grid: the picked picture stands beside it, and the grid stays", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox", { count: 4 });
    const grid = await world.picture();
    expect(grid.buttons.slice(0, 4).map(({ label }) => label)).toEqual(["1", "2", "3", "4"]);
    await press(world.bob, grid, "2");
    const picked = await world.picture(2);
    expect(picked.text).toMatch(/picked by bob\n\\#2 · RCA · seed 1002 /);
    await press(world.bob, grid, "1");
    expect((await world.picture(3)).text).toMatch(/picked by bob\n\\#1 · RCA · seed 1001 /);
    expect(world.fake.message(grid.id)?.buttons.slice(0, 4)).toHaveLength(4);
    await world.restart();
    await press(world.bob, world.fake.message(grid.id)!, "3");
    await world.picture(4);
    expect(world.fake.message(grid.id)?.text).toContain("#1 to #4");
  });

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
    await expect.poll(() => set.reply?.text, SOON).toContain("changed how Placard works");

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
    expect(made.files).toMatchObject([{ spoiler: true, alt: "a red fox" }]);
    const originals = () =>
      channel.messages.filter(({ files }) => files.some(({ bytes }) => Buffer.from(bytes).includes("a red fox")));
    await expect.poll(() => originals().length, SOON).toBe(1);
    expect(originals()[0]?.id).not.toBe(made.id);
    expect(originals()[0]?.files).toMatchObject([{ spoiler: true, alt: "a red fox" }]);
  });

  it("change the settings by a form, with lists to choose from", async () => {
    const world = await discordWorld();
    const asked = await (await world.ann.slash(world.channel, "settings")).acknowledged();
    await expect.poll(() => asked.reply?.buttons.map(({ label }) => label), SOON).toContain("Pictures");
    const form = await world.ann.press(asked.reply!, "Pictures").acknowledged();
    expect(form.modal?.fields.map(({ customId }) => customId)).toEqual([
      "style",
      "size",
      "retention_days",
      "spoiler",
      "original",
    ]);
    const spoiler = form.modal?.fields.find(({ customId }) => customId === "spoiler");
    expect(spoiler?.options.map(({ value, selected }) => [value, selected])).toEqual([
      ["yes", false],
      ["no", false],
      ["default", true],
    ]);
    const sent = world.ann.submits(form, { spoiler: ["yes"], retention_days: "30" });
    await expect.poll(() => sent.reply?.text, SOON).toMatch(/spoiler yes/);
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
