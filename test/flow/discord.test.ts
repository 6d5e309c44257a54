import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { FakeMember } from "../fakes/discord/member.ts";
import { atThisPaceMs } from "../pace.ts";
import { type DiscordWorld, discordWorld, held, press, SOON } from "./discord-world.ts";

const lastSeen = ({ channel }: DiscordWorld, member: FakeMember) => member.sees(channel).at(-1);

describe("two members in a channel", () => {
  it("go from a word to a picture in one message, with its place, its bar and its buttons", async () => {
    const gate = held();
    const world = await discordWorld({ backends: gate.backend });
    const first = await world.draw(world.ann, "a *red fox* [ *of 2", { seed: "7" });
    const second = await world.draw(world.bob, "a blue boat");
    await expect.poll(() => second.reply?.text, SOON).toMatch(/queued/);
    await expect.poll(() => first.reply?.text, SOON).toMatch(/▱ 0 %/);
    gate.letGo();
    const done = await world.picture(2);
    expect(world.channel.messages).toHaveLength(2);
    expect(first.reply).toMatchObject({
      id: world.pictures()[0]?.id,
      files: [{ alt: "AI picture: a red fox [ *of 2", mime: "image/png" }],
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
      "Change the lettering",
      "Print on paper",
      "Upscale",
    ]);
    expect(first.reply?.text).toContain(String.raw`a red fox \[ \*of 2`);
    expect(first.reply?.text).toContain("seed 7");
    expect(done.id).toBe(second.reply?.id);
    for (const ms of world.fake.ackMs) expect(ms).toBeLessThan(atThisPaceMs(2500));
  });

  it("see it grow: its step and its unfinished picture, every two seconds at most, and never two pictures", async () => {
    const slow = (clock: Clock) => [fakeBackend({ clock, previews: true, steps: 20, delayMs: 5000 })];
    const world = await discordWorld({ backends: slow });
    const asked = await world.draw(world.ann, "a red fox", { steps: 20 });
    await world.picture();
    const versions = world.fake.versions(asked.reply!);
    const growing = versions.filter(({ files }) => files[0]?.alt === "unfinished AI picture: a red fox");
    expect(growing.length).toBeGreaterThan(0);
    for (const { text, files } of growing) {
      expect(text).toMatch(/step \d+ of 20\n▰+▱* \d+ %/);
      expect(files).toHaveLength(1);
    }
    const atMs = growing.map(({ editedAtMs }) => editedAtMs ?? 0);
    for (const [at, ms] of atMs.entries()) if (at > 0) expect(ms - (atMs[at - 1] ?? 0)).toBeGreaterThan(1500);
    expect(asked.reply?.files).toMatchObject([{ alt: "AI picture: a red fox" }]);
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
    await expect
      .poll(() => wrong.reply?.text, SOON)
      .toMatch(/^2 things need changing:\n• cfg: .*“99”\.\n• steps: .*“many”\.\n/);
    expect(wrong.reply?.text).toContain("Press Edit again, change a field and send the form.");
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
    // The vote has a line of its own in the chat, which comes beside it.
    const heard = () => world.bob.sees(world.channel).map(({ text }) => text);
    await expect.poll(heard, SOON).toContain("Your vote for a reroll counts: 1 of 2.");
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
});
