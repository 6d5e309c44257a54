import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ContainerBuilder,
  LabelBuilder,
  MediaGalleryBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClientWorld, clientWorld, PNG } from "./discord-client-rig.ts";

let world: ClientWorld;
let fake: ClientWorld["fake"];
let general: ClientWorld["general"];
let ann: ClientWorld["ann"];
let bob: ClientWorld["bob"];
let client: ClientWorld["client"];

beforeEach(async () => {
  world = await clientWorld();
  ({ fake, general, ann, bob, client } = world);
});
afterEach(() => world.close());

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
    world.answer = async (interaction) =>
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
    world.answer = async (interaction) => {
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
    world.answer = async (interaction) => {
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
    world.answer = async (interaction) => {
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
      world.answer = async (interaction) => {
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
    world.answer = async (interaction) => {
      if (!interaction.isMessageContextMenuCommand()) return;
      const target = interaction.targetMessage;
      seen.push(interaction.commandName, target.id, target.content, target.attachments.first()?.name, target.author.id);
      await interaction.reply({ content: "taken", flags: MessageFlags.Ephemeral });
    };
    await bob.menu(message, "Use this picture").acknowledged();
    expect(seen).toEqual(["Use this picture", message.id, "my photo", "start.png", ann.id]);
  });

  it("answer while somebody types", async () => {
    world.answer = async (interaction) => {
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
    world.answer = async (interaction) => {
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
    fake.expectNoComplaints();
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
    world.answer = async (interaction) => {
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
