import { once } from "node:events";
import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MediaGalleryBuilder,
  MessageFlags,
  ModalBuilder,
  Routes,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { FakeMember } from "./discord/member.ts";
import type { FakeChannel, FakeGuild } from "./discord/places.ts";
import { type DiscordFake, openDiscordFake } from "./discord.ts";

const PNG = { name: "start.png", mime: "image/png", bytes: Uint8Array.from(tinyPng(16, 8, "x")) };
const COMMANDS = [
  {
    name: "rca",
    description: "Draw",
    options: [
      { type: 3, name: "prompt", description: "What", required: true, max_length: 20 },
      { type: 4, name: "seed", description: "Seed", min_value: 0, max_value: 4_294_967_295 },
      { type: 10, name: "cfg", description: "Guidance", min_value: 1, max_value: 10 },
      { type: 3, name: "size", description: "Size", choices: [{ name: "Square", value: "square" }] },
      { type: 3, name: "style", description: "Style", autocomplete: true },
      { type: 5, name: "spoiler", description: "Hide" },
      { type: 6, name: "for", description: "For whom" },
      { type: 11, name: "image", description: "Start from" },
    ],
  },
  {
    name: "quota",
    description: "Allowance",
    options: [
      { type: 1, name: "show", description: "Show", options: [{ type: 8, name: "role", description: "Role" }] },
    ],
  },
  { name: "admin", description: "Settings", default_member_permissions: "32", contexts: [0] },
  { name: "Use this picture", type: 3 },
];

let fake: DiscordFake;
let client: Client<true>;
let group: FakeGuild;
let general: FakeChannel;
let ann: FakeMember;
let bob: FakeMember;
/** What the bot does with the next interactions. */
let answer: (interaction: Interaction) => Promise<unknown>;
const failures: unknown[] = [];

beforeEach(async () => {
  fake = await openDiscordFake();
  group = fake.guild("Group");
  general = group.channel("general");
  ann = group.member("ann");
  bob = group.member("bob");
  const bot = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiUrl } });
  bot.on(Events.InteractionCreate, (interaction) => {
    answer(interaction).catch((error: unknown) => failures.push(error));
  });
  const ready = once(bot, Events.ClientReady);
  await bot.login(fake.token);
  await ready;
  client = bot as Client<true>;
  await client.application.commands.set(COMMANDS);
});
afterEach(async () => {
  await client.destroy();
  await fake.close();
  expect(failures.splice(0)).toEqual([]);
  fake.expectNoComplaints();
});

const reply = async (content: string) => {
  answer = async (interaction) => (interaction.isRepliable() ? interaction.reply({ content }) : undefined);
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
    answer = async (interaction) => {
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
    answer = async (interaction) => {
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
    answer = async (interaction) => {
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
    answer = async (interaction) => {
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

describe("buttons, menus and modals", () => {
  const rows = () => [
    new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId("reroll").setLabel("Reroll").setStyle(ButtonStyle.Primary),
      new ButtonBuilder().setCustomId("off").setLabel("Off").setStyle(ButtonStyle.Secondary).setDisabled(true),
    ),
    new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
      new StringSelectMenuBuilder()
        .setCustomId("style")
        .addOptions({ label: "Blueprint", value: "blueprint" }, { label: "Gouache", value: "gouache", default: true }),
    ),
  ];
  const withRows = async () => {
    answer = async (interaction) =>
      interaction.isRepliable() ? interaction.reply({ content: "x", components: rows() }) : undefined;
    const { reply: shown } = await (await ann.slash(general, "rca", { prompt: "x" })).acknowledged();
    return shown!;
  };

  it("are there as they were sent, and say who pressed", async () => {
    const shown = await withRows();
    expect(shown.buttons.map(({ label, disabled }) => [label, disabled])).toEqual([
      ["Reroll", false],
      ["Off", true],
    ]);
    const pressed: unknown[] = [];
    answer = async (interaction) => {
      if (!interaction.isMessageComponent()) return;
      pressed.push([interaction.user.username, interaction.customId, interaction.message.id]);
      if (interaction.isStringSelectMenu()) pressed.push(interaction.values);
      await interaction.deferUpdate();
      await interaction.editReply({ content: `for ${interaction.user.username}`, components: [] });
    };
    await bob.press(shown, "Reroll").acknowledged();
    await fake.until(() => fake.message(shown.id)?.text === "for bob");
    expect(() => bob.press(shown, "Reroll")).toThrow(/no button "Reroll"/);
    const again = await withRows();
    answer = async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      pressed.push(interaction.values);
      await interaction.update("chosen");
    };
    await ann.chooses(again, ["blueprint"]).acknowledged();
    expect(pressed).toEqual([["bob", "reroll", shown.id], ["blueprint"]]);
    expect(() => ann.press(again, "Off")).toThrow(/cannot be pressed/);
    expect(() => ann.chooses(again, ["oil"])).toThrow(/no oil/);
    expect(() => ann.chooses(again, ["blueprint", "gouache"])).toThrow(/1 to 1/);
  });

  it("may be forged only in what no honest client sends", async () => {
    const shown = await withRows();
    const forged: string[] = [];
    answer = async (interaction) => {
      if (interaction.isButton()) forged.push(interaction.customId);
      if (interaction.isRepliable()) await interaction.reply({ content: "no", flags: MessageFlags.Ephemeral });
    };
    const { reply: refused } = await bob.press(shown, { customId: "1.delete.x.0.AAAA" }).acknowledged();
    expect(forged).toEqual(["1.delete.x.0.AAAA"]);
    expect(refused?.ephemeral).toBe(true);
    expect(bob.sees(general).map(({ id }) => id)).toContain(refused!.id);
    expect(ann.sees(general).map(({ id }) => id)).not.toContain(refused!.id);
  });

  it("open modals, prefilled, whose answers come back", async () => {
    const shown = await withRows();
    const prompt = () =>
      new TextInputBuilder()
        .setCustomId("prompt")
        .setStyle(TextInputStyle.Paragraph)
        .setValue("a fox")
        .setMaxLength(10);
    const old = new ModalBuilder()
      .setCustomId("edit")
      .setTitle("Edit")
      .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(prompt().setLabel("Prompt")));
    const labelled = new ModalBuilder()
      .setCustomId("edit")
      .setTitle("Edit")
      .addLabelComponents(
        new LabelBuilder().setLabel("Prompt").setTextInputComponent(prompt()),
        new LabelBuilder()
          .setLabel("Style")
          .setStringSelectMenuComponent(
            new StringSelectMenuBuilder()
              .setCustomId("style")
              .addOptions({ label: "Oil", value: "oil", default: true }),
          ),
      );
    const got: string[] = [];
    for (const modal of [old, labelled]) {
      answer = async (interaction) => {
        if (interaction.isButton()) await interaction.showModal(modal);
        if (!interaction.isModalSubmit()) return;
        got.push(interaction.fields.getTextInputValue("prompt"));
        if (modal === labelled) got.push(...interaction.fields.getStringSelectValues("style"));
        if (interaction.isFromMessage()) await interaction.update("edited");
      };
      const opened = await ann.press(shown, "Reroll").acknowledged();
      expect(opened.modal).toMatchObject({ title: "Edit", customId: "edit" });
      expect(opened.modal?.fields[0]).toMatchObject({ label: "Prompt", value: "a fox", maxChars: 10 });
      expect(() => ann.submits(opened, { Prompt: "far too long a fox" })).toThrow(/0 to 10 characters/);
      expect(() => ann.submits(opened, { Prompt: "" })).toThrow(/required/);
      expect(() => bob.submits(opened)).toThrow(/no modal is open/);
      await ann.submits(opened, modal === old ? { Prompt: "a cat" } : {}).acknowledged();
    }
    expect(got).toEqual(["a cat", "a fox", "oil"]);
    expect(fake.message(shown.id)?.text).toBe("edited");
  });

  it("have a message menu, with the message it was opened on", async () => {
    const message = await ann.says(general, "my photo", { files: [PNG] });
    const seen: unknown[] = [];
    answer = async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      const target = interaction.targetMessage;
      seen.push(interaction.commandName, target.id, target.content, target.attachments.first()?.name, target.author.id);
      await interaction.reply({ content: "taken", flags: MessageFlags.Ephemeral });
    };
    await bob.menu(message, "Use this picture").acknowledged();
    expect(seen).toEqual(["Use this picture", message.id, "my photo", "start.png", ann.id]);
  });

  it("answer while somebody types", async () => {
    answer = async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name} ${value} ${interaction.options.getString("prompt")}`, value: "v" }]);
    };
    expect(await ann.types(general, "rca", "style", "blu", { prompt: "fox" })).toEqual([
      { name: "style blu fox", value: "v" },
    ]);
    await expect(ann.types(general, "rca", "size", "sq")).rejects.toThrow(/no autocomplete/);
  });
});

describe("what a message shows", () => {
  const file = (name: string, description: string) =>
    new AttachmentBuilder(Buffer.from(PNG.bytes), { name, description });

  it("with Components V2: only files that a component names, with its alternative text", async () => {
    const gallery = new MediaGalleryBuilder().addItems({
      media: { url: "attachment://fox.png" },
      description: "a red fox",
      spoiler: true,
    });
    const box = new ContainerBuilder()
      .addTextDisplayComponents(new TextDisplayBuilder().setContent("Seed 7"))
      .addMediaGalleryComponents(gallery);
    answer = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      const files = [file("fox.png", "other"), file("original.png", "unseen")];
      await interaction.editReply({ components: [box], files, flags: MessageFlags.IsComponentsV2 });
    };
    const drawn = await (await ann.slash(general, "rca", { prompt: "x" })).acknowledged();
    await fake.until(() => drawn.reply?.loading === false);
    expect(drawn.reply?.text).toBe("Seed 7");
    expect(drawn.reply?.files).toMatchObject([
      { name: "fox.png", alt: "a red fox", spoiler: true, shownIn: "component" },
      { name: "original.png", shownIn: "nowhere" },
    ]);
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error("not sendable");
    const message = await channel.messages.fetch(drawn.reply!.id);
    await expect(message.edit({ content: "text" })).rejects.toMatchObject({ code: 50035 });
    await expect(channel.messages.edit(message.id, { flags: [], components: [box] })).rejects.toMatchObject({
      code: 50035,
    });
    const missing = new MediaGalleryBuilder().addItems({ media: { url: "attachment://none.png" } });
    const wrong = { components: [missing], flags: MessageFlags.IsComponentsV2 } as const;
    await expect(channel.send(wrong)).rejects.toMatchObject({ code: 50035 });
    // Text beside Components V2 is what a referee hears, too.
    fake.complaints.length = 0;
  });

  it("rings whom it may: nobody, with no allowed mentions", async () => {
    general.allows({ id: fake.botId }, "MentionEveryone");
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error("not sendable");
    const content = `@everyone <@${ann.id}> <@${bob.id}>`;
    const ringing = await channel.send(content);
    expect(fake.message(ringing.id)?.pings).toEqual({ everyone: true, userIds: [ann.id, bob.id], roleIds: [] });
    const some = await channel.send({ content, allowedMentions: { users: [bob.id] } });
    expect(fake.message(some.id)?.pings).toEqual({ everyone: false, userIds: [bob.id], roleIds: [] });
    const silent = await channel.send({ content, allowedMentions: { parse: [] } });
    expect(fake.message(silent.id)?.pings).toEqual({ everyone: false, userIds: [], roleIds: [] });
  });

  it("says so when a follow-up takes the place of a deferred reply", async () => {
    answer = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.followUp("instead");
      await interaction.followUp({ content: "beside", flags: MessageFlags.Ephemeral });
    };
    const drawn = await ann.slash(general, "rca", { prompt: "x" });
    await fake.until(() => drawn.followUps.length === 1);
    expect(drawn.reply).toMatchObject({ text: "instead", loading: false });
    expect(bob.sees(general).map(({ text }) => text)).toEqual(["instead"]);
    expect(fake.complaints.splice(0).join()).toContain("took the place of a deferred reply");
  });

  it("types", async () => {
    const channel = await client.channels.fetch(general.id);
    if (!channel?.isSendable()) throw new Error("not sendable");
    await channel.sendTyping();
    expect(fake.typing).toMatchObject([{ channelId: general.id }]);
  });
});
