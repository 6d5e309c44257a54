import { ChannelType, MessageFlags, Routes } from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FakeMember } from "./discord/member.ts";
import { type ClientWorld, COMMANDS, clientWorld, PNG } from "./discord-client-rig.ts";

let world: ClientWorld;
let fake: ClientWorld["fake"];
let group: ClientWorld["group"];
let general: ClientWorld["general"];
let ann: ClientWorld["ann"];
let bob: ClientWorld["bob"];
let client: ClientWorld["client"];

beforeEach(async () => {
  world = await clientWorld();
  ({ fake, group, general, ann, bob, client } = world);
});
afterEach(() => world.close());

const reply = async (content: string) => {
  world.answer = async (interaction) => (interaction.isRepliable() ? interaction.reply({ content }) : undefined);
  const { reply: shown } = await (await ann.slash(general, "rca", { prompt: "x" })).acknowledged();
  return shown!;
};

describe("commands", () => {
  it("are registered for all or for one server, counted when they are new, and come back normalised", async () => {
    expect(fake.commandsCreated).toBe(4);
    await client.application.commands.set(COMMANDS);
    expect(fake.commandsCreated).toBe(4);
    expect(fake.commands().map(({ name }) => name)).toEqual(["rca", "quota", "admin", "Use this picture"]);
    const [first] = fake.commands();
    expect(first).toMatchObject({ type: 1, default_member_permissions: null, nsfw: false });
    expect(JSON.stringify(first)).not.toContain('"required":false');
    await client.application.commands.set([{ name: "here", description: "Here alone" }], group.id);
    expect(fake.commands(group).map(({ name }) => name)).toEqual(["here"]);
    expect(fake.commands()).toHaveLength(4);
    await client.application.commands.set([]);
    expect(fake.commands()).toEqual([]);
    expect(() => ann.menu({ id: "1" }, "Use this picture")).toThrow(/in sight/);
    await expect(ann.slash(general, "rca", { prompt: "x" })).rejects.toThrow(/no command rca/);
  });

  it("keep their translations to themselves unless asked", async () => {
    await client.application.commands.set([
      { name: "rca", description: "Draw", descriptionLocalizations: { de: "Mal" } },
    ]);
    const list = (query?: URLSearchParams) =>
      client.rest.get(Routes.applicationCommands(fake.applicationId), query ? { query } : {});
    expect(JSON.stringify(await list())).not.toContain("Mal");
    expect(await list(new URLSearchParams({ with_localizations: "true" }))).toMatchObject([
      { description_localizations: { de: "Mal" } },
    ]);
  });

  it("are created 200 times a day at most", async () => {
    const named = (day: number) => Array.from({ length: 98 }, (_, i) => ({ name: `c${day}-${i}`, description: "d" }));
    await client.application.commands.set(named(1));
    await client.application.commands.set(named(2));
    expect(fake.commandsCreated).toBe(200);
    await expect(client.application.commands.set([{ name: "new", description: "d" }])).rejects.toMatchObject({
      code: 30034,
      status: 400,
    });
    fake.clock.advanceMs(24 * 3_600_000);
    await client.application.commands.set([{ name: "new", description: "d" }]);
    expect(fake.commands()).toHaveLength(1);
  });

  it("are offered by permission and place", () => {
    const admin = group.member("admin", { permissions: ["ManageGuild"] });
    const owner = group.member("owner", { owner: true });
    expect(ann.commands(general)).toEqual(["rca", "quota", "Use this picture"]);
    expect(admin.commands(general)).toContain("admin");
    expect(owner.commands(general)).toContain("admin");
    expect(admin.commands(admin.dms)).not.toContain("admin");
    general.denies(group.everyone, "UseApplicationCommands");
    expect(ann.commands(general)).toEqual([]);
  });
});

describe("a slash command", () => {
  it("brings every kind of option as discord.js reads it", async () => {
    const seen: unknown[] = [];
    world.answer = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const { options } = interaction;
      seen.push(options.getString("prompt"), options.getInteger("seed"), options.getNumber("cfg"));
      seen.push(options.getString("size"), options.getBoolean("spoiler"), options.getUser("for")?.username);
      const image = options.getAttachment("image", true);
      const bytes = new Uint8Array(await (await fetch(image.url)).arrayBuffer());
      seen.push(image.name, image.contentType, image.width, image.height, bytes, image.ephemeral);
      await interaction.reply({ content: "seen", flags: MessageFlags.Ephemeral });
    };
    const values = {
      prompt: "a: fox -- x",
      seed: 0,
      cfg: 1.5,
      size: "square",
      spoiler: false,
      for: bob.id,
      image: PNG,
    };
    await (await ann.slash(general, "rca", values)).acknowledged();
    expect(seen).toEqual([
      "a: fox -- x",
      0,
      1.5,
      "square",
      false,
      "bob",
      "start.png",
      "image/png",
      16,
      8,
      PNG.bytes,
      true,
    ]);
    world.answer = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      seen.push(interaction.options.getSubcommand(), interaction.options.getRole("role")?.name);
      await interaction.reply("seen");
    };
    const role = group.role("Painters");
    await (await ann.slash(general, "quota show", { role: role.id })).acknowledged();
    expect(seen.slice(-2)).toEqual(["show", "Painters"]);
  });

  it.each<readonly [string, Parameters<FakeMember["slash"]>[2], RegExp]>([
    ["a missing option", {}, /prompt is required/],
    ["an option that is none", { prompt: "x", seeds: 1 }, /no option seeds/],
    ["too long a text", { prompt: "x".repeat(21) }, /21 characters/],
    ["a seed beyond uint32", { prompt: "x", seed: 4_294_967_296 }, /out of range/],
    ["half a seed", { prompt: "x", seed: 0.5 }, /no integer/],
    ["what is no choice", { prompt: "x", size: "round" }, /no choice/],
    ["a number as text", { prompt: "x", cfg: "2" }, /no number/],
  ])("never leaves the member's client with %s", async (_what, values, complaint) => {
    await expect(ann.slash(general, "rca", values)).rejects.toThrow(complaint);
    expect(fake.interactions).toEqual([]);
  });

  it("tells who acts: name, roles, rights, age of the account and of the membership", async () => {
    const painters = group.role("Painters", "ManageMessages");
    const madeAtMs = Date.UTC(2020, 1, 2);
    const joinedAtMs = Date.UTC(2024, 5, 6);
    const carl = group.member("carl", {
      roles: [painters],
      accountMadeAtMs: madeAtMs,
      joinedAtMs,
      displayName: "Carl C",
    });
    const seen: unknown[] = [];
    world.answer = async (interaction) => {
      if (!interaction.inCachedGuild() || !interaction.isRepliable()) return;
      const { member, user, memberPermissions } = interaction;
      seen.push(user.createdTimestamp, member.joinedTimestamp, [...member.roles.cache.keys()], member.displayName);
      seen.push(memberPermissions.has("ManageMessages"), memberPermissions.has("ManageGuild"), interaction.context);
      await interaction.reply("hello");
    };
    await (await carl.slash(general, "rca", { prompt: "x" })).acknowledged();
    expect(seen).toEqual([madeAtMs, joinedAtMs, expect.arrayContaining([painters.id]), "Carl C", true, false, 0]);
  });

  it("works in threads, forum posts and direct messages", async () => {
    const types: unknown[] = [];
    world.answer = async (interaction) => {
      types.push(interaction.channel?.type);
      if (interaction.isRepliable()) await interaction.reply("here");
    };
    const thread = await general.thread("posters", { by: ann });
    const post = await group.forum("ideas").thread("May Day", { by: bob, text: "A poster?" });
    for (const place of [thread, post, ann.dms]) {
      await (await ann.slash(place, "rca", { prompt: "x" })).acknowledged();
      expect(ann.sees(place).at(-1)?.text).toBe("here");
    }
    expect(types.slice(0, 2)).toEqual([ChannelType.PublicThread, ChannelType.PublicThread]);
    expect(ann.sees(post)[0]).toMatchObject({ text: "A poster?", authorId: bob.id });
    const hidden = await general.thread("secret", { by: bob, private: true, bot: true });
    expect(() => ann.sees(hidden)).toThrow(/in sight/);
  });

  it("may be followed into a thread of the bot's own", async () => {
    const shown = await reply("a picture");
    const channel = await client.channels.fetch(general.id);
    if (channel?.type !== ChannelType.GuildText) throw new Error("no text channel");
    const message = await channel.messages.fetch(shown.id);
    const thread = await message.startThread({ name: "about the picture" });
    await thread.send("more");
    expect(ann.sees(thread).map(({ text }) => text)).toEqual(["more"]);
    await expect(message.startThread({ name: "again" })).rejects.toMatchObject({ code: 160004 });
  });
});
