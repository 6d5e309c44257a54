import {
  ActionRowBuilder,
  ApplicationIntegrationType,
  ButtonBuilder,
  ButtonStyle,
  EmbedBuilder,
  InteractionContextType,
  ModalBuilder,
  PermissionFlagsBits,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { describe, expect, it } from "vitest";
import { documentedRules } from "./discord/documented.ts";
import { DISCORD_SPEC_NEEDED, discordReferees } from "./discord.ts";
import { explain } from "./json.ts";

const COMMANDS = "/applications/1/commands";
const GUILD_COMMANDS = "/applications/1/guilds/2/commands";
const CALLBACK = "/interactions/1/tok/callback";
const ORIGINAL = "/webhooks/1/tok/messages/@original";
const MESSAGES = "/channels/1/messages";
const V2 = 32_768;

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const string = (parts: object = {}) => ({ type: 3, name: "o", description: "d", ...parts });
const chat = (parts: object = {}) => ({ name: "a", description: "b", ...parts });
const button = (parts: object = {}) => ({
  ...new ButtonBuilder().setCustomId("x").setLabel("L").setStyle(ButtonStyle.Primary).toJSON(),
  ...parts,
});
const row = (...components: readonly unknown[]) => ({ type: 1, components });
const gallery = (count: number) => ({
  type: 12,
  items: times(count, (index) => ({ media: { url: `attachment://${index}.png` } })),
});

const command = new SlashCommandBuilder()
  .setName("bench")
  .setDescription("d")
  .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
  .setContexts(InteractionContextType.Guild)
  .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
  .addSubcommand((sub) =>
    sub
      .setName("run")
      .setDescription("x")
      .addStringOption((o) =>
        o.setName("prompt").setDescription("p").setRequired(true).setMaxLength(100).setAutocomplete(true),
      )
      .addAttachmentOption((o) => o.setName("image").setDescription("i"))
      .addIntegerOption((o) =>
        o.setName("n").setDescription("n").setMinValue(1).setMaxValue(4).addChoices({ name: "one", value: 1 }),
      ),
  )
  .addSubcommandGroup((group) =>
    group
      .setName("grp")
      .setDescription("x")
      .addSubcommand((sub) =>
        sub
          .setName("a")
          .setDescription("b")
          .addChannelOption((o) => o.setName("c").setDescription("d"))
          .addUserOption((o) => o.setName("u").setDescription("d"))
          .addBooleanOption((o) => o.setName("b").setDescription("d"))
          .addRoleOption((o) => o.setName("r").setDescription("d"))
          .addNumberOption((o) => o.setName("f").setDescription("d")),
      ),
  )
  .toJSON();
const embed = new EmbedBuilder()
  .setTitle("t")
  .setDescription("d")
  .setColor(255)
  .addFields({ name: "a", value: "b", inline: true })
  .setImage("attachment://a.png")
  .setFooter({ text: "f" })
  .setTimestamp();
const message = {
  content: "hi",
  tts: false,
  embeds: [embed.toJSON()],
  components: [
    new ActionRowBuilder<ButtonBuilder>()
      .addComponents(
        new ButtonBuilder().setCustomId("x").setLabel("L").setEmoji("👍").setStyle(ButtonStyle.Primary),
        new ButtonBuilder().setURL("https://example.com").setLabel("L").setStyle(ButtonStyle.Link),
      )
      .toJSON(),
    new ActionRowBuilder<StringSelectMenuBuilder>()
      .addComponents(new StringSelectMenuBuilder().setCustomId("s").addOptions({ label: "a", value: "b" }))
      .toJSON(),
  ],
  allowed_mentions: { parse: [] },
};
const modal = new ModalBuilder()
  .setCustomId("m")
  .setTitle("T")
  .addComponents(
    new ActionRowBuilder<TextInputBuilder>().addComponents(
      new TextInputBuilder().setCustomId("t").setLabel("L").setStyle(TextInputStyle.Paragraph).setMaxLength(4000),
    ),
  )
  .toJSON();
const choices25 = (prefix: string, chars: number) =>
  times(25, (index) => ({ name: "n".repeat(chars) + index, value: prefix + index }));

type Case = readonly [name: string, method: string, path: string, body: unknown, type?: string];

const ACCEPTED: readonly Case[] = [
  ["all global commands", "PUT", COMMANDS, [command]],
  ["all commands of a guild", "PUT", GUILD_COMMANDS, [command]],
  ["a command of the message menu", "PUT", COMMANDS, [{ name: "Do It", type: 3 }]],
  ["a message", "POST", MESSAGES, message],
  ["a nonce of 25 characters", "POST", MESSAGES, { content: "x", nonce: "n".repeat(25), enforce_nonce: true }],
  ["attachments", "POST", MESSAGES, { ...message, attachments: [{ id: "0", description: "d", filename: "a.png" }] }],
  ["a reply with buttons", "POST", CALLBACK, { type: 4, data: { ...message, flags: 64 } }],
  ["a deferred ephemeral reply", "POST", CALLBACK, { type: 5, data: { flags: 64 } }],
  ["a deferred update", "POST", CALLBACK, { type: 6 }],
  ["an update", "POST", CALLBACK, { type: 7, data: { content: "x", components: [] } }],
  ["autocomplete answers", "POST", CALLBACK, { type: 8, data: { choices: [{ name: "a", value: "b" }] } }],
  ["a modal", "POST", CALLBACK, { type: 9, data: modal }],
  [
    "an edit of the reply",
    "PATCH",
    ORIGINAL,
    { ...message, attachments: [{ id: "0", filename: "a.png", description: "d" }] },
  ],
  [
    "an edit in several parts",
    "PATCH",
    ORIGINAL,
    { content: "x", attachments: [{ id: "0", filename: "a.png" }] },
    "multipart/form-data",
  ],
  ["a follow-up", "POST", "/webhooks/1/tok", message],
  ["an edit by message id", "PATCH", `${MESSAGES}/5`, { content: "x", components: [] }],
  ["a gallery with Components V2", "POST", MESSAGES, { flags: V2, components: [gallery(4), row(button())] }],
];

const REFUSED: readonly Case[] = [
  ["a command without name", "PUT", COMMANDS, [{ description: "x" }]],
  ["a description of 101 characters", "PUT", COMMANDS, [{ ...command, description: "x".repeat(101) }]],
  ["an option name of 33 characters", "PUT", COMMANDS, [chat({ options: [string({ name: "x".repeat(33) })] })]],
  ["26 options", "PUT", COMMANDS, [chat({ options: times(26, (i) => string({ name: `o${i}` })) })]],
  [
    "26 choices",
    "PUT",
    COMMANDS,
    [chat({ options: [string({ choices: times(26, (i) => ({ name: `c${i}`, value: `v${i}` })) })] })],
  ],
  ["an unknown option type", "PUT", COMMANDS, [chat({ options: [string({ type: 99 })] })]],
  ["a misspelt key", "PUT", COMMANDS, [{ ...command, desciption: "x" }]],
  ["an option name in upper case", "PUT", COMMANDS, [chat({ options: [string({ name: "Prompt" })] })]],
  ["a command name in upper case", "PUT", COMMANDS, [chat({ name: "Bench" })]],
  ["a chat command without description", "PUT", COMMANDS, [{ name: "bench" }]],
  [
    "a required option after an optional one",
    "PUT",
    COMMANDS,
    [chat({ options: [string({ name: "a" }), string({ name: "b", required: true })] })],
  ],
  ["101 chat commands", "PUT", COMMANDS, times(101, (i) => chat({ name: `c${i}` }))],
  [
    "8000 characters in one command",
    "PUT",
    COMMANDS,
    [chat({ options: times(5, (i) => string({ name: `o${i}`, choices: choices25("v", 90) })) })],
  ],
  ["a label of 101 characters", "POST", MESSAGES, { components: [row(button({ label: "x".repeat(101) }))] }],
  ["a label of 81 characters", "POST", MESSAGES, { components: [row(button({ label: "x".repeat(81) }))] }],
  ["6 buttons in a row", "POST", MESSAGES, { components: [row(...times(6, (i) => button({ custom_id: `b${i}` })))] }],
  [
    "6 buttons in a row of a reply",
    "POST",
    CALLBACK,
    { type: 4, data: { components: [row(...times(6, (i) => button({ custom_id: `b${i}` })))] } },
  ],
  [
    "a custom_id of 101 characters",
    "POST",
    CALLBACK,
    { type: 4, data: { components: [row(button({ custom_id: "x".repeat(101) }))] } },
  ],
  ["6 action rows", "POST", MESSAGES, { components: times(6, (i) => row(button({ custom_id: `r${i}` }))) }],
  ["content of 2001 characters", "POST", MESSAGES, { content: "x".repeat(2001) }],
  ["content of 4001 characters", "POST", MESSAGES, { content: "x".repeat(4001) }],
  ["11 embeds", "POST", MESSAGES, { embeds: times(11, () => ({ title: "x" })) }],
  ["an embed description of 4097", "POST", MESSAGES, { embeds: [{ description: "x".repeat(4097) }] }],
  ["26 embed fields", "POST", MESSAGES, { embeds: [{ fields: times(26, () => ({ name: "a", value: "b" })) }] }],
  [
    "embeds over 6000 characters together",
    "POST",
    MESSAGES,
    { embeds: times(2, () => ({ description: "x".repeat(4000) })) },
  ],
  ["11 attachments", "POST", MESSAGES, { attachments: times(11, (i) => ({ id: String(i), filename: "a" })) }],
  ["a modal title of 46 characters", "POST", CALLBACK, { type: 9, data: { ...modal, title: "x".repeat(46) } }],
  [
    "26 autocomplete answers",
    "POST",
    CALLBACK,
    { type: 8, data: { choices: times(26, (i) => ({ name: "a", value: `b${i}` })) } },
  ],
  [
    "26 select options",
    "POST",
    MESSAGES,
    {
      components: [row({ type: 3, custom_id: "s", options: times(26, (i) => ({ label: "a", value: `b${i}` })) })],
    },
  ],
  ["an unknown callback type", "POST", CALLBACK, { type: 99 }],
  ["a deferred reply with the Components V2 flag", "POST", CALLBACK, { type: 5, data: { flags: V2 } }],
  ["a custom_id twice", "POST", MESSAGES, { components: [row(button(), button())] }],
  ["a button without a target", "POST", MESSAGES, { components: [row({ type: 2, style: 1, label: "x" })] }],
  [
    "a link button with custom_id",
    "POST",
    MESSAGES,
    { components: [row({ type: 2, style: 5, label: "x", url: "https://example.com", custom_id: "a" })] },
  ],
  ["an empty message", "POST", MESSAGES, {}],
  ["a nonce of 26 characters", "POST", MESSAGES, { content: "x", nonce: "n".repeat(26), enforce_nonce: true }],
  ["content beside Components V2", "POST", MESSAGES, { flags: V2, content: "x", components: [gallery(1)] }],
  ["a gallery without the V2 flag", "POST", MESSAGES, { components: [gallery(1)] }],
  ["a gallery of 11", "POST", MESSAGES, { flags: V2, components: [gallery(11)] }],
  ["41 components", "POST", MESSAGES, { flags: V2, components: times(41, () => ({ type: 14 })) }],
  ["an endpoint that does not exist", "POST", "/channels/1/mesages", {}],
];

const referees = await discordReferees();

describe("Discord's description as a referee", () => {
  if (!referees) {
    it("judges requests and answers", (context) => context.skip(DISCORD_SPEC_NEEDED));
    return;
  }
  it.for(ACCEPTED)("accepts %s", ([_name, method, path, body, type]) => {
    expect(explain(referees.requests.request(method, path, body, type))).toBe("");
  });
  it.for(REFUSED)("refuses %s", ([_name, method, path, body, type]) => {
    expect(referees.requests.request(method, path, body, type)).toBeDefined();
  });

  it("judges answers, and allows keys there that are not described", () => {
    const path = "/gateway/bot";
    const limits = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
    const answer = { url: "wss://gateway.example", shards: 1, session_start_limit: limits, beside: true };
    expect(referees.responses.response("GET", path, 200, answer)).toBeUndefined();
    expect(referees.responses.response("GET", path, 200, { ...answer, url: 1 })).toBeDefined();
    expect(referees.responses.response("GET", path, 299, answer)).toBeDefined();
  });
  it("names the misspelt key", () => {
    expect(explain(referees.requests.request("POST", MESSAGES, { contents: "x" }))).toContain("contents");
  });
  it("names the operation of a path, the literal one first", () => {
    expect(referees.requests.operationOf("PATCH", ORIGINAL)).toBe("update_original_webhook_message");
    expect(referees.requests.operationOf("PATCH", "/webhooks/1/tok/messages/5")).toBe("update_webhook_message");
  });
});

describe("rules that Discord documents in prose", () => {
  it.each([
    ["content of 2001 characters", "create_message", { content: "x".repeat(2001) }],
    ["an empty message", "create_message", {}],
    ["a command name in upper case", "bulk_set_application_commands", [chat({ name: "Bench" })]],
    ["flags of a deferred reply", "create_interaction_response", { type: 5, data: { flags: V2 } }],
  ])("need no description: %s", (_name, operation, body) => {
    expect(documentedRules(operation, body)).toHaveLength(1);
  });
  it("leave a good message alone", () => {
    expect(documentedRules("create_message", { content: "x" })).toBeUndefined();
  });
});
